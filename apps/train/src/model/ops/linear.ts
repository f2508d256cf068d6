/**
 * An affine map of rows.
 *
 *     y = x W + b          dx = dy Wᵀ,  dW = xᵀ dy,  db = Σ_rows dy
 *
 * **Shapes**  x: [N, in]; W: [in, out]; b: [out]; y: [N, out].
 *
 * Hugging Face stores W as [out, in]; the checkpoint reader transposes it once (`Checkpoint.ts`). The gradient is
 * spelled out because tfjs's own uses `transposeA`/`transposeB`, which on the wasm backend leave XNNPACK for a loop
 * that is an order of magnitude slower; an explicit transpose does not. dW is computed only where it is asked for: under
 * LoRA the matrices are frozen.
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
  [(dy, [, weight]) => tf.matMul(dy, tf.transpose(weight)), (dy, [x]) => tf.matMul(tf.transpose(x), dy)],
)
