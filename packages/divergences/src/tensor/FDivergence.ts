/**
 * f-divergences over a vocabulary, from log-probabilities: the generators of `FDivergence`, interpreted over tensors.
 *
 *     D_f(p ‖ q) = Σ_v q_v f(p_v/q_v)
 *
 * One formula for the whole family, differentiated by the engine in either argument. KL has kernels of its own in `KL`,
 * which are cheaper and have no bound on the ratio.
 */
import { Real } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"
import type { FDivergence } from "../f/Model.ts"

// combinators

/**
 * D_f(p ‖ q) at every position.
 *
 * **Shapes**   logP, logQ [..., V], normalised and finite, as `Categorical.logSoftmax` gives them; result [...].
 * **Gradient** to both log-probabilities, by the engine. Total variation has 0 where p = q.
 * **Domain**   ratios whose f is a float32: |ln p − ln q| ≤ 40 for squares, 80 for the logarithmic members.
 * **Numerics** float32; near p = q an absolute error of about 1e-7, since f(1 + u) cancels down to u².
 *
 * ```ts import.meta.vitest
 * import * as tf from "@tensorflow/tfjs"
 * import { FDivergence } from "@rapo/divergences"
 * import { FDivergence as TensorFDivergence } from "@rapo/divergences/tensor"
 * await tf.setBackend("cpu")
 * const [logP, logQ] = [tf.log(tf.tensor([0.75, 0.25])), tf.log(tf.tensor([0.5, 0.5]))]
 * TensorFDivergence.divergence(FDivergence.pearson)(logP, logQ).arraySync() // ≈ 0.25
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const divergence =
  (d: FDivergence) =>
  (logP: tf.Tensor, logQ: tf.Tensor): tf.Tensor => {
    const ratio = tf.exp(tf.sub(logP, logQ))
    return tf.sum(tf.mul(tf.exp(logQ), d.generator(Real.Real())(ratio)), -1)
  }
