/**
 * APO: GRPO with a KL that hard questions feel less (DADS), and wrong answers that are too long pushed down harder (STCR).
 *
 *     A = (r - mean)/(std + 1e-9);    wrong and longer than the right ones' mean L⁺:  A (2 - b^{-(|o| - L⁺)})
 *     KL weight of a response with A > 0:  1 - e^{-e (1 - d)},   d = 1 - the group's accuracy;   1 for the others
 *
 * | default | value | from |
 * |---|---|---|
 * | b | 1.00001 | [code] STCR |
 * | α | 1e-3 on k3 as a loss | [code] |
 * | std + 1e-9 | | [code] |
 * | e in the weight | Euler's number | [ours], a reading of the code's formula |
 * | ε | 0.2 | [ours]: PPO's usual value |
 * | aggregation | sequence mean | [ours], GRPO's |
 *
 * Source: arXiv 2506.21655; code Indolent-Kawhi/View-R1 at 093f2d8, `ppo_actor.py`, `experience_maker.py`.
 */
import * as Aggregation from "../Aggregation.ts"
import type { PolicyGradientObjective } from "../Objective.ts"
import * as Ratio from "../Ratio.ts"
import * as Regulariser from "../Regulariser.ts"
import * as PolicyGradient from "../surrogates/PolicyGradient.ts"
import * as TrustRegion from "../TrustRegion.ts"

/**
 * @category objectives
 * @since 0.1.0
 */
export const apo: PolicyGradientObjective = {
  name: "APO",
  surrogate: {
    ...PolicyGradient.of(
      { centre: "GroupMean", scale: { _tag: "GroupStd", epsilon: 1e-9 } },
      TrustRegion.clip(0.2),
    ),
    shaping: { _tag: "LongWrong", base: 1.00001 },
  },
  regulariser: Regulariser.sampled("k3-naive", 1e-3, {
    logRatioBound: Ratio.maximumLogRatio,
    weighting: "by-difficulty",
  }),
  entropy: 0,
  aggregation: Aggregation.sequenceMean,
}
