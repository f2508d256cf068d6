/**
 * ProRL: long training that keeps a KL, but renews the reference, and with it the optimiser, from time to time.
 *
 *     v1   GRPO's advantage, DAPO's unequal clip and token mean, k3 to a reference that is reset to a recent policy
 *     v2   A = whiten(r - group mean), clip 0.2/0.27, k2 as a loss, tokens whose sampler differs too much left out
 *
 * | default | v1 | from | v2 | from |
 * |---|---|---|---|---|
 * | ε_low, ε_high | 0.2, 0.4 | recalled, so [ours] | 0.2, 0.27 | [library] |
 * | KL | k3 as a loss | [ours], GRPO's | k2 as a loss | [library] |
 * | α | 1e-4 | [ours], v2's | 1e-4 | [library] |
 * | reference | reset every 500 steps with the optimiser | [paper] that, [ours] when | frozen | [ours] |
 * | π_old/μ | as it is | [ours] | dropped outside [0.5, 5] | [library] ICE-POP |
 * | advantage | standardised | [secondary] GRPO | whitened | [library] |
 *
 * Source: v1: Liu et al. (2025), arXiv 2505.24864; v2: NeMo-RL docs/guides/prorlv2.md, prorlv2.v2.yaml.
 */
import * as Advantage from "../Advantage.ts"
import * as Aggregation from "../Aggregation.ts"
import type { PolicyGradientObjective } from "../Objective.ts"
import * as Ratio from "../Ratio.ts"
import * as Regulariser from "../Regulariser.ts"
import * as PolicyGradient from "../surrogates/PolicyGradient.ts"
import { baseline } from "./ReinforcePlusPlus.ts"

/**
 * ProRL with its reference renewed every so many steps.
 *
 * @category objectives
 * @since 0.1.0
 */
export const resettingEvery = (steps: number): PolicyGradientObjective => ({
  name: `ProRL, reset every ${steps}`,
  surrogate: PolicyGradient.of(Advantage.groupStandardised, { _tag: "Clip", low: 0.2, high: 0.4 }),
  regulariser: Regulariser.sampled("k3-naive", 1e-4, {
    anchor: { _tag: "Moving", every: steps, resetsOptimiser: true },
    logRatioBound: Ratio.maximumLogRatio,
  }),
  entropy: 0,
  aggregation: Aggregation.tokenMean,
})

/**
 * @category objectives
 * @since 0.1.0
 */
export const proRl: PolicyGradientObjective = { ...resettingEvery(500), name: "ProRL" }

/**
 * @category objectives
 * @since 0.1.0
 */
export const proRlV2: PolicyGradientObjective = {
  ...baseline,
  name: "ProRLv2",
  surrogate: {
    ...baseline.surrogate,
    trustRegion: { _tag: "Clip", low: 0.2, high: 0.27 },
    correction: { _tag: "Masked", low: 0.5, high: 5 },
  },
}
