/**
 * The Kullback–Leibler divergence between finite distributions, and the names of its two directions.
 *
 *     KL(p ‖ q) = Σ_i p_i (ln p_i − ln q_i)
 *
 * With a fixed reference p and a policy π that is being trained,
 *
 *     forward  KL(p ‖ π): expectation under the reference; infinite where π forgets what p does (mass-covering);
 *     reverse  KL(π ‖ p): expectation under the policy; infinite where π does what p never does (mode-seeking).
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. Gibbs: KL ≥ 0, and KL(p ‖ q) = 0 if and only if p = q.
 * 2. Pinsker: TV(p, q) ≤ √(KL(p ‖ q) / 2).
 * 3. Data processing: KL(map(p, f) ‖ map(q, f)) ≤ KL(p ‖ q).
 * 4. Joint convexity: KL(Σ w p ‖ Σ w q) ≤ Σ w KL(p ‖ q).
 *
 * Units are nats. Source: Cover & Thomas, Elements of Information Theory (2nd ed., 2006), sections 2.3–2.8 and 11.6.
 */
import { Categorical } from "@rapo/distributions"
import type { Either } from "fp-ts/lib/Either.js"
import { onSameOutcomes } from "./internal/SameOutcomes.ts"
import { klSum } from "./internal/Sums.ts"

// model

/**
 * Two distributions are not over the same number of outcomes.
 *
 * @category models
 * @since 0.1.0
 */
export interface SupportMismatch {
  readonly _tag: "SupportMismatch"
  readonly expected: number
  readonly actual: number
}

// destructors

/**
 * The error as a sentence.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import { KL } from "@rapo/divergences"
 * import * as E from "fp-ts/lib/Either.js"
 * KL.showError({ _tag: "SupportMismatch", expected: 3, actual: 2 }) // => "The distributions are over 3 and over 2 outcomes; a divergence compares distributions over the same outcomes."
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const showError = (error: SupportMismatch): string =>
  `The distributions are over ${error.expected} and over ${error.actual} outcomes; ` +
  "a divergence compares distributions over the same outcomes."

/**
 * The divergence of p from q: the mean, under p, of how much better p predicts than q.
 *
 *     KL(p ‖ q) = Σ_i p_i (ln p_i − ln q_i)
 *
 * **Units**      nats.
 * **Domain**     0 ln 0 = 0; +∞ when some q_i = 0 < p_i; never NaN, never negative.
 * **Numerics**   below 0.1 nats summed as p ln(p/q) − p + q, which is nowhere negative and adds 0 in all: relative
 * precision near p = q.
 * **Fails with** `SupportMismatch` when the sizes differ.
 * **Laws**       Gibbs, Pinsker, data processing, joint convexity - see Laws.ts
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import { KL } from "@rapo/divergences"
 * import * as E from "fp-ts/lib/Either.js"
 * const certain = Categorical.pointMass(2, 0)
 * const coin = Categorical.uniform(2)
 * E.isRight(certain) && E.isRight(coin) && KL.kl(coin.right, coin.right) // => E.right(0)
 * E.isRight(certain) && E.isRight(coin) && KL.kl(certain.right, coin.right) // => E.right(Math.LN2)
 * E.isRight(certain) && E.isRight(coin) && KL.kl(coin.right, certain.right) // => E.right(Infinity)
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const kl = (p: Categorical.Categorical, q: Categorical.Categorical): Either<SupportMismatch, number> =>
  onSameOutcomes(p, q, () => klSum(p.logProbs, q.logProbs))

/**
 * Forward KL: KL(p ‖ π), with the expectation under the reference p.
 *
 * **Fails with** `SupportMismatch`.
 *
 * @category destructors
 * @since 0.1.0
 */
export const forward = (
  reference: Categorical.Categorical,
  policy: Categorical.Categorical,
): Either<SupportMismatch, number> => kl(reference, policy)

/**
 * Reverse KL: KL(π ‖ p), with the expectation under the policy π.
 *
 * **Fails with** `SupportMismatch`.
 *
 * @category destructors
 * @since 0.1.0
 */
export const reverse = (
  reference: Categorical.Categorical,
  policy: Categorical.Categorical,
): Either<SupportMismatch, number> => kl(policy, reference)
