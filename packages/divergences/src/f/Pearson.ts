import type { FDivergence } from "./Model.ts"

// instances

/**
 * Pearson's χ² divergence Σ (p − q)²/q: the variance under q of the ratio p/q.
 *
 *     f(t) = (t − 1)²,   f′(t) = 2 (t − 1),   f*(s) = s + s²/4 for s ≥ −2, else −1
 *
 * **Source** Pearson (1900); Csiszár (1967).
 *
 * @category instances
 * @since 0.1.0
 */
export const pearson: FDivergence = {
  name: "Pearson χ²",
  generator: (R) => (t) => R.mul(R.sub(t, R.one), R.sub(t, R.one)),
  derivative: (t) => 2 * (t - 1),
  atZero: 1,
  slopeAtInfinity: Infinity,
  conjugate: (s) => (s < -2 ? -1 : s * (1 + s / 4)),
  conjugateDerivative: (s) => Math.max(0, 1 + s / 2),
  strictlyConvex: true,
  // The larger of the two is taken out of the square, so that no ratio overflows before the result does.
  term: (lnP, lnQ) =>
    lnP > lnQ
      ? Math.exp(2 * lnP - lnQ) * Math.expm1(lnQ - lnP) ** 2
      : Math.exp(lnQ) * Math.expm1(lnP - lnQ) ** 2,
}
