/**
 * Rows of a table, by index.
 *
 *     y_n = E[id_n]          dE[v] = Σ_{n: id_n = v} dy_n
 *
 * **Shapes**  E: [V, C]; ids: int32 [N]; y: [N, C].
 *
 * The gradient is a scatter, which every backend has (tfjs's own needs `UnsortedSegmentSum`, which wasm lacks). For a
 * small vocabulary the value is a product with one-hot rows: on wasm that is eight times faster than `gather`.
 */
import { Gradient } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"

/** Up to this vocabulary a one-hot product of N·V·C multiplications beats the wasm backend's `gather`. */
const oneHotLimit = 256

/** See the module header. */
export const embedding = (table: tf.Tensor2D, ids: tf.Tensor1D): tf.Tensor2D => {
  const [vocabulary, width] = table.shape
  return Gradient.withPullbacks(
    (rows: tf.Tensor2D) => {
      const value: tf.Tensor2D =
        vocabulary <= oneHotLimit ? tf.matMul(oneHot(ids, vocabulary), rows) : tf.gather(rows, ids)
      return { value, saved: [tf.reshape(ids, [-1, 1])] as const }
    },
    (dy, [at]) => [gradientOfTable(at, dy, [vocabulary, width])] as const,
  )(table)
}

/** dE from the upstream gradient of the rows of `ids`. */
export const gradientOfTable = (ids: tf.Tensor, dy: tf.Tensor2D, shape: [number, number]): tf.Tensor =>
  tf.scatterND(tf.reshape(ids, [-1, 1]), dy, shape)

// The wasm backend's one-hot writes integers whatever its dtype (tfjs 4.22): make it int32, then cast.
const oneHot = (ids: tf.Tensor1D, vocabulary: number): tf.Tensor2D =>
  tf.cast<tf.Tensor2D>(tf.oneHot(ids, vocabulary, 1, 0, "int32") as tf.Tensor2D, "float32")
