import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import { Extract, Laws } from "@rapo/verifier"
import * as arb from "./arbitraries.ts"

const found = (response: string, order?: ReadonlyArray<Extract.Source>): string => {
  const result = Extract.extract(response, order)
  return E.isRight(result) ? `${result.right.source}: ${result.right.text}` : result.left._tag
}

test.each([
  ["\\boxed{5}", "boxed: 5"],
  ["\\boxed{1} and \\boxed{2}", "boxed: 2"],
  ["\\fbox { 7 }", "boxed: 7"],
  ["\\boxed{\\frac{1}{2}} apples {x}", "boxed: \\frac{1}{2}"],
  ["\\boxed{\\boxed{3}}", "boxed: 3"],
  ["\\boxed{\\{1\\}}", "boxed: \\{1\\}"],
  ["\\boxed{1} \\boxed{2", "UnclosedBox"],
  ["so 2+2=4\n#### 72", "hashes: 72"],
  ["#### 1\nno: #### 2\nbye", "hashes: 2"],
  ["The answer is 5.", "phrase: 5"],
  ["The answer is 0.5. Check: 0.5+0.5=1.", "phrase: 0.5"],
  ["**Final Answer:** **42**", "phrase: 42"],
  ["Answer = 3/4", "phrase: 3/4"],
  ["the answer is:\n\n  $7$", "phrase: $7$"],
  ["An answer is 3; the answer is 4", "phrase: 4"],
  ["hence $x$, that is $7$.", "math: 7"],
  ["hence \\( 7 \\)", "math: 7"],
  ["hence \\[ 8. \\] or so", "math: 8"],
  ["first $1$ then $$ 9 $$", "math: 9"],
  ["10-5", "bare: 10-5"],
  [" \\frac{1}{2} ", "bare: \\frac{1}{2}"],
  ["(3)/(4)", "bare: (3)/(4)"],
  ["that makes 3*4 = 12 apples", "number: 12"],
  ["一共有**858颗**糖果", "number: 858"],
  ["it is 10-5", "NothingFound"],
  ["half, or \\frac{1}{2}", "NothingFound"],
  ["2x+3y", "NothingFound"],
  ["type AB4", "NothingFound"],
  ["x^2", "NothingFound"],
  ["some 1 000", "NothingFound"],
  ["some 1000,99", "NothingFound"],
  ["twice 2\\cdot 3/4", "NothingFound"],
  ["or 1e-3", "NothingFound"],
  ["about 25%", "NothingFound"],
  ["$", "NothingFound"],
  ["it is -5", "number: -5"],
  ["1,234 in 5 days, 6 hours and 7/8", "number: 7/8"],
  ["about .25, no more", "number: .25"],
  ["12,34 then", "NothingFound"],
  ["", "NothingFound"],
  ["no idea", "NothingFound"],
  ["The answer is ", "NothingFound"],
])("%j says %s", (response, expected) => {
  expect(found(response)).toBe(expected)
})

test("the order is data", () => {
  const response = "The answer is 1. \\boxed{2} $3$ #### 4 and 5"
  expect((["boxed", "phrase", "math", "hashes", "number"] as const).map((s) => found(response, [s]))).toEqual(
    ["boxed: 2", "phrase: 1", "math: 3", "hashes: 4 and 5", "number: 5"],
  )
  expect(found(response, [])).toBe("NothingFound")
})

test("the span is where the text is", () =>
  fc.assert(fc.property(arb.anyText, Laws.spanIsWhereTheTextIs), { numRuns: 1000 }))

test("the last box decides, whatever stands around it", () =>
  fc.assert(fc.property(arb.unboxed, arb.balanced, arb.unboxed, Laws.lastBoxDecides)))
