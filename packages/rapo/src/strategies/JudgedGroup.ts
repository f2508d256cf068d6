/**
 * Judged groups: the responses to one prompt with what a verifier said of them. What every strategy works on.
 *
 *     #right = |{ g : reward_g > 0 }|,      informative  ⇔  not all rewards are equal
 *
 * The response type R is the caller's: tokens, text, a handle. Strategies choose among responses and never look inside.
 *
 * | symbol | meaning |
 * |---|---|
 * | G | responses of a group |
 * | g in [0, G) | one of them |
 *
 * Law: a group is informative if and only if some group-relative advantage (`Advantage`) in it is not 0 ([S2]).
 */

import * as Credit from "../Credit.ts"

// model

/**
 * A response, its reward, and its length in tokens.
 *
 * @category models
 * @since 0.1.0
 */
export interface Judged<R> {
  readonly response: R
  readonly reward: number
  readonly length: number
}

/**
 * The responses to the prompt that `id` names.
 *
 * @category models
 * @since 0.1.0
 */
export interface JudgedGroup<R> {
  readonly id: string
  readonly members: ReadonlyArray<Judged<R>>
}

// refinements

/**
 * Whether a response was right, as `Credit` reads rewards: ask before lengths are punished.
 *
 * @category refinements
 * @since 0.1.0
 */
export const isRight = <R>({ reward }: Judged<R>): boolean => Credit.isRight(reward)

/**
 * Whether the group's rewards differ, so that it says which responses were the better ones.
 *
 * ```ts import.meta.vitest
 * import { JudgedGroup } from "@rapo/rapo"
 * const group = (rewards: ReadonlyArray<number>) => JudgedGroup.ofRewards("p", rewards)
 * JudgedGroup.isInformative(group([1, 0, 0])) // => true
 * JudgedGroup.isInformative(group([1, 1, 1])) // => false
 * JudgedGroup.isInformative(group([1])) // => false
 * ```
 *
 * @category refinements
 * @since 0.1.0
 */
export const isInformative = <R>({ members: [first, ...others] }: JudgedGroup<R>): boolean =>
  others.some(({ reward }) => reward !== first?.reward)

// constructors

/**
 * A group of nothing but rewards: responses are their positions, and one token long.
 *
 * @category constructors
 * @since 0.1.0
 */
export const ofRewards = (id: string, rewards: ReadonlyArray<number>): JudgedGroup<number> => ({
  id,
  members: rewards.map((reward, response) => ({ response, reward, length: 1 })),
})

// destructors

/**
 * How many were right.
 *
 * @category destructors
 * @since 0.1.0
 */
export const rightCount = <R>({ members }: JudgedGroup<R>): number => members.filter(isRight).length

/**
 * The share of right responses; 0 of an empty group.
 *
 * ```ts import.meta.vitest
 * import { JudgedGroup } from "@rapo/rapo"
 * JudgedGroup.accuracy(JudgedGroup.ofRewards("p", [1, -1, -1, 1])) // => 0.5
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const accuracy = <R>(group: JudgedGroup<R>): number =>
  rightCount(group) / Math.max(group.members.length, 1)

/**
 * The rewards, [G].
 *
 * @category destructors
 * @since 0.1.0
 */
export const rewardsOf = <R>({ members }: JudgedGroup<R>): ReadonlyArray<number> =>
  members.map(({ reward }) => reward)
