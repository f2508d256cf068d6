/**
 * Prefixed problems: a hard problem is begun for the policy, by the first h tokens of a right answer to it.
 *
 *     x_h = x ⊕ y_{1:h},      h = argmin_h |accuracy(x_h) - target|
 *
 * y is a right answer that the base policy itself gave (by rejection sampling), so that the policy is not led away from
 * what it can say. It then answers the original problems and the prefixed ones, on-policy, with the loss on what it says
 * itself: the prefix has mask 0.
 *
 * | default | value | from |
 * |---|---|---|
 * | that h makes the base's accuracy reasonable | | [paper], abstract |
 * | target accuracy | 0.5, where p(1-p) is greatest | [ours] |
 * | candidate h | 0, 1/8, …, 7/8 of the answer | [ours]; the paper's schedule was not found |
 *
 * Laws (`StrategyLaws`, [S4]): a mask never has 1 on the prefix; with it the gradient is that of the reward of the conditional
 * policy π(· | x, y_{1:h}), exactly; without it, E[r] ∇ ln π(y_{1:h} | x) is added, which imitates the prefix.
 *
 * Source: PrefixRL, arXiv 2601.18795, abstract.
 */
import type { JudgedGroup } from "./JudgedGroup.ts"
import { accuracy, isRight } from "./JudgedGroup.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export interface Config {
  readonly targetAccuracy: number
  /** How many prefix lengths are tried, the empty one included. */
  readonly candidates: number
}

/**
 * A prefix length, in tokens, and the base's accuracy after it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Measured {
  readonly prefixLength: number
  readonly accuracy: number
}

/**
 * A prompt of which the last `prefixLength` tokens are the policy's to have said.
 *
 * @category models
 * @since 0.1.0
 */
export interface Prefixed {
  readonly tokens: ReadonlyArray<number>
  readonly prefixLength: number
}

/**
 * @category constants
 * @since 0.1.0
 */
export const defaults: Config = { targetAccuracy: 0.5, candidates: 8 }

// constructors

/**
 * The prefix lengths to try for an answer of some length: evenly spaced, 0 first, never the whole answer.
 *
 * ```ts import.meta.vitest
 * import { PrefixedProblems } from "@rapo/rapo"
 * PrefixedProblems.candidateLengths({ candidates: 4 })(10) // => [0, 2, 5, 7]
 * PrefixedProblems.candidateLengths({ candidates: 4 })(2) // => [0, 1]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const candidateLengths =
  ({ candidates }: Pick<Config, "candidates">) =>
  (answerLength: number): ReadonlyArray<number> => [
    ...new Set(Array.from({ length: candidates }, (_, i) => Math.floor((i * answerLength) / candidates))),
  ]

/**
 * The prefixed problem x ⊕ y_{1:h}.
 *
 * ```ts import.meta.vitest
 * import { PrefixedProblems } from "@rapo/rapo"
 * PrefixedProblems.prefixed([7, 8], [1, 2, 3], 2) // => { tokens: [7, 8, 1, 2], prefixLength: 2 }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const prefixed = (
  prompt: ReadonlyArray<number>,
  answer: ReadonlyArray<number>,
  length: number,
): Prefixed => {
  const prefix = answer.slice(0, length)
  return { tokens: [...prompt, ...prefix], prefixLength: prefix.length }
}

// combinators

/**
 * The shortest of a base policy's right answers, whose beginnings may be given away; the first of equally short ones.
 * Undefined where none was right. That it is the shortest is *ours*.
 *
 * @category combinators
 * @since 0.1.0
 */
export const traceOf = <R>({ members }: JudgedGroup<R>): R | undefined =>
  members
    .filter(isRight)
    .reduce<JudgedGroup<R>["members"][number] | undefined>(
      (best, member) => (best === undefined || member.length < best.length ? member : best),
      undefined,
    )?.response

/**
 * What a group sampled after a prefix says of that prefix length.
 *
 * @category combinators
 * @since 0.1.0
 */
export const measured =
  (prefixLength: number) =>
  <R>(group: JudgedGroup<R>): Measured => ({ prefixLength, accuracy: accuracy(group) })

/**
 * The prefix length after which accuracy is nearest to the target; of equally near ones the shortest. Of none: 0.
 *
 * ```ts import.meta.vitest
 * import { PrefixedProblems } from "@rapo/rapo"
 * const measured = [0, 4, 8].map((prefixLength, i) => ({ prefixLength, accuracy: [0, 0.4, 0.9][i] ?? 0 }))
 * PrefixedProblems.chooseLength(PrefixedProblems.defaults)(measured) // => 4
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const chooseLength =
  ({ targetAccuracy }: Pick<Config, "targetAccuracy">) =>
  (candidates: ReadonlyArray<Measured>): number => {
    const miss = (candidate: Measured): number => Math.abs(candidate.accuracy - targetAccuracy)
    return candidates.reduce<Measured>(
      (best, next) => {
        const gain = miss(best) - miss(next)
        return gain > 0 || (gain === 0 && next.prefixLength < best.prefixLength) ? next : best
      },
      candidates[0] ?? { prefixLength: 0, accuracy: 0 },
    ).prefixLength
  }

/**
 * The mask of a response of `length` tokens that begins with a prefix: 0 on it, 1 on what the policy said.
 *
 * ```ts import.meta.vitest
 * import { PrefixedProblems } from "@rapo/rapo"
 * PrefixedProblems.lossMask(2, 5) // => [0, 0, 1, 1, 1]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const lossMask = (prefixLength: number, length: number): ReadonlyArray<number> =>
  Array.from({ length }, (_, t) => (t < prefixLength ? 0 : 1))
