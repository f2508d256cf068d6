import * as fc from "fast-check"
import { expect, test } from "vitest"
import { Compare, Expression, Laws, Rational } from "@rapo/verifier"
import * as arb from "../arbitraries.ts"
import * as scalar from "../arbitraries/scalars.ts"

const anyScalar = fc.oneof(scalar.realConstant, scalar.elementaryConstant, scalar.formula)

const answer: fc.Arbitrary<Expression.Expression> = fc.oneof(
  anyScalar,
  fc.array(anyScalar, { maxLength: 4 }).map((items) => Expression.list(items)),
  fc.array(anyScalar, { maxLength: 4 }).map(Expression.set),
  fc.array(anyScalar, { minLength: 2, maxLength: 3 }).map((items) => Expression.tuple(items)),
  fc.tuple(anyScalar, anyScalar).map(([a, b]) => Expression.relation([a, b], ["="])),
  fc.tuple(anyScalar, anyScalar).map(([a, b]) => Expression.relation([a, b], ["<"])),
  fc.tuple(anyScalar, anyScalar).map(([a, b]) => Expression.plusMinus(a, b)),
  anyScalar.map(Expression.percent),
  anyScalar.map((e) => Expression.quantity(e, "cm")),
  fc.string({ maxLength: 8 }).map(Expression.text),
)

test("reflexive", () => fc.assert(fc.property(answer, Laws.comparesReflexively)))
test("symmetric", () => fc.assert(fc.property(answer, answer, Laws.comparesSymmetrically)))
test("symmetric on equal answers", () =>
  fc.assert(fc.property(scalar.rewritten(anyScalar), ([a, b]) => Laws.comparesSymmetrically(a, b))))
test("transitive", () =>
  fc.assert(
    fc.property(scalar.rewritten(scalar.realConstant), scalar.rewritten(scalar.realConstant), ([a, b], [c]) =>
      [Laws.comparesTransitively(a, b, c), Laws.comparesTransitively(b, a, b)].every(Boolean),
    ),
  ))
test("deterministic, and total", () => fc.assert(fc.property(answer, answer, Laws.comparesDeterministically)))

test("[V1] rationals are equal exactly when they are", () =>
  fc.assert(fc.property(arb.rational, arb.rational, Laws.comparesRationals), { numRuns: 1000 }))
test("small rationals, all of them", () => {
  const all = Array.from({ length: 13 * 6 }, (_, k) =>
    Rational.Field.div(Rational.fromInteger((k % 13) - 6), Rational.fromInteger(Math.floor(k / 13) + 1)),
  )
  expect(all.every((a) => all.every((b) => Laws.comparesRationals(a, b)))).toBe(true)
})

test("[V1] identities keep algebraic constants equal", () =>
  fc.assert(
    fc.property(scalar.rewritten(scalar.realConstant), ([a, b]) => Laws.rewritingKeepsEqual(a, b)),
    { numRuns: 300 },
  ))
test("identities keep elementary constants equal", () =>
  fc.assert(
    fc.property(scalar.rewritten(scalar.elementaryConstant), ([a, b]) => Laws.rewritingKeepsEqual(a, b)),
    { numRuns: 300 },
  ))
test("identities keep formulas equal", () =>
  fc.assert(
    fc.property(scalar.rewritten(scalar.formula), ([a, b]) => Laws.rewritingKeepsEqual(a, b)),
    {
      numRuns: 300,
    },
  ))
test("numbers that differ by as little as 10^-60 are told apart", () =>
  fc.assert(
    fc.property(
      fc.oneof(scalar.realConstant, scalar.elementaryConstant),
      scalar.perturbation,
      Laws.perturbationDiffers,
    ),
    { numRuns: 300 },
  ))
test("formulas that differ by a constant are told apart", () =>
  fc.assert(fc.property(scalar.formula, scalar.perturbation, Laws.perturbationDiffers)))

test("a decimal stands for what it rounds, and its neighbours do not", () =>
  fc.assert(
    fc.property(arb.rational, fc.integer({ min: 1, max: 9 }), (q, k) =>
      Laws.roundingIsExact(Expression.binary("/", scalar.int(q.numerator), scalar.int(q.denominator)), q, k),
    ),
  ))

test("canonical forms are idempotent", () => fc.assert(fc.property(anyScalar, Laws.canonicalIsIdempotent)))
test("canonical forms are a homomorphism", () =>
  fc.assert(fc.property(anyScalar, anyScalar, Laws.canonicalIsHomomorphic)))
test("enclosures of one number meet, at every precision and in canonical form", () =>
  fc.assert(
    fc.property(
      fc.oneof(scalar.realConstant, scalar.elementaryConstant),
      fc.integer({ min: 16, max: 200 }),
      fc.integer({ min: 64, max: 600 }),
      Laws.enclosuresMeet,
    ),
  ))
test("[V2] algebraic numbers keep their distance from 0", () =>
  fc.assert(fc.property(scalar.realConstant, Laws.separationHolds)))

test("lists and sets have no order", () =>
  fc.assert(
    fc.property(fc.array(scalar.realConstant, { maxLength: 5 }), fc.nat(), Laws.permutationKeepsEqual),
  ))
test("tuples have one", () =>
  fc.assert(fc.property(arb.rational, arb.rational, arb.rational, Laws.tupleOrderCounts)))
test("equations are equal up to a factor and the exchange of sides", () =>
  fc.assert(fc.property(scalar.formula, scalar.formula, arb.rational, Laws.equationsScale)))
test("[V3] adjacent intervals join where they share the point between", () =>
  fc.assert(fc.property(arb.rational, arb.rational, arb.rational, Laws.intervalsJoin)))

test("every comparison can be said", () => {
  expect(
    Compare.show(Compare.compare(scalar.int(1), Expression.binary("/", scalar.int(1), scalar.int(0)))),
  ).toBe("undecided by certified-interval: a side has no value")
})
