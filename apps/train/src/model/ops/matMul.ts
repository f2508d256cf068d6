/**
 * Products with a transposed factor, each engine's best way: wasm transposes first, since with `transposeA` or `transposeB` it
 * leaves XNNPACK for a loop that is an order of magnitude slower; the others read the factor as it lies, so that a vocabulary's
 * matrix is not copied for every token.
 *
 * **Shapes**  a: [.., i, j]; b: [.., k, j] or [.., i, k]: matrices, or one pair a batch entry.
 */
import * as tf from "@tensorflow/tfjs-core"

/** Whether a transposed copy is the faster way. */
export const transposesFirst = (): boolean => tf.getBackend() === "wasm"

/** a bᵀ. */
export const timesTransposed = <T extends tf.Tensor2D | tf.Tensor3D>(a: T, b: T): T =>
  transposesFirst() ? tf.matMul<T>(a, transposeLast(b)) : tf.matMul<T>(a, b, false, true)

/** aᵀ b. */
export const transposedTimes = <T extends tf.Tensor2D | tf.Tensor3D>(a: T, b: T): T =>
  transposesFirst() ? tf.matMul<T>(transposeLast(a), b) : tf.matMul<T>(a, b, true, false)

/** The last two axes exchanged. */
export const transposeLast = <T extends tf.Tensor2D | tf.Tensor3D>(a: T): T =>
  tf.transpose<T>(a, a.rank === 2 ? [1, 0] : [0, 2, 1])
