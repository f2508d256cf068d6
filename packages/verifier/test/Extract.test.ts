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
  // boxes
  ["\\boxed{5}", "boxed: 5"],
  ["\\boxed{1}. Or rather \\boxed{2}", "boxed: 2"],
  ["\\boxed{1} and \\boxed{2}", "boxed: 1, 2"],
  ["$x_1 = \\boxed{1}$, $x_2 = \\boxed{2}$", "boxed: 1, 2"],
  ["\\boxed{5}. Check: \\boxed{5}", "boxed: 5"],
  ["\\fbox { 7 }", "boxed: 7"],
  ["\\boxed{\\frac{1}{2}} apples {x}", "boxed: \\frac{1}{2}"],
  ["\\boxed{\\boxed{3}}", "boxed: 3"],
  ["\\boxed{\\{1\\}}", "boxed: \\{1\\}"],
  ["\\boxed{1} \\boxed{2", "UnclosedBox"],
  ["\\boxed{7}; write it as \\boxed{}", "boxed: 7"],
  ["\\boxed 7", "boxed: 7"],
  // announcements
  ["\\boxed{255} is the interest. The final answer is $10,455$.", "final: $10,455$"],
  ["The final answer is \\boxed{3}", "boxed: 3"],
  ["\\boxed{3} The final answer is in the box.", "boxed: 3"],
  ["<answer> 7 </answer> That was 8.", "tagged: 7"],
  ["so 2+2=4\n#### 72", "hashes: 72"],
  ["#### 1\nno: #### 2\nbye", "hashes: 2"],
  ["The answer is 5.", "phrase: 5"],
  ["The answer is 0.5. Check: 0.5+0.5=1.", "phrase: 0.5"],
  ["**Final Answer:** **42**", "phrase: 42"],
  ["Answer = 3/4", "phrase: 3/4"],
  ["the answer is:\n\n  $7$", "phrase: $7$"],
  ["the answer is:\n\n- 7", "phrase: 7"],
  ["the answer is -7", "phrase: -7"],
  ["An answer is 3; the answer is 4", "phrase: 4"],
  ["La réponse correcte est donc 4", "phrase: 4"],
  ["所以答案为5。", "phrase: 5"],
  ["The answer is B because 3 is prime", "phrase: B"],
  ["The answer is (C), not A", "phrase: C"],
  // formulas
  ["hence $x$, that much is $7$.", "line: $7$"],
  ["hence \\( 7 \\)", "line: \\( 7 \\)"],
  ["from \\( 7 \\) on", "math: 7"],
  ["first $1$ then $$ 9 $$", "math: 9"],
  ["it costs $5, not $7 or so", "number: $5"],
  // nothing but the answer
  ["10-5", "bare: 10-5"],
  [" \\frac{1}{2} ", "bare: \\frac{1}{2}"],
  ["2x+3y", "bare: 2x+3y"],
  ["**Evelyn**", "bare: Evelyn"],
  // choices
  ["B. Because it is even", "choice: B"],
  ["therefore I think it's B", "choice: B"],
  // the end
  ["it is 10-5", "line: 10-5"],
  ["that makes 3*4 = 12 apples", "line: 12 apples"],
  ["it is 5m²", "line: 5"],
  ["一共有**858颗**糖果", "number: 858"],
  ["他一共有5个苹果。", "number: 5个苹果"],
  ["about .25, no more", "number: .25"],
  ["some 1 000 of them and then many more", "number: 1 000"],
  ["type AB4", "NothingFound"],
  ["", "NothingFound"],
  ["no idea", "NothingFound"],
  ["I do not know", "NothingFound"],
  ["The answer is ", "NothingFound"],
  // what is addressed to the reader
  ["<think>\\boxed{6}</think> \\boxed{5}", "boxed: 5"],
  ["It is \\boxed{5}<|im_end|> <|im_start|>user \\boxed{6}", "boxed: 5"],
])("%j says %s", (response, expected) => {
  expect(found(response)).toBe(expected)
})

test("the order is data", () => {
  const response = "The answer is 1. \\boxed{2} $3$ #### 4 and 5"
  expect((["boxed", "phrase", "math", "hashes", "number"] as const).map((s) => found(response, [s]))).toEqual(
    ["boxed: 2", "phrase: 1", "math: 3", "hashes: 4 and 5", "number: 5"],
  )
  expect(found("Evelyn Smith", ["whole"])).toBe("whole: Evelyn Smith")
  expect(found(response, [])).toBe("NothingFound")
})

test("the span is where the text is", () =>
  fc.assert(fc.property(arb.anyText, Laws.spanIsWhereTheTextIs), { numRuns: 1000 }))

test("the last box decides, whatever stands around it", () =>
  fc.assert(fc.property(arb.unboxed, arb.balanced, arb.unboxed, Laws.lastBoxDecides)))
