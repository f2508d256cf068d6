import { log1pOver, scaledExcess } from "../internal/Exponential.ts"
import type { FDivergence } from "./Model.ts"

// instances

/**
 * The Kullback–Leibler divergence with its arguments exchanged, KL(q ‖ p).
 *
 *     f(t) = −ln t + t − 1,   f′(t) = 1 − 1/t,   f*(s) = −ln(1 − s)
 *
 * **Source** Csiszár (1967); the dual (Csiszár conjugate) of `kl`.
 *
 * @category instances
 * @since 0.1.0
 */
export const reverseKl: FDivergence = {
  name: "reverse KL",
  generator: (R) => (t) => R.sub(R.sub(t, R.one), R.log(t)),
  derivative: (t) => 1 - 1 / t,
  atZero: Infinity,
  slopeAtInfinity: 1,
  conjugate: (s) => log1pOver(-1, s),
  conjugateDerivative: (s) => (s < 1 ? 1 / (1 - s) : Infinity),
  strictlyConvex: true,
  term: (lnP, lnQ) => scaledExcess(lnQ, lnP - lnQ),
}
