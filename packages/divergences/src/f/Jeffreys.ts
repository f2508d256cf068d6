import type { FDivergence } from "./Model.ts"

// instances

/**
 * Jeffreys' divergence KL(p ‖ q) + KL(q ‖ p) = Σ (p − q)(ln p − ln q).
 *
 *     f(t) = (t − 1) ln t,   f′(t) = ln t + 1 − 1/t,   f*(s) = t − 1 + ln t  where f′(t) = s
 *
 * The t of the conjugate is 1/ω(1 − s), with Wright's ω: ω + ln ω = x. Symmetric; infinite wherever either of the two KLs is.
 *
 * **Source** Jeffreys (1946), Proc. R. Soc. A 186; the conjugate is derived here from f′(t) = s.
 *
 * @category instances
 * @since 0.1.0
 */
export const jeffreys: FDivergence = {
  name: "Jeffreys",
  generator: (R) => (t) => R.mul(R.sub(t, R.one), R.log(t)),
  derivative: (t) => Math.log(t) + 1 - 1 / t,
  atZero: Infinity,
  slopeAtInfinity: Infinity,
  conjugate: (s) => {
    const l = logArgmax(s)
    return Math.expm1(l) + l
  },
  conjugateDerivative: (s) => Math.exp(logArgmax(s)),
  strictlyConvex: true,
  term: (lnP, lnQ) => -Math.exp(Math.max(lnP, lnQ)) * Math.expm1(-Math.abs(lnP - lnQ)) * Math.abs(lnP - lnQ),
}

// numerics

/** Newton's steps from where `logArgmax` starts: six reach the last digit at every s (tested), the rest is reserve. */
const mostSteps = 40

/**
 * The l = ln t that solves l + 1 − e^{−l} = s.
 *
 * The left side is concave and increasing, so that Newton's method climbs to the root from any start below it, and
 * −ln(1 − s), s/2 and s − 1 are below it.
 */
const logArgmax = (s: number): number => {
  let l = s < 0 ? -Math.log1p(-s) : Math.max(s / 2, s - 1)
  for (let step = 0; step < mostSteps; step++) {
    const next = l + (s - l + Math.expm1(-l)) / (1 + Math.exp(-l))
    if (!(next > l)) break
    l = next
  }
  return l
}
