/**
 * Constructors of rational numbers: everything becomes a fraction in lowest terms here.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { type DivisionByZero, maxTextLength, type NotARational, type Rational } from "./model.ts"

/**
 * The integer `n`.
 *
 * **Domain**  a bigint, or a safe integer.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromInteger = (n: bigint | number): Rational => lowest(BigInt(n), 1n)

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

// numerics

const divisionByZero: DivisionByZero = { _tag: "DivisionByZero" }

/** Brands a fraction that is known to be in lowest terms.
 *
 * @internal
 */
export function lowest(numerator: bigint, denominator: bigint): Rational {
  return { _tag: "Rational", numerator, denominator } as Rational
}

/** Euclid's algorithm; the result is positive for a positive b.
 *
 * @internal
 */
export const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

/** @internal */
export const reduced = (numerator: bigint, denominator: bigint): Rational => {
  if (denominator === 1n) return lowest(numerator, 1n) // most numbers are integers
  const [a, b] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator]
  const divisor = gcd(a, b)
  return lowest(a / divisor, b / divisor)
}
