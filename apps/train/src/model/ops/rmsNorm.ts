/**
 * Root mean square normalisation of rows (Zhang & Sennrich, 2019, arXiv 1910.07467).
 *
 *     y = w ∘ x̂,   x̂ = x r,   r = (mean x² + ε)^(−1/2)
 *     dx = r (g − x̂ mean(g ∘ x̂)) with g = dy ∘ w,   dw = Σ_rows dy ∘ x̂
 *
 * **Shapes**  x: [N, C]; w: [C]; y: [N, C].
 */
import { Gradient } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"

/** See the module header. */
export const rmsNorm = (epsilon: number): ((x: tf.Tensor2D, weight: tf.Tensor1D) => tf.Tensor2D) =>
  Gradient.withPullbacks(
    (x: tf.Tensor2D, weight: tf.Tensor1D) => {
      const scale: tf.Tensor2D = tf.rsqrt(tf.add(tf.mean(tf.square(x), 1, true), epsilon))
      const normalised: tf.Tensor2D = tf.mul(x, scale)
      const value: tf.Tensor2D = tf.mul(normalised, weight)
      return { value, saved: [normalised, scale, weight] as const }
    },
    (dy, [normalised, scale, weight]) => {
      const g = tf.mul(dy, weight)
      const along = tf.mean(tf.mul(g, normalised), 1, true)
      return [tf.mul(scale, tf.sub(g, tf.mul(normalised, along))), tf.sum(tf.mul(dy, normalised), 0)] as const
    },
  )
