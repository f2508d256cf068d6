/**
 * φ: how much of the reference a reward keeps. *Ours*: the paper says only that φ increases into [0, 1].
 *
 *     φ(r) = φ_min + (1 - φ_min) · clip( (r - r_min) / (r_max - r_min), 0, 1 )
 *
 * φ = 1 keeps the reference as it is, φ = 0 flattens it to the uniform distribution; φ_min = 1 turns reweighting off.
 *
 * Laws (`Laws.ts`)
 * 1. φ is non-decreasing and φ_min <= φ(r) <= 1.
 * 2. φ(r) = φ_min for r <= r_min; φ(r) = 1 for r >= r_max.
 *
 * Source: RAPO (arXiv 2510.03865) for the role of φ; this family of functions is the project's choice.
 */
import { Float64, Real } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"

// model

/**
 * The three numbers of the family: the least φ, and the rewards between which φ rises.
 *
 * @category models
 * @since 0.1.0
 */
export interface Phi {
  readonly minimum: number
  readonly rewardLow: number
  readonly rewardHigh: number
}

/**
 * @category errors
 * @since 0.1.0
 */
export type PhiError =
  | { readonly _tag: "MinimumOutsideUnitInterval"; readonly minimum: number }
  | { readonly _tag: "RewardsNotIncreasing"; readonly rewardLow: number; readonly rewardHigh: number }

// constructors

/**
 * φ for rewards of 0 and 1, the verifiable rewards of the paper.
 *
 * **Domain**  minimum in [0, 1], which `validate` checks.
 *
 * @category constructors
 * @since 0.1.0
 */
export const binary = (minimum: number): Phi => ({ minimum, rewardLow: 0, rewardHigh: 1 })

/**
 * A φ, if its numbers make one.
 *
 * **Fails with** `MinimumOutsideUnitInterval` when φ_min is not in [0, 1] (NaN is not), `RewardsNotIncreasing` when
 * the rewards are not finite with `rewardLow < rewardHigh`.
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { Phi } from "@rapo/rapo"
 * Phi.validate(Phi.binary(2)) // => E.left({ _tag: "MinimumOutsideUnitInterval", minimum: 2 })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const validate = (phi: Phi): E.Either<PhiError, Phi> => {
  const { minimum, rewardLow, rewardHigh } = phi
  if (!(minimum >= 0 && minimum <= 1)) return E.left({ _tag: "MinimumOutsideUnitInterval", minimum })
  const increasing = Number.isFinite(rewardLow) && Number.isFinite(rewardHigh) && rewardLow < rewardHigh
  return increasing ? E.right(phi) : E.left({ _tag: "RewardsNotIncreasing", rewardLow, rewardHigh })
}

// combinators

/**
 * φ over any `Real`: the same formula for a number and for a tensor of rewards.
 *
 * @category combinators
 * @since 0.1.0
 */
export const apply =
  <A>(R: Real.Real<A>) =>
  (phi: Phi, reward: A): A => {
    const position = R.div(R.sub(reward, R.of(phi.rewardLow)), R.of(phi.rewardHigh - phi.rewardLow))
    return R.add(R.of(phi.minimum), R.mul(R.of(1 - phi.minimum), Real.clamp(R)(position, R.zero, R.one)))
  }

/**
 * φ of a reward.
 *
 * ```ts import.meta.vitest
 * import { Phi } from "@rapo/rapo"
 * Phi.at(Phi.binary(0.5), 0) // => 0.5
 * Phi.at(Phi.binary(0.5), 1) // => 1
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const at = (phi: Phi, reward: number): number => apply(Float64.Real)(phi, reward)

// destructors

/**
 * An error as a sentence.
 *
 * @category destructors
 * @since 0.1.0
 */
export const showError = (error: PhiError): string =>
  error._tag === "MinimumOutsideUnitInterval"
    ? `φ_min must be in [0, 1], and is ${error.minimum}.`
    : `φ must rise between two finite rewards, low below high, and has ${error.rewardLow} and ${error.rewardHigh}.`
