/**
 * Deformed exponentials and logarithms that keep their digits near the limits where the plain formulas are 0/0.
 *
 *     expm1Over(a, x) = (e^{a x} − 1)/a → x,    log1pOver(a, s) = ln(1 + a s)/a → s      as a → 0
 *     excess(x)       = eˣ − 1 − x ≥ 0,         ½ x² near 0
 */
import { Real } from "@rapo/distributions"

// numerics

/**
 * (e^{a x} − 1)/a: increasing in x, and x itself at a = 0.
 *
 * **Domain** x in [−∞, ∞].
 */
export const expm1Over = (a: number, x: number): number => (a === 0 || x === 0 ? x : Math.expm1(a * x) / a)

/**
 * ln(1 + a s)/a: the inverse of `expm1Over(a, ·)`, and s itself at a = 0.
 *
 * **Domain** beyond the range of `expm1Over(a, ·)`, +∞ on its upper side (a < 0) and −∞ on its lower (a > 0).
 */
export const log1pOver = (a: number, s: number): number =>
  a === 0 || s === 0 ? s : a * s <= -1 ? (a < 0 ? Infinity : -Infinity) : Math.log1p(a * s) / a

/** Below this |a| the series of (e^{a x} − 1)/a has fewer rounding errors than the quotient. */
const seriesBelow = 1e-3
/** |a x| ≤ 0.75 for |a| ≤ 1e-3 and every x that has an exponential: the first term left out is below 0.75¹⁶/17! = 3e-17. */
const seriesTerms = 16

/** `expm1Over` over any `Real`. At |a| > 1e-3 the quotient loses no more than the 3 digits that it divides by. */
export const expm1OverIn =
  <A>(R: Real.Real<A>) =>
  (a: number, x: A): A => {
    if (Math.abs(a) > seriesBelow) return R.div(R.sub(R.exp(R.mul(R.of(a), x)), R.one), R.of(a))
    // x (1 + ax/2 (1 + ax/3 (…))), from the innermost bracket outwards
    let bracket = R.one
    for (let k = seriesTerms; k >= 2; k--) bracket = R.add(R.one, R.mul(R.mul(R.of(a / k), x), bracket))
    return R.mul(x, bracket)
  }

/** 1/k, for a division less in each term of `bracket`. */
const inverses = Array.from({ length: 19 }, (_, k) => 1 / k)

/** 2 (eˣ − 1 − x)/x² = 1 + x/3 (1 + x/4 (…)): the first term left out is below 2/19! for |x| ≤ 1, and 0.1⁹ · 2/11! for |x| ≤ 0.1. */
const bracket = (x: number): number => {
  let value = 1
  for (let k = Math.abs(x) <= 0.1 ? 10 : 18; k >= 3; k--) value = 1 + x * (inverses[k] ?? NaN) * value
  return value
}

/**
 * e^{l} (eˣ − 1 − x), to a few roundings at every size of x.
 *
 * Near x = 0 the plain formula would lose 2/x² in relative precision; for large x the product is formed in the exponent,
 * so that e^{l} may be 1e-300 and eˣ 1e+300.
 */
export const scaledExcess = (l: number, x: number): number =>
  Math.abs(x) > 1 ? Math.exp(l + x) - Math.exp(l) * (1 + x) : Math.exp(l) * 0.5 * x * x * bracket(x)

/**
 * p ln(p/q) − p + q ≥ 0 with its limits, from ln p and ln q: also where p underflows to 0 but its logarithm does not.
 *
 * Σ_i of it is KL(p ‖ q) for distributions, since Σ (q − p) = 0, and no term is negative.
 */
export const excessTerm = (lnP: number, lnQ: number): number =>
  lnP === -Infinity ? Math.exp(lnQ) : lnQ === -Infinity ? Infinity : scaledExcess(lnP, lnQ - lnP)
