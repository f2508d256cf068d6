/**
 * Whether a canonical form is zero.
 *
 *     zero      certain: the form cancels, or it is nearer to 0 than its separation bound allows
 *     nonzero   certain: linearly independent terms, or an interval without 0
 *     digits    a constant of no known kind that is 0 to `digits` decimal digits
 *     unknown   variables under functions, or out of fuel
 */
import * as Rational from "../Rational.ts"
import * as Atoms from "./Atoms.ts"
import * as Enclose from "./Enclose.ts"
import { type Fuel, isEmpty } from "./Fuel.ts"
import type { Polynomial } from "./Polynomial.ts"
import * as P from "./Polynomial.ts"
import * as Rectangle from "./Rectangle.ts"
import * as Separation from "./Separation.ts"

// model

/** @category models */
export type Decision = "cancels" | "independent" | "separated" | "apart" | "digits" | "unknown"

/**
 * To how many decimal digits constants of no known kind have to agree. Ours: answers are not built to agree to 200 digits.
 *
 * @category models
 * @since 0.1.0
 */
export const digits = 200

// combinators

/**
 * The decision, cheapest way first.
 *
 * @category combinators
 * @since 0.1.0
 */
export const decide = (p: Polynomial, fuel: Fuel): Decision => {
  if (P.isZero(p)) return "cancels"
  const whole = cleared(p, fuel)
  if (whole !== undefined) {
    if (P.isZero(whole)) return "cancels"
    if (isIndependent(whole)) return "independent"
  }
  return P.isClosed(p) ? decideConstant(p, whole, fuel) : "unknown"
}

/**
 * A nonzero multiple of the form without sums to negative powers: its numerator over the common denominator.
 *
 * @category combinators
 * @since 0.1.0
 */
export const cleared = (p: Polynomial, fuel: Fuel): Polynomial | undefined => {
  let result = p
  for (let round = 0; round < 8; round++) {
    const lowest = new Map<string, { readonly atom: P.Atom; readonly power: bigint }>()
    for (const { factors } of result.values())
      for (const { atom, exponent } of factors) {
        const power = P.floor(exponent)
        if (atom.kind._tag === "Sum" && power < (lowest.get(atom.key)?.power ?? 0n))
          lowest.set(atom.key, { atom, power })
      }
    if (lowest.size === 0) return result
    for (const { atom, power } of lowest.values()) {
      const next = P.multiply(result, P.fromAtom(atom, Rational.fromInteger(-power)), fuel)
      if (next === undefined) return undefined
      result = next
    }
  }
  return undefined
}

// refinements

/**
 * Whether terms that look different are linearly independent over ℚ: roots of primes times i and monomials of variables and π
 * (or e, but not both: nobody knows whether they are algebraically independent); or such with one logarithm of a prime in
 * each term (Baker 1966).
 *
 * @category refinements
 * @since 0.1.0
 */
export const isIndependent = (p: Polynomial): boolean => {
  const transcendental = new Set<string>()
  for (const { factors } of p.values()) {
    let logarithms = 0
    for (const { atom, exponent } of factors) {
      switch (atom.kind._tag) {
        case "Variable":
        case "Imaginary":
          break
        case "Prime":
          if (P.floor(exponent) !== 0n) return false
          break
        case "Pi":
        case "Euler":
          transcendental.add(atom.kind._tag)
          break
        case "Logarithm":
          transcendental.add("Logarithm")
          if (++logarithms > 1 || !Rational.Eq.equals(exponent, Rational.one)) return false
          break
        case "Sum":
        case "Power":
        case "Value":
          return false
      }
    }
  }
  return transcendental.size <= 1
}

// numerics

/** Precisions of the intervals; the last shows `digits` digits. */
const ladder = [64, 128, 256, 768]

/** The longest separation bound that is worth its evaluation, in bits. */
const longestBound = 12_000

const decideConstant = (p: Polynomial, whole: Polynomial | undefined, fuel: Fuel): Decision => {
  const expression = Atoms.toExpression(p)
  let small = false
  for (const precision of ladder) {
    const value = Enclose.enclose(expression, precision, fuel)
    if (value === undefined) continue
    if (!Rectangle.containsZero(value)) return "apart"
    small = precision === ladder.at(-1) && Rectangle.magnitude(value) < -Math.ceil(digits * Math.log2(10))
  }
  // The multiple is zero exactly where the form is, and its bound is better: no root stands in a denominator.
  const multiple = whole ?? p
  const bound = Separation.bound(multiple)
  if (bound !== undefined && bound <= longestBound) {
    const value = Enclose.enclose(Atoms.toExpression(multiple), bound + 256, fuel)
    if (value !== undefined && !Rectangle.containsZero(value)) return "apart"
    if (value !== undefined && Rectangle.magnitude(value) < -bound) return "separated"
  }
  return small && !isEmpty(fuel) ? "digits" : "unknown"
}
