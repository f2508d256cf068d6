/**
 * Products of matrices, one pair a batch entry, with explicit transposes in the gradient (see `linear.ts`).
 *
 *     C_n = A_n B_n          dA = dC Bᵀ,  dB = Aᵀ dC
 *
 * **Shapes**  A: [N, i, j]; B: [N, j, k]; C: [N, i, k].
 */
import * as tf from "@tensorflow/tfjs-core"
import { customGradient } from "./customGradient.ts"

/** See the module header. */
export const batchedMatMul = customGradient<readonly [tf.Tensor3D, tf.Tensor3D], tf.Tensor3D>(
  (a, b) => ({ value: tf.matMul(a, b), save: [a, b] }),
  (dc, saved) => {
    const [a, b] = saved as [tf.Tensor3D, tf.Tensor3D]
    return [tf.matMul(dc, transposeLast(b)), tf.matMul(transposeLast(a), dc)]
  },
)

/** [N, i, j] to [N, j, i]. */
export const transposeLast = (a: tf.Tensor3D): tf.Tensor3D => tf.transpose(a, [0, 2, 1])
