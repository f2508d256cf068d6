/**
 * Replay buffers: the last so many things that were sampled, first in, first out.
 *
 *     push b x = the last `capacity` of (b ++ x)
 *
 * A sample from here was drawn by an older policy μ. Its estimate stays exact with the weight w = π/μ ([S3]):
 *
 *     E_μ[w f] = E_π[f]      where μ > 0 on the support of π and f
 *
 * so that whoever stores samples must store ln μ with them (`Replayed`). Ratios of tokens, one by one, are exact only for
 * what depends on one token given its prefix; their product over the response is what the identity is about.
 *
 * Laws (`StrategyLaws`): at most `capacity` items; FIFO; push (push b x) y = push b (x ++ y); draws are members, without
 * repetition, and a function of the seed.
 *
 * Source: DOTS+RR, arXiv 2506.05316, code @59df918: capacity 512.
 */
import { Seed } from "@rapo/distributions"
import type { JudgedGroup } from "./JudgedGroup.ts"
import * as Ranking from "../internal/ranking.ts"

// model

/**
 * Oldest first.
 *
 * @category models
 * @since 0.1.0
 */
export interface ReplayBuffer<A> {
  readonly capacity: number
  readonly items: ReadonlyArray<A>
}

/**
 * A group with ln μ of each token of each response at the time of sampling, [G, T].
 *
 * @category models
 * @since 0.1.0
 */
export interface Replayed<R> {
  readonly group: JudgedGroup<R>
  readonly behaviourLogProbs: ReadonlyArray<ReadonlyArray<number>>
}

/**
 * DOTS+RR's [code].
 *
 * @category constants
 * @since 0.1.0
 */
export const defaultCapacity = 512

// constructors

/**
 * @category constructors
 * @since 0.1.0
 */
export const empty = <A>(capacity: number = defaultCapacity): ReplayBuffer<A> => ({ capacity, items: [] })

// combinators

/**
 * The buffer with more items; the oldest leave where it is full.
 *
 * ```ts import.meta.vitest
 * import { ReplayBuffer } from "@rapo/rapo"
 * ReplayBuffer.push(ReplayBuffer.push(ReplayBuffer.empty<number>(3), [1, 2]), [3, 4]).items // => [2, 3, 4]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const push = <A>({ capacity, items }: ReplayBuffer<A>, more: ReadonlyArray<A>): ReplayBuffer<A> => {
  const all = [...items, ...more]
  return { capacity, items: all.slice(Math.max(all.length - capacity, 0)) }
}

/**
 * Items drawn uniformly without replacement; all of them where fewer are there.
 *
 * @category combinators
 * @since 0.1.0
 */
export const draw =
  (count: number, seed: Seed.Seed) =>
  <A>({ items }: ReplayBuffer<A>): ReadonlyArray<A> => {
    const { uniform } = Seed.generator(seed)
    return Ranking.largest(
      items.map(() => uniform()),
      count,
    ).flatMap((i) => items.slice(i, i + 1))
  }

// destructors

/**
 * w = π(y)/μ(y) of a response, from its tokens' log-probabilities; product over tokens.
 *
 * ```ts import.meta.vitest
 * import { ReplayBuffer } from "@rapo/rapo"
 * ReplayBuffer.importanceWeight([Math.log(0.5), Math.log(0.5)], [Math.log(0.25), Math.log(0.5)]) // ≈ 2
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const importanceWeight = (
  logProbs: ReadonlyArray<number>,
  behaviourLogProbs: ReadonlyArray<number>,
): number =>
  Math.exp(logProbs.reduce((total, logProb, t) => total + logProb - (behaviourLogProbs[t] ?? NaN), 0))
