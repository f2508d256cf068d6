/**
 * Products of matrices, one pair a batch entry.
 *
 *     C_n = A_n B_n           dA = dC Bᵀ,  dB = Aᵀ dC
 *     C_n = A_n B_nᵀ          dA = dC B,   dB = dCᵀ A
 *
 * **Shapes**  A: [N, i, j]; B: [N, j, k], and [N, k, j] where it is transposed; C: [N, i, k].
 */
import { Gradient } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"

/** A B. */
export const batchedMatMul = Gradient.withPullbacks(
  (a: tf.Tensor3D, b: tf.Tensor3D) => ({ value: tf.matMul<tf.Tensor3D>(a, b), saved: [a, b] as const }),
  (dc, [a, b]) => [tf.matMul(dc, b, false, true), tf.matMul(a, dc, true, false)] as const,
)

/** A Bᵀ. */
export const batchedTimesTransposed = Gradient.withPullbacks(
  (a: tf.Tensor3D, b: tf.Tensor3D) => ({
    value: tf.matMul<tf.Tensor3D>(a, b, false, true),
    saved: [a, b] as const,
  }),
  (dc, [a, b]) => [tf.matMul(dc, b), tf.matMul(dc, a, true, false)] as const,
)
