/** The arithmetic below the comparison: integers, intervals, series, enclosures. */
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { Expression } from "@rapo/verifier"
import * as Elementary from "../../src/compare/Elementary.ts"
import * as Enclose from "../../src/compare/Enclose.ts"
import * as Fuel from "../../src/compare/Fuel.ts"
import * as Integers from "../../src/compare/Integers.ts"
import * as Interval from "../../src/compare/Interval.ts"
import * as arb from "../arbitraries.ts"

const natural = fc.bigInt({ min: 0n, max: 10n ** 60n })

test("bits is the length of the binary digits", () =>
  fc.assert(
    fc.property(
      natural,
      (n) =>
        Integers.bits(n) === (n === 0n ? 0 : n.toString(2).length) && Integers.bits(-n) === Integers.bits(n),
    ),
  ))

test("the root's floor: r^k <= n < (r + 1)^k", () =>
  fc.assert(
    fc.property(natural, fc.integer({ min: 1, max: 9 }), (n, k) => {
      const r = Integers.rootFloor(n, k)
      return r ** BigInt(k) <= n && n < (r + 1n) ** BigInt(k)
    }),
  ))

test("exact roots are found, and nothing else", () =>
  fc.assert(
    fc.property(fc.bigInt({ min: 2n, max: 10n ** 12n }), fc.integer({ min: 2, max: 5 }), (r, k) => {
      const power = r ** BigInt(k)
      return Integers.exactRoot(power, k) === r && Integers.exactRoot(power + 1n, k) === undefined
    }),
  ))

test("the factors multiply to the number and are prime", () =>
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 7n }), (n) => {
      const factors = Integers.factors(n) ?? []
      const isPrime = (p: bigint): boolean =>
        Integers.factors(p)?.length === 1 && Integers.factors(p)?.[0]?.[1] === 1
      return (
        factors.reduce((product, [p, k]) => product * p ** BigInt(k), 1n) === n &&
        factors.every(([p]) => isPrime(p))
      )
    }),
  ))

const p = 100

/** The enclosure of a double: exact, a dyadic fraction. */
const ofDouble = (x: number): Interval.Interval =>
  Interval.make(BigInt(Math.round(x * 2 ** 40)), BigInt(Math.round(x * 2 ** 40)), -40)

const middle = (a: Interval.Interval): number => {
  const excess = Math.max(0, Integers.bits(a.low + a.high) - 900)
  return (Number((a.low + a.high) >> BigInt(excess)) / 2) * 2 ** (a.exponent + excess)
}

/** The functions of JavaScript are good to some units in the last place: a few times 2^-52. */
const doublePrecision = 1e-14

const isNear = (a: Interval.Interval | undefined, x: number): boolean =>
  a !== undefined && Math.abs(middle(a) - x) <= doublePrecision * Math.max(1, Math.abs(x))

const argument = fc.integer({ min: -(2 ** 44), max: 2 ** 44 }).map((n) => n / 2 ** 40)

test("the series agree with the doubles' functions", () =>
  fc.assert(
    fc.property(argument, (x) => {
      const [c, s] = Elementary.cosSin(ofDouble(x), p) ?? [Interval.zero, Interval.zero]
      return (
        isNear(Elementary.exp(ofDouble(x), p), Math.exp(x)) &&
        isNear(c, Math.cos(x)) &&
        isNear(s, Math.sin(x)) &&
        isNear(Elementary.arctan(ofDouble(x), p), Math.atan(x)) &&
        (x <= 0 || isNear(Elementary.ln(ofDouble(x), p), Math.log(x)))
      )
    }),
    { numRuns: 500 },
  ))

test("π to fifty digits", () => {
  const digits = 314159265358979323846264338327950288419716939937510n
  const scaled = Interval.multiply(Elementary.pi(300), Interval.fromInteger(10n ** 50n), 300)
  expect(Interval.floors(scaled)).toEqual([digits, digits])
})

/** The identities that the enclosures of inverse functions have to contain. */
test("ln(exp x) contains x; cos² + sin² contains 1; tan(arctan x) contains x", () =>
  fc.assert(
    fc.property(argument, fc.integer({ min: 20, max: 400 }), (x, precision) => {
      const point = ofDouble(x)
      const power = Elementary.exp(point, precision)
      const logarithm = power && Elementary.ln(power, precision)
      const [c, s] = Elementary.cosSin(point, precision) ?? [Interval.zero, Interval.zero]
      const one = Interval.add(Interval.square(c, precision), Interval.square(s, precision), precision)
      const angle = Elementary.arctan(point, precision)
      const [cosine, sine] = (angle && Elementary.cosSin(angle, precision)) ?? [Interval.zero, Interval.zero]
      const tangent = Interval.divide(sine, cosine, precision)
      const contains = (a: Interval.Interval | undefined, b: Interval.Interval): boolean =>
        a !== undefined && Interval.containsZero(Interval.subtract(a, b, 2 * precision))
      return contains(logarithm, point) && contains(one, Interval.fromInteger(1n)) && contains(tangent, point)
    }),
  ))

/** Each of the 31 or fewer operations of such an expression loses a few bits, and nothing cancels. */
const lostBits = 40

test("enclosures of positive rationals contain the exact value, and are as narrow as their precision", () =>
  fc.assert(
    fc.property(arb.rational, arb.rational, fc.integer({ min: 50, max: 300 }), (a, b, precision) => {
      const e = Expression.binary(
        "*",
        Expression.number(a),
        Expression.binary("+", Expression.number(b), Expression.number(b)),
      )
      const enclosure = Enclose.enclose(e, precision, Fuel.make(1e9))?.re
      const twice = 2n * a.numerator * b.numerator
      const divisor = a.denominator * b.denominator
      if (enclosure === undefined) return false
      const exact = Interval.divide(Interval.fromInteger(twice), Interval.fromInteger(divisor), 4 * precision)
      const width = Interval.magnitude(Interval.make(0n, enclosure.high - enclosure.low, enclosure.exponent))
      return (
        exact !== undefined &&
        Interval.containsZero(Interval.subtract(enclosure, exact, 8 * precision)) &&
        (twice === 0n || width <= Interval.magnitude(enclosure) - precision + lostBits)
      )
    }),
  ))

test("an empty budget ends everything", () => {
  const e = Expression.apply("exp", Expression.apply("sqrt", Expression.constant("pi")))
  expect(Enclose.enclose(e, 100, Fuel.make(0))).toBe(undefined)
  expect(Enclose.enclose(e, 100, Fuel.make(1e6))).not.toBe(undefined)
})
