/**
 * An affine map of rows.
 *
 *     y = x W + b          dx = dy Wᵀ,  dW = xᵀ dy,  db = Σ_rows dy
 *
 * **Shapes**  x: [N, in]; W: [in, out]; b: [out]; y: [N, out].
 *
 * Hugging Face stores W as [out, in]; the checkpoint reader transposes it once (`Checkpoint.ts`), but for an embedding that is the
 * head too, E: [out, in]. The gradient is spelled out so that dW is computed only where it is asked for: under LoRA the
 * matrices are frozen.
 */
import { Gradient } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"

/** See the module header. `bias` is optional. */
export const linear = (x: tf.Tensor2D, weight: tf.Tensor2D, bias?: tf.Tensor1D): tf.Tensor2D => {
  const product = multiply(x, weight)
  return bias === undefined ? product : tf.add(product, bias)
}

const multiply = Gradient.withPullbackEach(
  (x: tf.Tensor2D, weight: tf.Tensor2D) => {
    const value: tf.Tensor2D = tf.matMul(x, weight)
    return { value, saved: [x, weight] as const }
  },
  [(dy, [, weight]) => tf.matMul(dy, weight, false, true), (dy, [x]) => tf.matMul(x, dy, true, false)],
)

/** x Eᵀ, for E: [out, in]. */
export const linearTransposed = Gradient.withPullbackEach(
  (x: tf.Tensor2D, table: tf.Tensor2D) => {
    const value: tf.Tensor2D = tf.matMul(x, table, false, true)
    return { value, saved: [x, table] as const }
  },
  [(dy, [, table]) => tf.matMul(dy, table), (dy, [x]) => tf.matMul(dy, x, true, false)],
)
