/**
 * Regularisers: how an objective holds the policy to a reference distribution, as data.
 *
 * | regulariser | what a token costs | estimates |
 * |---|---|---|
 * | None | 0 | |
 * | ExactVocabulary, forward | KL(p(·|h) ‖ π(·|h)) | itself: no sampling noise |
 * | ExactVocabulary, reverse | KL(π(·|h) ‖ p(·|h)) | itself: no sampling noise |
 * | Sampled | a function of ln ρ = ln p(o_t) - ln π(o_t) at the sampled token | see `@rapo/divergences` Estimator |
 *
 * Both kinds average over prefixes h that the sampling policy visits. The *reference* p is π_ref, or π_ref reweighted
 * by φ of the response's reward (`ReweightedReference`).
 *
 * What a sampled estimator's gradient is, is not what its value estimates: k3 back-propagated is a forward KL in
 * gradient. Estimator's table says which is which.
 */
import type { Real } from "@rapo/distributions"
import type { Estimator } from "@rapo/divergences"
import type { Phi } from "./Phi.ts"
import type { Level } from "./Ratio.ts"

// model

/**
 * The distribution that the policy is held to: π_ref, or π̂_ref(·|h) ∝ π_ref(·|h)^φ(r).
 *
 * @category models
 * @since 0.1.0
 */
export type Reference = { readonly _tag: "Plain" } | { readonly _tag: "Reweighted"; readonly phi: Phi }

/**
 * A KL of one token's whole distribution: `forward` is KL(reference ‖ policy), `reverse` is KL(policy ‖ reference).
 *
 * @category models
 * @since 0.1.0
 */
export interface ExactVocabulary {
  readonly _tag: "ExactVocabulary"
  readonly direction: "forward" | "reverse"
  readonly coefficient: number
  readonly reference: Reference
}

/**
 * A KL estimated from the tokens that were sampled.
 *
 * `logRatioBound` holds |ln ρ| (beyond it no gradient flows; `Infinity` turns it off). `level` says whose ρ it is:
 * each token's (the default), or the whole response's, whose logarithm is the sum of its tokens'.
 *
 * @category models
 * @since 0.1.0
 */
export interface Sampled {
  readonly _tag: "Sampled"
  readonly estimator: Estimator.EstimatorName
  readonly coefficient: number
  readonly reference: Reference
  readonly logRatioBound: number
  readonly level?: Level
}

/**
 * @category models
 * @since 0.1.0
 */
export type Regulariser = { readonly _tag: "None" } | ExactVocabulary | Sampled

// constructors

/**
 * The policy answers to its advantages alone.
 *
 * @category constructors
 * @since 0.1.0
 */
export const none: Regulariser = { _tag: "None" }

/**
 * π_ref itself.
 *
 * @category constructors
 * @since 0.1.0
 */
export const plain: Reference = { _tag: "Plain" }

/**
 * π_ref reweighted by φ.
 *
 * @category constructors
 * @since 0.1.0
 */
export const reweighted = (phi: Phi): Reference => ({ _tag: "Reweighted", phi })

// refinements

/**
 * Whether the KL enters through the advantage, as a reward, and not as a loss that is differentiated.
 *
 * @category refinements
 * @since 0.1.0
 */
export const shapesAdvantage = (regulariser: Regulariser): boolean =>
  regulariser._tag === "Sampled" && regulariser.estimator === "rkl-k1-reward"

// combinators

/**
 * The advantage once a KL in the reward has been taken off: A + α ln ρ for `rkl-k1-reward`, else A.
 *
 *     A' = A - α k1 = A + α sg(ln ρ)
 *
 * At token level the policy gradient of -α k1 at a token is, in expectation, that of the token's exact
 * KL(π(·|h) ‖ p(·|h)); at sequence level, that of the whole response's. The shaping comes after the group's
 * standardisation, which therefore does not see it: *ours* (verl subtracts the KL from the reward before).
 *
 * @category combinators
 * @since 0.1.0
 */
export const shapedAdvantage =
  <A>(R: Real.Real<A>) =>
  (regulariser: Sampled, advantage: A, logRatio: A): A =>
    regulariser.estimator === "rkl-k1-reward"
      ? R.add(advantage, R.mul(R.of(regulariser.coefficient), R.stopGradient(logRatio)))
      : advantage
