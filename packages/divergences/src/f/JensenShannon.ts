import { scaledExcess } from "../internal/Exponential.ts"
import type { FDivergence } from "./Model.ts"

// instances

/**
 * The Jensen–Shannon divergence ½ KL(p ‖ m) + ½ KL(q ‖ m), m = (p + q)/2.
 *
 *     f(t) = ½ [t ln(2t/(1+t)) + ln(2/(1+t))],   f′(t) = ½ ln(2t/(1+t)),   f*(s) = −½ ln(2 − e^{2s})
 *
 * Symmetric; at most ln 2.
 *
 * **Source** Lin (1991), IEEE Trans. Inf. Theory 37(1), equation 3.1.
 *
 * @category instances
 * @since 0.1.0
 */
export const jensenShannon: FDivergence = {
  name: "Jensen–Shannon",
  generator: (R) => (t) => {
    const lnHalfSum = R.log(R.mul(R.of(0.5), R.add(R.one, t)))
    return R.mul(R.of(0.5), R.sub(R.mul(t, R.sub(R.log(t), lnHalfSum)), lnHalfSum))
  },
  derivative: (t) => (t <= 1 ? Math.log(t) - Math.log1p((t - 1) / 2) : -Math.log1p((1 / t - 1) / 2)) / 2,
  atZero: Math.LN2 / 2,
  slopeAtInfinity: Math.LN2 / 2,
  conjugate: (s) => (s < Math.LN2 / 2 ? -Math.log1p(-Math.expm1(2 * s)) / 2 : Infinity),
  conjugateDerivative: (s) => (s < Math.LN2 / 2 ? Math.exp(2 * s) / (1 - Math.expm1(2 * s)) : Infinity),
  strictlyConvex: true,
  term: (lnP, lnQ) => {
    const [low, high] = [Math.min(lnP, lnQ), Math.max(lnP, lnQ)]
    const lnMean = high + Math.log1p(Math.expm1(low - high) / 2)
    return (scaledExcess(low, lnMean - low) + scaledExcess(high, lnMean - high)) / 2
  },
}
