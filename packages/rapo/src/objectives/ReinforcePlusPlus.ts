/**
 * REINFORCE++: no critic and no group needed, advantages whitened over all tokens of the batch.
 *
 *     plain          A = whiten(r),                  KL as k1 in the reward
 *     baseline       A = whiten(r - group mean),     KL as k2 in the loss
 *     J = mean over tokens of min(r_t A, clip(r_t, 1 ± ε) A) - α KL
 *
 * | default | value | from |
 * |---|---|---|
 * | whitening's ε | 1e-8 under the root | [code] verl `masked_whiten` |
 * | ε | 0.2 | [ours]: PPO's usual value |
 * | α, plain | 0.01 | [ours] |
 * | k1 after whitening | | [ours]: verl takes it off the reward, and whitens the difference |
 * | α, baseline | 1e-4 on k2 | [library] NeMo-RL's ProRLv2, which builds on it |
 *
 * A degenerate group has advantages 0 in the baseline's variant, also after whitening: [ours], see `Advantage`.
 *
 * Source: Hu (2025), arXiv 2501.03262; verl `core_algos.py`; NeMo-RL docs/guides/prorlv2.md.
 */
import * as Advantage from "../Advantage.ts"
import * as Aggregation from "../Aggregation.ts"
import type { PolicyGradientObjective } from "../Objective.ts"
import * as Regulariser from "../Regulariser.ts"
import * as PolicyGradient from "../surrogates/PolicyGradient.ts"
import * as TrustRegion from "../TrustRegion.ts"

const whitened: Advantage.BatchScale = { _tag: "TokenWhitened", epsilon: Advantage.whiteningEpsilon }

/**
 * @category objectives
 * @since 0.1.0
 */
export const reinforcePlusPlus: PolicyGradientObjective = {
  name: "REINFORCE++",
  surrogate: PolicyGradient.of({ centre: "None", scale: whitened }, TrustRegion.clip(0.2)),
  regulariser: Regulariser.sampled("rkl-k1-reward", 0.01),
  entropy: 0,
  aggregation: Aggregation.tokenMean,
}

/**
 * REINFORCE++-baseline: for groups, whose mean is the baseline.
 *
 * @category objectives
 * @since 0.1.0
 */
export const baseline: PolicyGradientObjective = {
  ...reinforcePlusPlus,
  name: "REINFORCE++-baseline",
  surrogate: PolicyGradient.of({ centre: "GroupMean", scale: whitened }, TrustRegion.clip(0.2)),
  regulariser: Regulariser.sampled("rkl-k2-loss", 1e-4),
}
