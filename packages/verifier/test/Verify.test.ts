import * as fc from "fast-check"
import { expect, test } from "vitest"
import { Extract, Laws, Rational, Verdict, Verify } from "@rapo/verifier"
import * as arb from "./arbitraries.ts"
import { answer } from "./arbitraries/answers.ts"

test("reflexive", () =>
  fc.assert(fc.property(arb.twoSpellings, ([a, b]) => Laws.isReflexive(a) && Laws.isReflexive(b))))

test("an answer of any kind verifies against itself", () =>
  fc.assert(fc.property(answer, Laws.answerVerifiesItself), { numRuns: 1000 }))

test("prose around a boxed answer changes nothing", () =>
  fc.assert(
    fc.property(arb.twoSpellings, arb.rational, arb.unboxed, arb.unboxed, ([a, b], c, before, after) =>
      [b, Rational.show(c)].every((answer) => Laws.proseChangesNothing(a, answer, before, after)),
    ),
    { numRuns: 1000 },
  ))

test("symmetric", () =>
  fc.assert(
    fc.property(
      fc.oneof(arb.twoSpellings, fc.tuple(arb.rational.map(Rational.show), arb.rational.map(Rational.show))),
      ([a, b]) => Laws.isSymmetric(a, b),
    ),
  ))

test("formatting noise changes nothing", () =>
  fc.assert(
    fc.property(arb.twoSpellings, ([a, b]) => Laws.spellingsAgree(a, b)),
    { numRuns: 1000 },
  ))

test("equal rationals are Correct, distinct ones Wrong", () =>
  fc.assert(fc.property(arb.rational, arb.rational, Laws.decidesEquality), { numRuns: 1000 }))

test("the nearest neighbours of a rational are Wrong", () =>
  fc.assert(
    fc.property(arb.rational, fc.bigInt({ min: 1n, max: 10n ** 30n }), (a, d) => {
      const near = Rational.add(a, Rational.Field.div(Rational.one, Rational.fromInteger(d)))
      return Laws.decidesEquality(a, near) && Laws.decidesEquality(near, a)
    }),
  ))

test("total on arbitrary strings", () =>
  fc.assert(fc.property(arb.anyText, arb.anyText, Laws.isTotal), { numRuns: 1000 }))

/** Generous for a busy machine; a quadratic algorithm would need minutes. */
const seconds = 5

test.each([
  ["nested braces", "\\boxed{" + "{".repeat(4e4) + "}".repeat(4e4) + "}", "TimedOut"],
  ["braces beyond reach", "\\boxed{" + "{".repeat(1e5) + "}".repeat(1e5) + "}", "Unparseable"],
  ["boxes in boxes", "\\boxed{".repeat(1e4) + "1" + "}".repeat(1e4), "Correct"],
  ["open boxes", "\\boxed{".repeat(1e5), "Unparseable"],
  ["empty boxes", "\\boxed{}".repeat(1e5), "Unparseable"],
  ["parentheses", `\\boxed{${"(".repeat(9e4)}}`, "TimedOut"],
  ["a million digits", `\\boxed{${"9".repeat(1e6)}}`, "TimedOut"],
  ["a million digits in prose", "9".repeat(1e6), "TimedOut"],
  ["groups", `so 1${",234".repeat(1e5)}5`, "Wrong"],
  ["commands", "\\frac".repeat(1e5), "Unparseable"],
  ["dollars", "$".repeat(1e5), "Unparseable"],
  ["openings", "\\(".repeat(1e5), "Unparseable"],
  ["answers", "answer is ".repeat(1e5), "Wrong"],
  ["blanks", `answer${" ".repeat(1e5)}`.repeat(3), "Unparseable"],
  ["blank boxes", `\\boxed${" ".repeat(1e5)}`.repeat(3), "Unparseable"],
  ["towers", "\\boxed{2^{2^{2^{100}}}}", "Wrong"],
  ["factorials", "\\boxed{10^{10^9}!}", "Wrong"],
  ["fractions", `\\boxed{${"\\frac1".repeat(1000)}}`, "TimedOut"],
])("%s end in time", (_, response, expected) => {
  const start = performance.now()
  const verdict = Verify.verify("1", response)
  expect(performance.now() - start).toBeLessThan(seconds * 1000)
  expect(verdict._tag).toBe(expected)
})

test("a verdict carries what both answers say, how they were mended and where they stand", () => {
  const verdict = Verify.verify("0.5", "So \\boxed{\\frac12}.")
  expect(verdict).toMatchObject({
    _tag: "Correct",
    rule: "exact-value",
    gold: { text: "0.5", repairs: [], spans: [{ start: 0, end: 3 }] },
    answer: { text: "\\frac12", repairs: [{ _tag: "ShortFraction" }], spans: [{ start: 10, end: 17 }] },
  })
  expect(verdict._tag === "Correct" ? Verdict.showAnswer(verdict.answer) : "").toBe("(1/2)")
})

test("what cannot be read is never Wrong", () => {
  const unreadable = Verdict.unparseable({ _tag: "NothingFound", tried: Extract.defaultOrder })
  expect(Verify.verify("1", "no idea")).toEqual(unreadable)
  expect(Verify.verify("1", "\\boxed{1 +}")._tag).toBe("Unparseable")
  expect(Verify.verify("1", "\\boxed{1/0}")).toEqual(
    Verdict.unparseable({ _tag: "NoValue", rule: "certified-interval" }, "1/0"),
  )
  expect(Verdict.show(Verify.verify("1 +", "\\boxed{3}"))).toBe(
    'Unparseable: the reference answer "1 +" is not readable: expected an operand at position 3, where the text ends',
  )
})

test("a reference that cannot be read has still its own text", () => {
  expect(Verify.verify("1 +", "\\boxed{1+}")).toMatchObject({ _tag: "Correct", rule: "same-text" })
})

test.each([
  ["Twice 6 is \\boxed{12}.", "\\boxed{12}"],
  ["2 * 6 = <<2*6=12>>12\n#### 12", "A: 12"],
  ["The answer is $12$.", "12"],
])("%j may be a reference", (gold, response) => {
  expect(Verify.verify(gold, response)._tag).toBe("Correct")
})

test.each([
  ["3.14", "\\boxed{3,14}", "Correct"],
  ["3, 14", "\\boxed{3,14}", "Correct"],
  ["1234", "\\boxed{1.234,0}", "Correct"],
  ["5", "\\boxed{a + b = 5}", "Correct"],
  ["a + b = 5", "\\boxed{a + b = 5}", "Correct"],
  ["x + y = 5", "\\boxed{5}", "Wrong"],
  ["4", "\\boxed{x^2 = 4}", "Wrong"],
  ["4", "\\boxed{2x = 4}", "Wrong"],
  ["5", "\\boxed{1 + 4 = 2 + 3 = 5}", "Correct"],
  ["17", "\\[\n\\begin{aligned} x &= 10 + 7 \\\\ &= 17 \\end{aligned}\n\\]", "Correct"],
  ["7", "\\boxed{P(3) = 7}", "Correct"],
  ["7", "\\boxed{AB^2 = 7}", "Correct"],
  ["5, -3", "So $x = 5$ or $x = -3$.", "Correct"],
  ["100", "So we have 50 + 50 = **100** dollars.", "Correct"],
  ["D", "The answer: D, it doesn't make sense for it to be A or B", "Correct"],
  ["\\text{Evelyn}", "The answer is Evelyn.", "Correct"],
  ["19", "The largest number of points in the domain of $f(x)$ is 19.", "Correct"],
  ["\\mathbb{R}", "\\boxed{\\text{all real numbers}}", "Correct"],
])("%j and %j: %s", (gold, response, expected) => {
  expect(Verify.verify(gold, response)._tag).toBe(expected)
})

test.each([
  ["832040", "\\boxed{F_{30}}", "Correct"],
  ["F_{30}", "\\boxed{832040}", "Correct"],
  ["832038", "\\boxed{\\log_2 P = F_{30} - 2}", "Correct"],
  ["832041", "\\boxed{F_{30}}", "Wrong"],
  ["F_{30}", "\\boxed{F_{31}}", "Wrong"],
  ["1", "\\boxed{F_1}", "Wrong"],
  ["7", "\\boxed{F_3 = 7}", "Correct"],
  ["2", "\\boxed{F_3 = 7}", "Wrong"],
  ["x", "\\boxed{F_{30}}", "Wrong"],
  ["5", "\\boxed{F_{100000}}", "Wrong"],
])("Fibonacci's numbers: %j and %j: %s", (gold, response, expected) => {
  expect(Verify.verify(gold, response)._tag).toBe(expected)
  expect(Verify.verify(gold, response, Verify.presets.exact)._tag === "Correct").toBe(false)
})

test("Fibonacci's numbers add up", () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 1000 }),
      (n) => Verify.verify("0", `\\boxed{F_{${n}} + F_{${n + 1}} - F_{${n + 2}}}`)._tag === "Correct",
    ),
  ))

test.each([
  ["12", "\\boxed{\\textbf{(C)}\\ 12}", "Correct"],
  ["\\text{(C)} 12", "\\boxed{12}", "Correct"],
  ["\\text{(C)} 12", "\\boxed{C}", "Correct"],
  ["C", "\\boxed{\\text{(C) } 12}", "Correct"],
  ["\\text{(C)} 12", "\\boxed{\\text{(B) } 12}", "Wrong"],
  ["13", "\\boxed{\\textbf{(C)}\\ 12}", "Wrong"],
  ["D", "\\boxed{\\textbf{(C)}\\ 12}", "Wrong"],
  ["\\varnothing", "There is no solution.", "Correct"],
  ["5", "There is no solution.", "Wrong"],
  ["x = 1, y = 2", "\\boxed{\\left\\{\\begin{array}{l} x = 1 \\\\ y = 2 \\end{array}\\right.}", "Correct"],
])("%j and %j: %s", (gold, response, expected) => {
  expect(Verify.verify(gold, response)._tag).toBe(expected)
})

test("presets disagree where suites do", () => {
  const tag = (preset: Verify.Preset, gold: string, answer: string): string =>
    Verify.verifyAnswer(gold, answer, Verify.presets[preset])._tag
  expect(tag("mathematician", "1/2", "2/4")).toBe("Correct")
  expect(tag("prm800k", "1/2", "2/4")).toBe("Wrong")
  expect(tag("mathematician", "1, 2", "2, 1")).toBe("Correct")
  expect(tag("prm800k", "1, 2", "2, 1")).toBe("Wrong")
  expect(tag("mathematician", "1/3", "0.3333")).toBe("Correct")
  expect(tag("math-verify", "1/3", "0.3333")).toBe("Wrong")
  expect(tag("math-verify", "1/3", "0.333333")).toBe("Correct")
  expect(tag("exact", "1/3", "0.333333")).toBe("Wrong")
  expect(tag("mathematician", "1/2", "0.5")).toBe("Correct")
  expect(tag("strict-text", "1/2", "0.5")).toBe("Wrong")
})

test("options narrow the search and the budget", () => {
  expect(Verify.verify("5", "The answer is 5.", { order: ["boxed"] })._tag).toBe("Unparseable")
  const limits = { maxLength: 3, maxDepth: 200, maxBits: 4096 }
  expect(Verify.verify("5", "\\boxed{5+0+0}", { limits })).toEqual(
    Verdict.timedOut({ _tag: "TooLong", length: 5, bound: 3 }, "5+0+0"),
  )
})
