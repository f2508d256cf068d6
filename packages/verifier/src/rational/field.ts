/**
 * The ordered field of the rational numbers.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import type { Eq as Eq_ } from "fp-ts/lib/Eq.js"
import type { Field as Field_ } from "fp-ts/lib/Field.js"
import { fromCompare, type Ord as Ord_ } from "fp-ts/lib/Ord.js"
import { fromFraction, gcd, lowest, one, reduced, zero } from "./make.ts"
import { type DivisionByZero, type ExponentOutOfRange, maxExponent, type Rational } from "./model.ts"

// combinators

/** @category combinators */
export const negate = (a: Rational): Rational => lowest(-a.numerator, a.denominator)

/**
 * The sum, after Henrici: with g = gcd(b, d), a/b + c/d = t/(bd/g), t = a(d/g) + c(b/g), and t has factors in common with g only. A
 * long sum of fractions with small denominators so takes short divisors.
 *
 * @category combinators
 */
export const add = (a: Rational, b: Rational): Rational => {
  if (a.denominator === b.denominator) return reduced(a.numerator + b.numerator, a.denominator)
  const common = gcd(a.denominator, b.denominator)
  const [left, right] = [a.denominator / common, b.denominator / common]
  const sum = a.numerator * right + b.numerator * left
  const divisor = gcd(sum, common)
  return lowest(sum / divisor, left * (b.denominator / divisor))
}

/** @category combinators */
export const subtract = (a: Rational, b: Rational): Rational => add(a, negate(b))

/** @category combinators */
export const multiply = (a: Rational, b: Rational): Rational => {
  const [one, other] = [gcd(a.numerator, b.denominator), gcd(b.numerator, a.denominator)]
  return lowest((a.numerator / one) * (b.numerator / other), (a.denominator / other) * (b.denominator / one))
}

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
    ? E.right(lowest(a.numerator ** k, a.denominator ** k))
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
