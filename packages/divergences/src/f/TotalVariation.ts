import type { FDivergence } from "./Model.ts"

// instances

/**
 * The total variation distance ½ Σ |p − q|: the largest difference of probability that an event can have.
 *
 *     f(t) = ½ |t − 1|,   f*(s) = max(s, −½) for s ≤ ½
 *
 * Not strictly convex, and not differentiable at t = 1: `derivative` takes the subgradient 0 there.
 *
 * **Source** Csiszár (1967); Levin & Peres, Markov Chains and Mixing Times (2017), section 4.1.
 *
 * @category instances
 * @since 0.1.0
 */
export const totalVariation: FDivergence = {
  name: "total variation",
  generator: (R) => (t) => R.mul(R.of(0.5), R.max(R.sub(t, R.one), R.sub(R.one, t))),
  derivative: (t) => Math.sign(t - 1) / 2,
  atZero: 0.5,
  slopeAtInfinity: 0.5,
  conjugate: (s) => (s > 0.5 ? Infinity : Math.max(s, -0.5)),
  conjugateDerivative: (s) => (s > 0.5 ? Infinity : s < -0.5 ? 0 : 1),
  strictlyConvex: false,
  term: (lnP, lnQ) => (-Math.exp(Math.max(lnP, lnQ)) * Math.expm1(-Math.abs(lnP - lnQ))) / 2,
}
