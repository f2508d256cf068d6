/**
 * The type of normalised distributions, and how its values are taken apart. Documented in `Categorical.ts`.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { logSoftmax } from "../LogSpace.ts"
import type { CategoricalError } from "./Error.ts"

// model

declare const normalised: unique symbol

/**
 * A normalised distribution; `logProbs[i]` is the log-probability of outcome i.
 *
 * @category models
 * @since 0.1.0
 */
export interface Categorical {
  readonly _tag: "Categorical"
  readonly logProbs: ReadonlyArray<number>
  readonly [normalised]: true
}

// constructors, for this folder only: `Categorical.ts` does not pass them on

/** Log-probabilities that are known to be normalised. */
export const unsafe = (logProbs: ReadonlyArray<number>): Categorical =>
  ({ _tag: "Categorical", logProbs }) as Categorical

/** Log-weights in [−∞, ∞), at least one of them. */
export const normalise = (logWeights: ReadonlyArray<number>): Either<CategoricalError, Categorical> =>
  logWeights.some((l) => l > -Infinity)
    ? E.right(unsafe(logSoftmax(logWeights)))
    : E.left({ _tag: "ZeroTotal" })

// destructors

/**
 * The number K of outcomes, possible or not.
 *
 * @category destructors
 * @since 0.1.0
 */
export const size = (p: Categorical): number => p.logProbs.length

/**
 * ln p_i, which is −∞ for an outcome that cannot happen.
 *
 * @category destructors
 * @since 0.1.0
 */
export const logProb = (p: Categorical, outcome: number): number => p.logProbs[outcome] ?? -Infinity

/**
 * p_i.
 *
 * @category destructors
 * @since 0.1.0
 */
export const prob = (p: Categorical, outcome: number): number => Math.exp(logProb(p, outcome))

/**
 * p_0, …, p_{K−1}.
 *
 * @category destructors
 * @since 0.1.0
 */
export const probabilities = (p: Categorical): ReadonlyArray<number> => p.logProbs.map(Math.exp)

/**
 * The outcomes that can happen, in order; never empty.
 *
 * @category destructors
 * @since 0.1.0
 */
export const support = (p: Categorical): ReadonlyArray<number> => {
  const possible: Array<number> = []
  p.logProbs.forEach((l, i) => {
    if (l > -Infinity) possible.push(i)
  })
  return possible
}
