/**
 * Products of matrices, one pair a batch entry (see `matMul.ts` for the transposed factors).
 *
 *     C_n = A_n B_n           dA = dC Bᵀ,  dB = Aᵀ dC
 *     C_n = A_n B_nᵀ          dA = dC B,   dB = dCᵀ A
 *
 * **Shapes**  A: [N, i, j]; B: [N, j, k], and [N, k, j] where it is transposed; C: [N, i, k].
 */
import { Gradient } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { timesTransposed, transposeLast, transposedTimes, transposesFirst } from "./matMul.ts"

/** A B. */
export const batchedMatMul = Gradient.withPullbacks(
  (a: tf.Tensor3D, b: tf.Tensor3D) => ({ value: tf.matMul<tf.Tensor3D>(a, b), saved: [a, b] as const }),
  (dc, [a, b]) => [timesTransposed(dc, b), transposedTimes(a, dc)] as const,
)

/** A Bᵀ: where transposing comes first, its copy serves the gradient too. */
export const batchedTimesTransposed = (a: tf.Tensor3D, b: tf.Tensor3D): tf.Tensor3D =>
  transposesFirst() ? batchedMatMul(a, transposeLast(b)) : asItLies(a, b)

const asItLies = Gradient.withPullbacks(
  (a: tf.Tensor3D, b: tf.Tensor3D) => ({ value: timesTransposed(a, b), saved: [a, b] as const }),
  (dc, [a, b]) => [tf.matMul(dc, b), transposedTimes(dc, a)] as const,
)
