/**
 * DOTS+RR: questions of middling difficulty, and a part of each batch replayed from earlier policies μ.
 *
 *     J = mean over tokens of min(A r, clip(r, w (1 - ε), w (1 + ε)) A),    r = π_θ/μ,   w = π_old/μ
 *       = mean over tokens of w · min(A r', clip(r', 1 ± ε) A),             r' = π_θ/π_old
 *
 * The second line is how it is computed (`Correction`). Selection and replay are strategies of data.
 *
 * | default | value | from |
 * |---|---|---|
 * | ε | 0.2 | [ours]: PPO's usual value |
 * | KL | none | [code] coefficient 0 |
 * | advantage | standardised, + 1e-6 | [code] GRPO's |
 * | aggregation | token mean | [ours], verl's usual |
 *
 * Source: arXiv 2506.05316; code ASTRAL-Group at 59df918, `compute_policy_loss_temp`.
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
export const dotsRr: PolicyGradientObjective = {
  name: "DOTS+RR",
  surrogate: {
    ...PolicyGradient.of(Advantage.groupStandardised, TrustRegion.clip(0.2)),
    correction: { _tag: "Weighted" },
  },
  regulariser: Regulariser.none,
  entropy: 0,
  aggregation: Aggregation.tokenMean,
}
