/**
 * GRPO as published: clipped ratios, standardised group advantages, k3 back-propagated.
 *
 *     J = (1/G) Σ_i (1/|o_i|) Σ_t [ min(r_t A_i, clip(r_t, 1 ± ε) A_i) - α (ρ_t - ln ρ_t - 1) ],   A = (r - mean)/std
 *
 * The penalty's *value* estimates the reverse KL(π ‖ π_ref); its *gradient* on-policy is the forward KL's. For an
 * honest reverse KL see `Arms.reverseKL`.
 *
 * | default | value | from |
 * |---|---|---|
 * | α | 0.04 | [paper] |
 * | ε | 0.2 | [ours]: the paper does not state it, PPO's usual value |
 * | bound of ln ρ | 20 | [code] verl `core_algos.py`; the paper has none |
 * | std + 1e-6 | | [code] verl; the paper has no 1e-6 |
 *
 * Source: DeepSeekMath, Shao et al. (2024), arXiv 2402.03300, equations 3-4.
 */
import * as Advantage from "../Advantage.ts"
import * as Aggregation from "../Aggregation.ts"
import type { PolicyGradientObjective } from "../Objective.ts"
import * as Ratio from "../Ratio.ts"
import * as Regulariser from "../Regulariser.ts"
import * as PolicyGradient from "../surrogates/PolicyGradient.ts"
import * as TrustRegion from "../TrustRegion.ts"

/**
 * GRPO with another coefficient α of its k3 penalty.
 *
 * @category objectives
 * @since 0.1.0
 */
export const withCoefficient = (coefficient: number): PolicyGradientObjective => ({
  name: `GRPO, α = ${coefficient}`,
  surrogate: PolicyGradient.of(Advantage.groupStandardised, TrustRegion.clip(0.2)),
  regulariser: Regulariser.sampled("k3-naive", coefficient, { logRatioBound: Ratio.maximumLogRatio }),
  entropy: 0,
  aggregation: Aggregation.sequenceMean,
})

/**
 * GRPO with the paper's coefficient.
 *
 * @category objectives
 * @since 0.1.0
 */
export const grpo: PolicyGradientObjective = { ...withCoefficient(0.04), name: "GRPO" }
