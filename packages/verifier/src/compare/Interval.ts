/**
 * Real intervals with integer ends and a common binary exponent: what certifies that two numbers differ.
 *
 *     [low, high] · 2^exponent        contains the number meant, always
 *
 * Every operation rounds outwards to a working precision p: the larger end keeps about p bits. Unlike fixed point,
 * 1/2004! and 2^{4181} cost the same as 1.
 *
 * `undefined` where no interval is known: a division by an interval that contains 0, a root of one that contains negative
 * numbers.
 */
import type * as Rational from "../Rational.ts"
import * as Integers from "./Integers.ts"

// model

/** @category models */
export interface Interval {
  readonly low: bigint
  readonly high: bigint
  readonly exponent: number
}

// constructors

/** @category constructors */
export const make = (low: bigint, high: bigint, exponent: number): Interval => ({ low, high, exponent })

/** @category constructors */
export const fromInteger = (n: bigint): Interval => make(n, n, 0)

/** @category constructors */
export const zero: Interval = fromInteger(0n)

/** @category constructors */
export const fromRational = (q: Rational.Rational, p: number): Interval =>
  q.denominator === 1n
    ? round(fromInteger(q.numerator), p)
    : (divide(fromInteger(q.numerator), fromInteger(q.denominator), p) ?? zero)

// refinements

/** @category refinements */
export const containsZero = (a: Interval): boolean => a.low <= 0n && a.high >= 0n

/** @category refinements */
export const isExactZero = (a: Interval): boolean => a.low === 0n && a.high === 0n

/**
 * The sign of all numbers of the interval, if they share one.
 *
 * @category destructors
 * @since 0.1.0
 */
export const sign = (a: Interval): -1 | 0 | 1 | undefined =>
  a.low > 0n ? 1 : a.high < 0n ? -1 : isExactZero(a) ? 0 : undefined

/**
 * An upper bound for log₂ of the magnitudes, −∞ for exactly zero.
 *
 * @category destructors
 * @since 0.1.0
 */
export const magnitude = (a: Interval): number =>
  isExactZero(a)
    ? Number.NEGATIVE_INFINITY
    : Math.max(Integers.bits(a.low), Integers.bits(a.high)) + a.exponent

/** The floors of the two ends. */
export const floors = (a: Interval): readonly [bigint, bigint] => [
  shift(a.low, a.exponent),
  shift(a.high, a.exponent),
]

// combinators

/**
 * The interval with ends of about p bits, outwards.
 *
 * @category combinators
 * @since 0.1.0
 */
export const round = (a: Interval, p: number): Interval => {
  const excess = Math.max(Integers.bits(a.low), Integers.bits(a.high)) - p
  return excess <= 8 ? a : coarser(a, excess)
}

/** @category combinators */
export const negate = (a: Interval): Interval => make(-a.high, -a.low, a.exponent)

/** @category combinators */
export const add = (a: Interval, b: Interval, p: number): Interval => {
  if (isExactZero(a)) return b
  if (isExactZero(b)) return a
  const exponent = Math.max(
    Math.min(a.exponent, b.exponent),
    Math.max(magnitude(a), magnitude(b)) - 2 * p - 64,
  )
  const [x, y] = [at(a, exponent), at(b, exponent)]
  return round(make(x.low + y.low, x.high + y.high, exponent), p)
}

/** @category combinators */
export const subtract = (a: Interval, b: Interval, p: number): Interval => add(a, negate(b), p)

/** @category combinators */
export const multiply = (a: Interval, b: Interval, p: number): Interval => {
  const exponent = a.exponent + b.exponent
  if (a.low >= 0n && b.low >= 0n) return round(make(a.low * b.low, a.high * b.high, exponent), p)
  const products = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
  return round(make(least(products), greatest(products), exponent), p)
}

/** @category combinators */
export const square = (a: Interval, p: number): Interval => {
  const b = a.high < 0n ? negate(a) : a
  if (b.low >= 0n) return multiply(b, b, p)
  const [x, y] = [b.low * b.low, b.high * b.high]
  return round(make(0n, x > y ? x : y, 2 * b.exponent), p)
}

/** @category combinators */
export const divide = (a: Interval, b: Interval, p: number): Interval | undefined => {
  if (containsZero(b)) return undefined
  if (b.high < 0n) return divide(negate(a), negate(b), p)
  const places = Math.max(0, p + Integers.bits(b.high) - Integers.bits(a.high - a.low + abs(a.low)) + 2)
  const [low, high] = [a.low << BigInt(places), a.high << BigInt(places)]
  const quotient = make(
    floorDivide(low, low >= 0n ? b.high : b.low),
    -floorDivide(-high, high >= 0n ? b.low : b.high),
    a.exponent - b.exponent - places,
  )
  return round(quotient, p)
}

/**
 * The k-th root of an interval of nonnegative numbers. An interval that reaches below 0 is cut there: it encloses a number
 * that is nonnegative or is not in its domain, and only its upper end is certain.
 *
 * @category combinators
 * @since 0.1.0
 */
export const root = (a: Interval, k: number, p: number): Interval | undefined => {
  if (a.high < 0n) return undefined
  if (isExactZero(a)) return a
  // Enough bits for p of the root, and an exponent that k divides.
  const wanted = Math.max(0, k * (p + 2) - Integers.bits(a.high))
  const places = wanted + modulo(a.exponent - wanted, k)
  const low = a.low <= 0n ? 0n : Integers.rootFloor(a.low << BigInt(places), k)
  const high = Integers.rootFloor(a.high << BigInt(places), k) + 1n
  return round(make(low, high, (a.exponent - places) / k), p)
}

/**
 * The power with a natural exponent, by squaring.
 *
 * @category combinators
 * @since 0.1.0
 */
export const power = (a: Interval, n: number, p: number): Interval | undefined => {
  let result = fromInteger(1n)
  let base = a
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, base, p)
    if (rest > 1) base = square(base, p)
    if (Math.abs(base.exponent) > maxExponent || Math.abs(result.exponent) > maxExponent) return undefined
  }
  return result
}

/**
 * All numbers from the lower of two intervals to the upper: [a.low, b.high].
 *
 * @category combinators
 * @since 0.1.0
 */
export const hull = (a: Interval, b: Interval, p: number): Interval => {
  const exponent = Math.max(
    Math.min(a.exponent, b.exponent),
    Math.max(magnitude(a), magnitude(b)) - 2 * p - 64,
  )
  const [x, y] = [at(a, exponent), at(b, exponent)]
  return make(x.low < y.low ? x.low : y.low, x.high > y.high ? x.high : y.high, exponent)
}

// numerics

/** Exponents stay where doubles count exactly. */
const maxExponent = 2 ** 45

const abs = Integers.abs

const modulo = (a: number, k: number): number => ((a % k) + k) % k

const least = (items: ReadonlyArray<bigint>): bigint => items.reduce((x, y) => (y < x ? y : x))
const greatest = (items: ReadonlyArray<bigint>): bigint => items.reduce((x, y) => (y > x ? y : x))

const floorDivide = (a: bigint, b: bigint): bigint => {
  const quotient = a / b
  return a < 0n && quotient * b !== a ? quotient - 1n : quotient
}

/** ⌊n · 2^k⌋ */
const shift = (n: bigint, k: number): bigint => (k >= 0 ? n << BigInt(k) : n >> BigInt(-k))

/** The interval over 2^k times its unit, outwards. */
const coarser = (a: Interval, k: number): Interval =>
  make(a.low >> BigInt(k), -(-a.high >> BigInt(k)), a.exponent + k)

/** The interval with a given exponent. */
const at = (a: Interval, exponent: number): Interval => {
  if (a.exponent === exponent) return a
  if (a.exponent > exponent) {
    const places = BigInt(a.exponent - exponent)
    return make(a.low << places, a.high << places, exponent)
  }
  // Below the unit everything is between −1 and 1.
  const k = exponent - a.exponent
  const tiny = k > Math.max(Integers.bits(a.low), Integers.bits(a.high))
  return tiny ? make(a.low < 0n ? -1n : 0n, a.high > 0n ? 1n : 0n, exponent) : coarser(a, k)
}
