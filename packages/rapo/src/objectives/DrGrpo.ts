/**
 * Dr. GRPO: GRPO without its two normalisers, which favour long wrong answers and easy or hard questions; no KL.
 *
 *     J = (1/G) Σ_i (1/L) Σ_t min(r_t A_i, clip(r_t, 1 ± ε) A_i),   A = r - mean
 *
 * | default | value | from |
 * |---|---|---|
 * | L | 3000, the longest response that is generated | [code] `train_zero_math.py`, generate_max_length |
 * | ε | 0.2 | [ours]: PPO's usual value |
 * | KL | none | [code] β = 0 |
 *
 * Source: Liu et al. (2025), arXiv 2503.20783; code sail-sg/understand-r1-zero.
 */
import * as Advantage from "../Advantage.ts"
import type { PolicyGradientObjective } from "../Objective.ts"
import * as Regulariser from "../Regulariser.ts"
import * as PolicyGradient from "../surrogates/PolicyGradient.ts"
import * as TrustRegion from "../TrustRegion.ts"

/**
 * Dr. GRPO for responses of at most `length` tokens.
 *
 * @category objectives
 * @since 0.1.0
 */
export const ofLength = (length: number): PolicyGradientObjective => ({
  name: "Dr. GRPO",
  surrogate: PolicyGradient.of(Advantage.groupCentred, TrustRegion.clip(0.2)),
  regulariser: Regulariser.none,
  entropy: 0,
  aggregation: { _tag: "Constant", length },
})

/**
 * Dr. GRPO with its code's length.
 *
 * @category objectives
 * @since 0.1.0
 */
export const drGrpo: PolicyGradientObjective = ofLength(3000)
