/**
 * SELF: GRPO on the questions that greedy decoding gets wrong.
 *
 *     J = (1/G) Σ_i (1/|o_i|) Σ_t min(r_t A_i, clip(r_t, 1 ± ε) A_i),   A = (r - mean)/std
 *
 * The selection is a strategy of data. What the objective is, sources differ on: the released script has no KL; a summary
 * [secondary] spells the name out as "Selective Examples with Low-likelihood and Forward-KL" and says that reverse KL is
 * replaced by forward. `self` is the script; `withForwardKL` the summary, with the exact forward KL as *our* reading.
 *
 * | default | value | from |
 * |---|---|---|
 * | KL | none | [code] |
 * | ε | 0.2 | [ours]: PPO's usual value |
 * | std + 1e-6, sequence mean | | [ours], GRPO's |
 *
 * Source: The Reasoning Boundary Paradox, arXiv 2510.02230; code at d17634b, `slurm/train_max_ppo.sh`.
 */
import type { PolicyGradientObjective } from "../Objective.ts"
import * as Regulariser from "../Regulariser.ts"
import { grpo } from "./Grpo.ts"

/**
 * @category objectives
 * @since 0.1.0
 */
export const self: PolicyGradientObjective = { ...grpo, name: "SELF", regulariser: Regulariser.none }

/**
 * @category objectives
 * @since 0.1.0
 */
export const withForwardKL = (coefficient: number): PolicyGradientObjective => ({
  ...self,
  name: `SELF, forward KL α = ${coefficient}`,
  regulariser: Regulariser.exact("forward", coefficient),
})
