import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import { Laws, Rational } from "@rapo/verifier"
import * as arb from "./arbitraries.ts"

const exponent = fc.integer({ min: -8, max: 8 })

test("values are in lowest terms, also after arithmetic", () =>
  fc.assert(
    fc.property(
      arb.rational,
      arb.rational,
      (a, b) =>
        Laws.isNormal(a) &&
        [Rational.add, Rational.subtract, Rational.multiply, Rational.Field.div].every((f) =>
          Laws.isNormal(f(a, b)),
        ),
    ),
  ))

test("common factors cancel", () =>
  fc.assert(
    fc.property(
      arb.bigint,
      arb.bigint,
      arb.bigint.filter((k) => k !== 0n),
      Laws.commonFactorsCancel,
    ),
  ))

test("show parses back", () => fc.assert(fc.property(arb.rational, Laws.showParses)))
test("decimals parse back", () =>
  fc.assert(fc.property(fc.oneof(arb.rational, arb.literal), Laws.decimalParses)))
test("a field", () => fc.assert(fc.property(arb.rational, arb.rational, arb.rational, Laws.isField)))
test("an ordered field", () =>
  fc.assert(fc.property(arb.rational, arb.rational, arb.rational, Laws.isOrdered)))
test("exponents add", () => fc.assert(fc.property(arb.rational, exponent, exponent, Laws.exponentsAdd)))

test("a power with a negative exponent has a positive denominator", () =>
  fc.assert(
    fc.property(arb.rational, exponent, (a, n) => {
      const power = Rational.power(a, n)
      return E.isRight(power) ? Laws.isNormal(power.right) : power.left._tag === "DivisionByZero"
    }),
  ))

test("toNumber agrees with division of doubles, and reaches beyond their range", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1 }),
      (a, b) =>
        E.isRight(Rational.fromFraction(BigInt(a), BigInt(b))) &&
        E.toUnion(E.map(Rational.toNumber)(Rational.fromFraction(BigInt(a), BigInt(b)))) === a / b,
    ),
  )
  const huge = 10n ** 400n
  expect(E.map(Rational.toNumber)(Rational.fromFraction(3n * huge + 1n, 2n * huge))).toEqual(E.right(1.5))
  expect(Rational.toNumber(Rational.fromInteger(huge))).toBe(Number.POSITIVE_INFINITY)
})

test.each(["", "-", "1/", "/2", "1//2", "1.", "x", "1e3", "0x10", "1/2/3", " ", "١"])(
  "%j is no rational",
  (text) => {
    expect(Rational.parse(text)).toEqual(E.left({ _tag: "NotARational", text }))
  },
)

test("what has no value says why", () => {
  expect(Rational.parse("1/0")).toEqual(E.left({ _tag: "DivisionByZero" }))
  expect(Rational.divide(Rational.one, Rational.zero)).toEqual(E.left({ _tag: "DivisionByZero" }))
  expect(Rational.power(Rational.zero, -1)).toEqual(E.left({ _tag: "DivisionByZero" }))
  expect(Rational.power(Rational.one, 0.5)).toEqual(
    E.left({ _tag: "ExponentOutOfRange", exponent: "0.5", bound: Rational.maxExponent }),
  )
  expect(E.isLeft(Rational.power(Rational.one, Rational.maxExponent + 1))).toBe(true)
  expect(E.isLeft(Rational.parse("9".repeat(Rational.maxTextLength + 1)))).toBe(true)
})
