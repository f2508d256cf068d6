/**
 * Exact rational numbers, in lowest terms.
 *
 *     a/b with a in Z, b in N, b >= 1, gcd(a, b) = 1
 *
 * so that two rationals are equal exactly when their numerators and their denominators are.
 *
 * Laws (`Laws.ts`)
 * 1. Every value is in normal form; `parse(show(a)) = a`.
 * 2. A field: the laws of fp-ts's `Field`, exactly, for `b ≠ 0`.
 * 3. A total order that addition, and multiplication by a positive number, keep.
 * 4. `power(a, m + n) = power(a, m) · power(a, n)` for `a ≠ 0`.
 *
 * Integers are unbounded, so the cost of an operation grows with its operands: `size` measures them, and `Expression`
 * holds a calculation inside a budget of them.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import type { Eq as Eq_ } from "fp-ts/lib/Eq.js"
import type { Field as Field_ } from "fp-ts/lib/Field.js"
import { none, type Option, some } from "fp-ts/lib/Option.js"
import { fromCompare, type Ord as Ord_ } from "fp-ts/lib/Ord.js"

// model

declare const lowestTerms: unique symbol

/**
 * A fraction in lowest terms with a positive denominator; made by this module's functions only.
 *
 * @category models
 * @since 0.1.0
 */
export interface Rational {
  readonly _tag: "Rational"
  readonly numerator: bigint
  /** At least 1. */
  readonly denominator: bigint
  readonly [lowestTerms]: true
}

/**
 * There is no number `a / 0`.
 *
 * @category models
 * @since 0.1.0
 */
export interface DivisionByZero {
  readonly _tag: "DivisionByZero"
}

/**
 * An exponent that is not an integer in `[-bound, bound]`.
 *
 * @category models
 * @since 0.1.0
 */
export interface ExponentOutOfRange {
  readonly _tag: "ExponentOutOfRange"
  readonly exponent: string
  readonly bound: number
}

/**
 * A text that does not spell a rational number.
 *
 * @category models
 * @since 0.1.0
 */
export interface NotARational {
  readonly _tag: "NotARational"
  readonly text: string
}

/**
 * The largest exponent of `power`, in absolute value. Ours: far above what arithmetic answers need, far below where a
 * power of a short number takes noticeable time.
 *
 * @category models
 * @since 0.1.0
 */
export const maxExponent = 1024

/**
 * The longest text that `parse` reads. Ours: keeps its time bounded; longer numbers are no answers.
 *
 * @category models
 * @since 0.1.0
 */
export const maxTextLength = 4096

// constructors

/**
 * The integer `n`.
 *
 * **Domain**  a bigint, or a safe integer.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromInteger = (n: bigint | number): Rational => unsafe(BigInt(n), 1n)

/**
 * The fraction `numerator / denominator`, reduced.
 *
 * **Fails with** `DivisionByZero` when the denominator is 0.
 *
 * ```ts import.meta.vitest
 * import { Rational } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * Rational.fromFraction(6n, -4n) // => E.map(Rational.negate)(Rational.fromFraction(3n, 2n))
 * Rational.fromFraction(1n, 0n) // => E.left({ _tag: "DivisionByZero" })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromFraction = (numerator: bigint, denominator: bigint): Either<DivisionByZero, Rational> =>
  denominator === 0n ? E.left(divisionByZero) : E.right(reduced(numerator, denominator))

/**
 * The decimal `digits / 10^places`.
 *
 * **Domain**  places: a natural number.
 *
 * ```ts import.meta.vitest
 * import { Rational } from "@rapo/verifier"
 * Rational.show(Rational.fromDecimal(125n, 2)) // => "5/4"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromDecimal = (digits: bigint, places: number): Rational =>
  reduced(digits, 10n ** BigInt(places))

/**
 * The number that a text spells: an integer, a decimal, or a fraction of two integers; `Parse` reads all else.
 *
 * ```ts import.meta.vitest
 * import { Rational } from "@rapo/verifier"
 * Rational.parse("-0.75") // => Rational.parse("-3/4")
 * ```
 *
 * **Fails with** `NotARational`, and `DivisionByZero` for a denominator of 0.
 *
 * @category constructors
 * @since 0.1.0
 */
export const parse = (text: string): Either<NotARational | DivisionByZero, Rational> => {
  const match = text.length <= maxTextLength ? /^([+-]?)(\d+)(?:\.(\d+)|\/(\d+))?$/.exec(text.trim()) : null
  if (match === null) return E.left({ _tag: "NotARational", text })
  const [, sign, whole = "", decimals = "", denominator] = match
  const magnitude = BigInt(whole + decimals)
  const digits = sign === "-" ? -magnitude : magnitude
  return denominator === undefined
    ? E.right(fromDecimal(digits, decimals.length))
    : fromFraction(digits, BigInt(denominator))
}

/** @category constructors */
export const zero: Rational = fromInteger(0n)

/** @category constructors */
export const one: Rational = fromInteger(1n)

// refinements

/**
 * Whether a rational is an integer.
 *
 * @category refinements
 * @since 0.1.0
 */
export const isInteger = (a: Rational): boolean => a.denominator === 1n

// destructors

/**
 * The canonical text: `a` or `a/b`, in lowest terms.
 *
 * @category destructors
 * @since 0.1.0
 */
export const show = (a: Rational): string =>
  isInteger(a) ? `${a.numerator}` : `${a.numerator}/${a.denominator}`

/**
 * The decimal text of a number that has a finite one, that is, whose denominator divides a power of ten.
 *
 * ```ts import.meta.vitest
 * import { Rational } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * import * as O from "fp-ts/lib/Option.js"
 * E.map(Rational.showDecimal)(Rational.parse("-1/40")) // => E.right(O.some("-0.025"))
 * E.map(Rational.showDecimal)(Rational.parse("1/3")) // => E.right(O.none)
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const showDecimal = (a: Rational): Option<string> => {
  const [twos, withoutTwos] = divideOut(a.denominator, 2n)
  const [fives, rest] = divideOut(withoutTwos, 5n)
  if (rest !== 1n) return none
  const places = Math.max(twos, fives)
  const scaled = (a.numerator * 10n ** BigInt(places)) / a.denominator
  const digits = `${scaled < 0n ? -scaled : scaled}`.padStart(places + 1, "0")
  const whole = digits.slice(0, digits.length - places)
  const decimals = places === 0 ? "" : `.${digits.slice(-places)}`
  return some(`${scaled < 0n ? "-" : ""}${whole}${decimals}`)
}

/**
 * The nearest double, or ±Infinity beyond them; for display, never for a comparison.
 *
 * @category destructors
 * @since 0.1.0
 */
export const toNumber = (a: Rational): number => {
  const excess = Math.max(0, Math.min(bits(a.numerator), bits(a.denominator)) - 1000)
  const shift = BigInt(excess)
  return Number(a.numerator >> shift) / Number(a.denominator >> shift)
}

/**
 * The bits of the larger of numerator and denominator: what an operation on the number costs.
 *
 * @category destructors
 * @since 0.1.0
 */
export const size = (a: Rational): number => Math.max(bits(a.numerator), bits(a.denominator))

// combinators

/** @category combinators */
export const negate = (a: Rational): Rational => unsafe(-a.numerator, a.denominator)

/** @category combinators */
export const add = (a: Rational, b: Rational): Rational =>
  reduced(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)

/** @category combinators */
export const subtract = (a: Rational, b: Rational): Rational => add(a, negate(b))

/** @category combinators */
export const multiply = (a: Rational, b: Rational): Rational =>
  reduced(a.numerator * b.numerator, a.denominator * b.denominator)

/**
 * The quotient `a / b`.
 *
 * **Fails with** `DivisionByZero` when b = 0.
 *
 * @category combinators
 * @since 0.1.0
 */
export const divide = (a: Rational, b: Rational): Either<DivisionByZero, Rational> =>
  fromFraction(a.numerator * b.denominator, a.denominator * b.numerator)

/**
 * The power `a^n` for a small integer n; `a^0 = 1`, for a = 0 too.
 *
 * ```ts import.meta.vitest
 * import { Rational } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * E.map(Rational.show)(Rational.power(Rational.fromInteger(2), -3)) // => E.right("1/8")
 * ```
 *
 * **Fails with** `ExponentOutOfRange` unless n is an integer with |n| <= `maxExponent`, `DivisionByZero` for 0^n, n < 0.
 *
 * @category combinators
 * @since 0.1.0
 */
export const power = (a: Rational, n: number): Either<DivisionByZero | ExponentOutOfRange, Rational> => {
  if (!Number.isInteger(n) || Math.abs(n) > maxExponent)
    return E.left({ _tag: "ExponentOutOfRange", exponent: `${n}`, bound: maxExponent })
  const k = BigInt(Math.abs(n))
  return n >= 0
    ? E.right(unsafe(a.numerator ** k, a.denominator ** k))
    : fromFraction(a.denominator ** k, a.numerator ** k)
}

// instances

/** @category instances */
export const Eq: Eq_<Rational> = {
  equals: (a, b) => a.numerator === b.numerator && a.denominator === b.denominator,
}

/** @category instances */
export const Ord: Ord_<Rational> = fromCompare((a, b) => {
  const left = a.numerator * b.denominator
  const right = b.numerator * a.denominator
  return left < right ? -1 : left > right ? 1 : 0
})

/**
 * The field of the rationals. A `Field`'s `div` is total by its type and its laws speak of `b ≠ 0` only: here
 * `div(a, 0) = 0`, as in Lean's mathlib. Where b can be 0, use `divide`.
 *
 * @category instances
 * @since 0.1.0
 */
export const Field: Field_<Rational> = {
  zero,
  one,
  add,
  sub: subtract,
  mul: multiply,
  div: (a, b) => E.getOrElse(() => zero)(divide(a, b)),
  mod: () => zero,
  degree: () => 1,
}

// numerics

const divisionByZero: DivisionByZero = { _tag: "DivisionByZero" }

/** Brands a fraction that is known to be in lowest terms. */
function unsafe(numerator: bigint, denominator: bigint): Rational {
  return { _tag: "Rational", numerator, denominator } as Rational
}

/** Euclid's algorithm; the result is positive for a positive b. */
const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

const reduced = (numerator: bigint, denominator: bigint): Rational => {
  const [a, b] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator]
  const divisor = gcd(a, b)
  return unsafe(a / divisor, b / divisor)
}

/** The length of |n| in bits; beyond a double's exactness, up to the next multiple of 4. */
const bits = (n: bigint): number => {
  const magnitude = n < 0n ? -n : n
  return magnitude <= maxSafe
    ? Math.ceil(Math.log2(Number(magnitude) + 1))
    : magnitude.toString(16).length * 4
}

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER)

/** How often a prime divides n >= 1, and what is left of n. */
const divideOut = (n: bigint, prime: bigint): readonly [number, bigint] => {
  let [times, rest] = [0, n]
  for (; rest % prime === 0n; times++) rest /= prime
  return [times, rest]
}
