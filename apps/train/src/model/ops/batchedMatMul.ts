/**
 * Products of matrices, one pair a batch entry, with explicit transposes in the gradient (see `linear.ts`).
 *
 *     C_n = A_n B_n          dA = dC Bᵀ,  dB = Aᵀ dC
 *
 * **Shapes**  A: [N, i, j]; B: [N, j, k]; C: [N, i, k].
 */
import { Gradient } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"

/** See the module header. */
export const batchedMatMul = Gradient.withPullbacks(
  (a: tf.Tensor3D, b: tf.Tensor3D) => ({ value: tf.matMul(a, b), saved: [a, b] as const }),
  (dc, [a, b]) => [tf.matMul(dc, transposeLast(b)), tf.matMul(transposeLast(a), dc)] as const,
)

/** [N, i, j] to [N, j, i]. */
export const transposeLast = (a: tf.Tensor3D): tf.Tensor3D => tf.transpose(a, [0, 2, 1])
