/**
 * RL-PLUS: one response of the group is an external demonstration; what the policy does not know yet counts more.
 *
 *     own             A r_t                                                     A = r - mean of the own ones
 *     demonstration   A (1 - sg π_θ)^γ · 2 π_θ / (π_old + ω),   ω = ½ (π_old + 1)
 *     J = (1/B) Σ_i (1/L) Σ_t of these + β H
 *
 * | default | value | from |
 * |---|---|---|
 * | γ | 0.5 | [code] |
 * | clip, KL | none | [code] |
 * | L | 8192, the longest response | [code] |
 * | β | 0.001 | [code] |
 * | π_old of a demonstrated token | the old policy's probability of it | [ours], inferred from the code's names |
 *
 * Source: arXiv 2508.00222; code at eb4aa4d, `rlplus_core_alg.py`.
 */
import * as Advantage from "../Advantage.ts"
import type { PolicyGradientObjective } from "../Objective.ts"
import * as Regulariser from "../Regulariser.ts"
import * as PolicyGradient from "../surrogates/PolicyGradient.ts"
import * as TrustRegion from "../TrustRegion.ts"

/**
 * @category objectives
 * @since 0.1.0
 */
export const rlPlus: PolicyGradientObjective = {
  name: "RL-PLUS",
  surrogate: {
    ...PolicyGradient.of(Advantage.groupCentred, TrustRegion.none),
    demonstrations: { _tag: "Mixed", gamma: 0.5 },
  },
  regulariser: Regulariser.none,
  entropy: 0.001,
  aggregation: { _tag: "Constant", length: 8192 },
}
