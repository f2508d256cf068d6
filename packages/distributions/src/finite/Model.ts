/**
 * The type of distributions over labelled outcomes. Documented in `Finite.ts`.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import type { CategoricalError } from "../categorical/Error.ts"
import type { Categorical } from "../categorical/Model.ts"
import { logProb, normalise } from "../categorical/Model.ts"
import { logSumExpBy } from "../LogSpace.ts"

// model

declare const merged: unique symbol

/**
 * Distinct possible outcomes, and the law of their places in the list.
 *
 * @category models
 * @since 0.1.0
 */
export interface Finite<out A> {
  readonly _tag: "Finite"
  readonly outcomes: ReadonlyArray<A>
  readonly law: Categorical
  readonly [merged]: true
}

// constructors, for this folder only: `Finite.ts` does not pass them on

/** Distinct outcomes, and a law of as many places, each of which is possible. */
export const unsafe = <A>(outcomes: ReadonlyArray<A>, law: Categorical): Finite<A> =>
  ({ _tag: "Finite", outcomes, law }) as Finite<A>

/**
 * The distribution of outcomes with log-weights: the same outcomes are merged, the impossible ones dropped.
 *
 * `keyOf` numbers the classes of outcomes in the order in which they appear; the first of a class stands for it.
 */
export const collect = <A>(
  outcomes: ReadonlyArray<A>,
  logWeights: ReadonlyArray<number>,
  newKeys: () => (outcome: A) => number = sameValue,
): Either<CategoricalError, Finite<A>> => {
  const keyOf = newKeys()
  const representatives: Array<A> = []
  const keys: Array<number> = []
  const weights: Array<number> = []
  outcomes.forEach((outcome, i) => {
    const weight = logWeights[i] ?? -Infinity
    if (weight === -Infinity) return
    const key = keyOf(outcome)
    if (key === representatives.length) representatives.push(outcome)
    keys.push(key)
    weights.push(weight)
  })
  return pipe(
    normalise(logSumExpBy(weights, keys, representatives.length)),
    E.map((law) => unsafe(representatives, law)),
  )
}

/** The places of outcomes in the order of their first appearance, by a hash table: O(1) an outcome. */
const sameValue = (): ((outcome: unknown) => number) => {
  const places = new Map<unknown, number>()
  return (outcome) => {
    const place = places.get(outcome) ?? places.size
    places.set(outcome, place)
    return place
  }
}

/** `collect` of log-weights that come from distributions: one is possible, so failure would be a bug. */
export const collected = <A>(
  outcomes: ReadonlyArray<A>,
  logWeights: ReadonlyArray<number>,
  newKeys?: () => (outcome: A) => number,
): Finite<A> => {
  const result = collect(outcomes, logWeights, newKeys)
  if (E.isLeft(result)) throw new Error("Finite: a distribution lost its support")
  return result.right
}

// destructors

/** The outcome at a place that exists: the cast is because A itself may include undefined. For this folder only. */
export const at = <A>(p: Finite<A>, place: number): A => p.outcomes[place] as A

/**
 * The distribution of the places of the outcomes in `support`.
 *
 * @category destructors
 * @since 0.1.0
 */
export const law = <A>(p: Finite<A>): Categorical => p.law

/**
 * The outcomes that can happen, each once; never empty.
 *
 * @category destructors
 * @since 0.1.0
 */
export const support = <A>(p: Finite<A>): ReadonlyArray<A> => p.outcomes

/**
 * The number of outcomes that can happen.
 *
 * @category destructors
 * @since 0.1.0
 */
export const size = <A>(p: Finite<A>): number => p.outcomes.length

/**
 * The outcomes, each with its log-probability.
 *
 * ```ts import.meta.vitest
 * import { Finite } from "@rapo/distributions"
 * Finite.weighted(Finite.of("a")) // => [["a", 0]]
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const weighted = <A>(p: Finite<A>): ReadonlyArray<readonly [A, number]> =>
  p.outcomes.map((outcome, i) => [outcome, logProb(p.law, i)])
