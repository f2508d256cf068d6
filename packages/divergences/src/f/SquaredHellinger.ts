import type { FDivergence } from "./Model.ts"

// instances

/**
 * The squared Hellinger distance H² = ½ Σ (√p − √q)² = 1 − Σ √(p q), in [0, 1].
 *
 *     f(t) = ½ (√t − 1)²,   f′(t) = ½ (1 − 1/√t),   f*(s) = s/(1 − 2s) for s < ½
 *
 * Symmetric. With the factor ½, which some authors leave out, the largest value is 1.
 *
 * **Source** Hellinger (1909); Le Cam, Asymptotic Methods in Statistical Decision Theory (1986).
 *
 * @category instances
 * @since 0.1.0
 */
export const squaredHellinger: FDivergence = {
  name: "squared Hellinger",
  generator: (R) => (t) => {
    const root = R.sub(R.sqrt(t), R.one)
    return R.mul(R.of(0.5), R.mul(root, root))
  },
  derivative: (t) => (1 - 1 / Math.sqrt(t)) / 2,
  atZero: 0.5,
  slopeAtInfinity: 0.5,
  conjugate: (s) => (s < 0.5 ? s / (1 - 2 * s) : Infinity),
  conjugateDerivative: (s) => (s < 0.5 ? 1 / (1 - 2 * s) ** 2 : Infinity),
  strictlyConvex: true,
  term: (lnP, lnQ) => (Math.exp(Math.max(lnP, lnQ)) * Math.expm1(-Math.abs(lnP - lnQ) / 2) ** 2) / 2,
}
