/**
 * An affine map of rows.
 *
 *     y = x W + b          dx = dy Wᵀ,  dW = xᵀ dy,  db = Σ_rows dy
 *
 * **Shapes**  x: [N, in]; W: [in, out]; b: [out]; y: [N, out].
 *
 * Hugging Face stores W as [out, in]; the checkpoint reader transposes it once (`Checkpoint.ts`). The gradient is
 * spelled out because tfjs's own uses `transposeA`/`transposeB`, which on the wasm backend leave XNNPACK for a loop
 * that is an order of magnitude slower; an explicit transpose does not.
 */
import * as tf from "@tensorflow/tfjs-core"
import { customGradient } from "./customGradient.ts"

/** See the module header. `bias` is optional. */
export const linear = (x: tf.Tensor2D, weight: tf.Tensor2D, bias?: tf.Tensor1D): tf.Tensor2D => {
  const product = multiply(x, weight)
  return bias === undefined ? product : tf.add(product, bias)
}

const multiply = customGradient<readonly [tf.Tensor2D, tf.Tensor2D], tf.Tensor2D>(
  (x, weight) => ({ value: tf.matMul(x, weight), save: [x, weight] }),
  (dy, saved) => {
    const [x, weight] = saved as [tf.Tensor2D, tf.Tensor2D]
    return [tf.matMul(dy, tf.transpose(weight)), tf.matMul(tf.transpose(x), dy)]
  },
)
