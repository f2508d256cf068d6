import { pearson } from "./Pearson.ts"
import type { FDivergence } from "./Model.ts"

// instances

/**
 * Neyman's χ² divergence Σ (p − q)²/p: Pearson's with its arguments exchanged.
 *
 *     f(t) = (t − 1)²/t,   f′(t) = 1 − 1/t²,   f*(s) = 2 − 2 √(1 − s) for s ≤ 1
 *
 * **Source** Neyman (1949); the dual of `pearson`.
 *
 * @category instances
 * @since 0.1.0
 */
export const neyman: FDivergence = {
  name: "Neyman χ²",
  generator: (R) => (t) => R.div(R.mul(R.sub(t, R.one), R.sub(t, R.one)), t),
  derivative: (t) => (1 - 1 / t) * (1 + 1 / t),
  atZero: Infinity,
  slopeAtInfinity: 1,
  // 2 − 2 √(1 − s), without the cancellation at s = 0
  conjugate: (s) => (s > 1 ? Infinity : (2 * s) / (1 + Math.sqrt(1 - s))),
  conjugateDerivative: (s) => (s < 1 ? 1 / Math.sqrt(1 - s) : Infinity),
  strictlyConvex: true,
  term: (lnP, lnQ) => pearson.term?.(lnQ, lnP) ?? NaN,
}
