/**
 * Lite PPO: two tricks are enough. Advantages relative to the group's mean in units of the *batch's* deviation, and a
 * mean over tokens.
 *
 *     J = (1 / Σ_i |o_i|) Σ_i Σ_t min(r_t A_i, clip(r_t, 1 ± ε) A_i),   A = (r - group mean) / (batch std + 1e-6)
 *
 * | default | value | from |
 * |---|---|---|
 * | std + 1e-6 | | [library] ROLL `functionals.py` reward_norm |
 * | ε | 0.2 | [ours]: "vanilla" PPO clip, PPO's usual value |
 * | KL, overlong filtering | none | [library] TRL's paper index |
 *
 * Source: Tricks or Traps? Part I, arXiv 2508.08221.
 */
import * as Advantage from "../Advantage.ts"
import * as Aggregation from "../Aggregation.ts"
import type { PolicyGradientObjective } from "../Objective.ts"
import * as Regulariser from "../Regulariser.ts"
import * as PolicyGradient from "../surrogates/PolicyGradient.ts"
import * as TrustRegion from "../TrustRegion.ts"

/**
 * @category objectives
 * @since 0.1.0
 */
export const litePpo: PolicyGradientObjective = {
  name: "Lite PPO",
  surrogate: PolicyGradient.of(
    { centre: "GroupMean", scale: { _tag: "BatchStd", epsilon: Advantage.defaultEpsilon } },
    TrustRegion.clip(0.2),
  ),
  regulariser: Regulariser.none,
  entropy: 0,
  aggregation: Aggregation.tokenMean,
}
