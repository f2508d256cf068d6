/**
 * What is read off a rational number: its texts, its nearest double, its size.
 */
import { none, type Option, some } from "fp-ts/lib/Option.js"
import type { Rational } from "./model.ts"

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

// numerics

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
