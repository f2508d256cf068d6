/**
 * Softmax over any `Real`: what gradients in the logits are computed through.
 *
 *     ln π_i = z_i − ln Σ_j e^{z_j},      ∂ ln π_i / ∂ z_j = δ_ij − π_j
 *
 * Over `Dual` it makes gradient laws of softmax policies into equations. For plain numbers prefer
 * `LogSpace.logSoftmax`, which keeps more digits.
 */
import type { Real } from "./Real.ts"
import { sum } from "./Real.ts"

// combinators

/**
 * The log-probabilities of logits.
 *
 * **Domain** at least one logit, all finite.
 *
 * ```ts import.meta.vitest
 * import { Dual, Softmax } from "@rapo/distributions"
 * const logits = [Dual.variable(0), Dual.constant(0)]
 * Softmax.logProbs(Dual.Real)(logits).map((l) => l.derivative) // => [0.5, -0.5]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const logProbs =
  <A>(R: Real<A>) =>
  (logits: ReadonlyArray<A>): ReadonlyArray<A> => {
    const shift = R.stopGradient(logits.reduce((a, b) => R.max(a, b)))
    const shifted = logits.map((z) => R.sub(z, shift))
    const logTotal = R.log(sum(R)(shifted.map(R.exp)))
    return shifted.map((z) => R.sub(z, logTotal))
  }

/**
 * The probabilities of logits.
 *
 * @category combinators
 * @since 0.1.0
 */
export const probs =
  <A>(R: Real<A>) =>
  (logits: ReadonlyArray<A>): ReadonlyArray<A> =>
    logProbs(R)(logits).map(R.exp)
