/**
 * RAPO: exploration by a forward KL to a reward-reweighted reference.
 *
 *     J = E (1/G) Σ_i [ g_i - α KL(π̂_ref ‖ π_θ) + β H(π_θ) ],    π̂_ref(y|x) = π_ref(y|x)^{φ(r(x,y))} / Z
 *
 * with g the clipped surrogate with standardised advantages. [paper] for this equation; the paper's values of
 * φ, α, β, G, ε and the level of the ratio are not known to us. What was not known is *ours*, in two readings:
 *
 * | | `rapo`, the default | `literal` |
 * |---|---|---|
 * | π̂_ref | token level: log_softmax(φ · logits_ref), Z exact | the same [ours] |
 * | KL | exact over the vocabulary: the gradient is the forward KL's [ours] | ρ ln ρ - ρ + 1 a response [paper] |
 * | its gradient on-policy | ∇ KL(π̂_ref ‖ π) | ∇ ½ E_π̂ ln²(π̂_ref/π), not the forward KL's |
 * | anchor | frozen [ours] | moving: π_ref ← π_θ each iteration [paper] |
 *
 * | default | value | from |
 * |---|---|---|
 * | α | 0.1 | [ours] |
 * | φ_min | 0.8 | [ours] |
 * | β | 0 | [ours] |
 * | ε | 0.2 | [code] SimpleRL-Zoo, whose setting the paper builds on |
 * | bound of ln ρ | 5 | [ours]: `Estimator.defaultLogRatioBound` |
 *
 * A moving anchor with φ_min < 1 and one inner step flattens the policy without end: nothing holds it [ours, measured].
 *
 * Source: Deng, Wei, Yu, Wu (2025), arXiv 2510.03865, as secondary sources report it.
 */
import type { PolicyGradientObjective } from "../Objective.ts"
import * as Phi from "../Phi.ts"
import * as Regulariser from "../Regulariser.ts"
import { unregularised } from "./Arms.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export interface Parameters {
  /** α, the coefficient of the KL. */
  readonly alpha: number
  /** φ_min: 1 is the plain reference, 0 flattens it wholly where the answer is wrong. */
  readonly phiMinimum: number
  /** β, the coefficient of the entropy. */
  readonly beta: number
}

/**
 * @category constants
 * @since 0.1.0
 */
export const defaults: Parameters = { alpha: 0.1, phiMinimum: 0.8, beta: 0 }

// constructors

/**
 * RAPO in the default reading, with some parameters chosen.
 *
 * ```ts import.meta.vitest
 * import { Rapo } from "@rapo/rapo"
 * Rapo.withParameters({ alpha: 0.03 }).regulariser._tag // => "ExactVocabulary"
 * ```
 *
 * @category objectives
 * @since 0.1.0
 */
export const withParameters = (parameters: Partial<Parameters>): PolicyGradientObjective => {
  const { alpha, phiMinimum, beta } = { ...defaults, ...parameters }
  return {
    ...unregularised,
    name: `RAPO, α = ${alpha}, φ_min = ${phiMinimum}`,
    regulariser: Regulariser.exact("forward", alpha, {
      reference: Regulariser.reweighted(Phi.binary(phiMinimum)),
    }),
    entropy: beta,
  }
}

/**
 * RAPO in the default reading.
 *
 * @category objectives
 * @since 0.1.0
 */
export const rapo: PolicyGradientObjective = withParameters({})

/**
 * RAPO to the letter: one sampled ρ ln ρ - ρ + 1 a response, and a reference renewed every iteration.
 *
 * @category objectives
 * @since 0.1.0
 */
export const literalWithParameters = (parameters: Partial<Parameters>): PolicyGradientObjective => {
  const { alpha, phiMinimum, beta } = { ...defaults, ...parameters }
  return {
    ...unregularised,
    name: `RAPO to the letter, α = ${alpha}, φ_min = ${phiMinimum}`,
    regulariser: Regulariser.sampled("fkl-naive", alpha, {
      reference: Regulariser.reweighted(Phi.binary(phiMinimum)),
      anchor: { _tag: "Moving", every: 1, resetsOptimiser: false },
      level: "sequence",
    }),
    entropy: beta,
  }
}

/**
 * RAPO to the letter, with the default parameters.
 *
 * @category objectives
 * @since 0.1.0
 */
export const literal: PolicyGradientObjective = literalWithParameters({})
