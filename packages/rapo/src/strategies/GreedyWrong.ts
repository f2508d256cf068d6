/**
 * Greedy-wrong filter: train on what the policy gets wrong when it decides alone.
 *
 *     keep prompt x  ⇔  the greedy answer to x is not right
 *
 * Each step answers its prompts greedily, then samples groups for those that were wrong only.
 *
 * Law (`StrategyLaws`): a filter, so idempotent, order-preserving, and never inventing.
 *
 * Source: SELF, arXiv 2510.02230, code `RayMaxPPOTrainer.fit` @d17634b. That the answer is judged at temperature 0 in each
 * step is the code's, which takes any reward but 1 for wrong. Whether the paper's forward KL belongs to the same system is not settled by the released script.
 */
import * as Credit from "../Credit.ts"

// model

/**
 * A prompt, with the reward of the policy's greedy answer.
 *
 * @category models
 * @since 0.1.0
 */
export interface GreedilyJudged<P> {
  readonly prompt: P
  readonly greedyReward: number
}

// combinators

/**
 * The prompts whose greedy answer was wrong, in order.
 *
 * ```ts import.meta.vitest
 * import { GreedyWrong } from "@rapo/rapo"
 * const prompts = [{ prompt: "easy", greedyReward: 1 }, { prompt: "hard", greedyReward: 0 }]
 * GreedyWrong.filter(prompts) // => [{ prompt: "hard", greedyReward: 0 }]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const filter = <P>(prompts: ReadonlyArray<GreedilyJudged<P>>): ReadonlyArray<GreedilyJudged<P>> =>
  prompts.filter(({ greedyReward }) => !Credit.isRight(greedyReward))
