/**
 * RAST's combination of logits over tensors: the twin of `Rast` of `@rapo/rapo`.
 */
import { Real } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { combine } from "../objectives/Rast.ts"

// combinators

/**
 * z_L + λ (z_RL - z_base).
 *
 * **Shapes**  three of [..., V];  result: [..., V].
 *
 * @category combinators
 * @since 0.1.0
 */
export const logits =
  (lambda: number) =>
  ({
    large,
    tuned,
    base,
  }: {
    readonly large: tf.Tensor
    readonly tuned: tf.Tensor
    readonly base: tf.Tensor
  }): tf.Tensor =>
    tf.tidy(() => combine(Real.Real())(lambda)(large, tuned, base))
