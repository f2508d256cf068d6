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
 * by φ of the response's reward (`ReweightedReference`); the *anchor* says which policy π_ref is; the *weighting* how much
 * each response's KL counts. All three belong to the regulariser: without a KL there is nothing to anchor or to weigh.
 *
 * What a sampled estimator's gradient is, is not what its value estimates: k3 back-propagated is a forward KL in
 * gradient. Estimator's table says which is which.
 */
import { Estimator } from "@rapo/divergences"
import type { Real } from "@rapo/distributions"
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
 * Which policy is π_ref: the first one, for ever, or a copy of the policy renewed every so many iterations, when the
 * optimiser may be told to forget its moments too.
 *
 * @category models
 * @since 0.1.0
 */
export type Anchor =
  | { readonly _tag: "Frozen" }
  | { readonly _tag: "Moving"; readonly every: number; readonly resetsOptimiser: boolean }

/**
 * How much a response's KL counts: all the same, or by its problem's difficulty (`Credit`, DADS).
 *
 * @category models
 * @since 0.1.0
 */
export type Weighting = "uniform" | "by-difficulty"

/**
 * What every KL has: its coefficient α, to which reference, which policy that is, how much each response counts.
 *
 * @category models
 * @since 0.1.0
 */
export interface Hold {
  readonly coefficient: number
  readonly reference: Reference
  readonly anchor: Anchor
  readonly weighting: Weighting
}

/**
 * A KL of one token's whole distribution: `forward` is KL(reference ‖ policy), `reverse` is KL(policy ‖ reference).
 *
 * @category models
 * @since 0.1.0
 */
export interface ExactVocabulary extends Hold {
  readonly _tag: "ExactVocabulary"
  readonly direction: "forward" | "reverse"
}

/**
 * A KL estimated from the tokens that were sampled.
 *
 * `logRatioBound` holds |ln ρ| (beyond it no gradient flows; `Infinity` turns it off). `level` says whose ρ it is:
 * each token's, or the whole response's, whose logarithm is the sum of its tokens'.
 *
 * @category models
 * @since 0.1.0
 */
export interface Sampled<Name extends Estimator.EstimatorName = Estimator.EstimatorName> extends Hold {
  readonly _tag: "Sampled"
  readonly estimator: Name
  readonly logRatioBound: number
  readonly level: Level
}

/**
 * The estimators that are losses: all but k1, which differentiated as a loss does nothing on average.
 *
 * @category models
 * @since 0.1.0
 */
export type LossEstimator = Exclude<Estimator.EstimatorName, "rkl-k1-reward">

/**
 * A regulariser that is differentiated: what goes with every surrogate.
 *
 * @category models
 * @since 0.1.0
 */
export type AsLoss = { readonly _tag: "None" } | ExactVocabulary | Sampled<LossEstimator>

/**
 * Any regulariser: one as a loss; or k1 in the reward, which goes only with a surrogate that has an advantage to add it
 * to.
 *
 * @category models
 * @since 0.1.0
 */
export type Regulariser = AsLoss | Sampled<"rkl-k1-reward">

/**
 * The names under which the literature and `docs/theory.md` know the kinds of KL.
 *
 * @category models
 * @since 0.1.0
 */
export type Name = "none" | "fkl-exact-vocab" | "rkl-exact-vocab" | Estimator.EstimatorName

// constructors

/**
 * The policy answers to its advantages alone.
 *
 * @category constructors
 * @since 0.1.0
 */
export const none: { readonly _tag: "None" } = { _tag: "None" }

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

/**
 * π_ref is the first policy, for ever.
 *
 * @category constructors
 * @since 0.1.0
 */
export const frozen: Anchor = { _tag: "Frozen" }

/**
 * An exact KL over the vocabulary; to the plain, frozen reference, every response counting the same, where not said
 * otherwise.
 *
 * @category constructors
 * @since 0.1.0
 */
export const exact = (
  direction: "forward" | "reverse",
  coefficient: number,
  options: Partial<Hold> = {},
): ExactVocabulary => ({ _tag: "ExactVocabulary", direction, ...held(coefficient), ...options })

/**
 * A sampled KL; at token level with `Estimator.defaultLogRatioBound`, to the plain, frozen reference, where not said
 * otherwise.
 *
 * @category constructors
 * @since 0.1.0
 */
export const sampled = <Name extends Estimator.EstimatorName>(
  estimator: Name,
  coefficient: number,
  options: Partial<Omit<Sampled, "_tag" | "estimator">> = {},
): Sampled<Name> => ({
  _tag: "Sampled",
  estimator,
  ...held(coefficient),
  logRatioBound: Estimator.defaultLogRatioBound,
  level: "token",
  ...options,
})

/**
 * The regulariser of a name, with its coefficient, otherwise as the constructors make it.
 *
 * ```ts import.meta.vitest
 * import { Regulariser } from "@rapo/rapo"
 * Regulariser.ofName("rkl-exact-vocab", 0.1)._tag // => "ExactVocabulary"
 * Regulariser.ofName("k3-weighted", 0.1)._tag // => "Sampled"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const ofName = (name: Name, coefficient: number): Regulariser => {
  switch (name) {
    case "none":
      return none
    case "fkl-exact-vocab":
      return exact("forward", coefficient)
    case "rkl-exact-vocab":
      return exact("reverse", coefficient)
    // k1 apart, for a sampled estimator of either name is neither a loss nor a reward to the compiler
    case "rkl-k1-reward":
      return sampled(name, coefficient)
    case "rkl-k2-loss":
    case "k3-naive":
    case "k3-weighted":
    case "fkl-naive":
    case "fkl-weighted":
      return sampled(name, coefficient)
  }
}

// refinements

/**
 * Whether the KL enters through the advantage, as a reward, and not as a loss that is differentiated.
 *
 * @category refinements
 * @since 0.1.0
 */
export const shapesAdvantage = (regulariser: Regulariser): regulariser is Sampled<"rkl-k1-reward"> =>
  regulariser._tag === "Sampled" && regulariser.estimator === "rkl-k1-reward"

/**
 * Whether the KL counts at all.
 *
 * @category refinements
 * @since 0.1.0
 */
export const holds = (regulariser: Regulariser): regulariser is ExactVocabulary | Sampled =>
  regulariser._tag !== "None" && regulariser.coefficient !== 0

// combinators

/**
 * The advantage once a KL in the reward has been taken off.
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
  ({ coefficient }: Sampled<"rkl-k1-reward">, advantage: A, logRatio: A): A =>
    R.add(advantage, R.mul(R.of(coefficient), R.stopGradient(logRatio)))

// numerics

const held = (coefficient: number): Hold => ({
  coefficient,
  reference: plain,
  anchor: frozen,
  weighting: "uniform",
})
