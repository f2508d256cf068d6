/**
 * A reward for each token: the response's, at its last token, less a KL for every token.
 *
 *     r_t = [t last] · R - α (ln π_old(o_t) - ln π_ref(o_t))
 *
 * This is where PPO's implementations put the KL, before any advantage; the objectives of this package put it after the
 * group's standardisation (`Regulariser.shapedAdvantage`). The penalty is k1, whose mean is KL(π_old ‖ π_ref).
 *
 * Source: Ziegler et al. (2019), equation 2, arXiv 1909.08593; verl `compute_rewards` is `penalised`.
 */

// combinators

/**
 * The scores of a response's tokens, each less its KL.
 *
 * **Shapes**  [T] each.
 *
 * ```ts import.meta.vitest
 * import { TokenRewards } from "@rapo/rapo"
 * TokenRewards.penalised(0.5)([0, 1], [-1, -1], [-1, -3]) // => [0, 0]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const penalised =
  (alpha: number) =>
  (
    scores: ReadonlyArray<number>,
    oldLogProbs: ReadonlyArray<number>,
    referenceLogProbs: ReadonlyArray<number>,
  ): ReadonlyArray<number> =>
    scores.map((score, t) => score - alpha * ((oldLogProbs[t] ?? NaN) - (referenceLogProbs[t] ?? NaN)))

/**
 * A response's reward at its last token, 0 at the others.
 *
 * ```ts import.meta.vitest
 * import { TokenRewards } from "@rapo/rapo"
 * TokenRewards.atLast(1, 3) // => [0, 0, 1]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const atLast = (reward: number, length: number): ReadonlyArray<number> =>
  Array.from({ length }, (_, t) => (t === length - 1 ? reward : 0))
