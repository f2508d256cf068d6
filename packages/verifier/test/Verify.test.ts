import * as fc from "fast-check"
import { expect, test } from "vitest"
import { Extract, Laws, Rational, Verdict, Verify } from "@rapo/verifier"
import * as arb from "./arbitraries.ts"

test("reflexive", () =>
  fc.assert(fc.property(arb.twoSpellings, ([a, b]) => Laws.isReflexive(a) && Laws.isReflexive(b))))

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
  ["nested braces", "\\boxed{" + "{".repeat(1e5) + "}".repeat(1e5) + "}", "TimedOut"],
  ["boxes in boxes", "\\boxed{".repeat(1e5) + "1" + "}".repeat(1e5), "Correct"],
  ["open boxes", "\\boxed{".repeat(1e5), "Unparseable"],
  ["parentheses", `\\boxed{${"(".repeat(1e5)}}`, "TimedOut"],
  ["a million digits", `\\boxed{${"9".repeat(1e6)}}`, "TimedOut"],
  ["a million digits in prose", "9".repeat(1e6), "TimedOut"],
  ["commas", "1,".repeat(1e5), "TimedOut"],
  ["groups", `so 1${",234".repeat(1e5)}5`, "Unparseable"],
  ["commas in prose", `so ${"1,".repeat(1e5)}`, "Unparseable"],
  ["commands", "\\frac".repeat(1e5), "Unparseable"],
  ["dollars", "$".repeat(1e5), "Unparseable"],
  ["openings", "\\(".repeat(1e5), "Unparseable"],
  ["answers", "answer is ".repeat(1e5), "Unparseable"],
  ["blanks", `answer${" ".repeat(1e5)}`.repeat(3), "Unparseable"],
  ["blank boxes", `\\boxed${" ".repeat(1e5)}`.repeat(3), "Unparseable"],
  ["towers", "\\boxed{9^9^9^9}", "Unparseable"],
  ["fractions", `\\boxed{${"\\frac1".repeat(1000)}}`, "Unparseable"],
])("%s end in time", (_, response, expected) => {
  const start = performance.now()
  const verdict = Verify.verify("1", response)
  expect(performance.now() - start).toBeLessThan(seconds * 1000)
  expect(verdict._tag).toBe(expected)
})

test("a verdict carries both answers and the rule", () => {
  const half = { text: "\\frac12", value: Rational.Field.div(Rational.one, Rational.fromInteger(2)) }
  expect(Verify.verify("\\frac12", "\\boxed{0.5}")).toEqual(
    Verdict.correct(half, { ...half, text: "0.5" }, "exact-value"),
  )
})

test("what cannot be read is never Wrong", () => {
  const unreadable = Verdict.unparseable({ _tag: "NothingFound", tried: Extract.defaultOrder })
  expect(Verify.verify("1", "no idea")).toEqual(unreadable)
  expect(Verify.verify("1", "\\boxed{x}")._tag).toBe("Unparseable")
  expect(Verify.verify("1", "\\boxed{1/0}")).toEqual(Verdict.unparseable({ _tag: "DivisionByZero" }))
  expect(Verdict.show(Verify.verify("pi", "\\boxed{3}"))).toBe(
    'Unparseable: the reference answer "pi" is not readable: expected a number at position 0, found "p"',
  )
})

test("a reference may be a solution that boxes its answer", () => {
  expect(Verify.verify("Twice 6 is \\boxed{12}.", "\\boxed{12}")._tag).toBe("Correct")
})

test("options narrow the search and the budget", () => {
  expect(Verify.verify("5", "The answer is 5.", { order: ["boxed"] })._tag).toBe("Unparseable")
  const limits = { maxLength: 3, maxDepth: 200, maxBits: 4096 }
  expect(Verify.verify("5", "\\boxed{5+0+0}", { limits })).toEqual(
    Verdict.timedOut({ _tag: "TooLong", length: 5, bound: 3 }),
  )
})
