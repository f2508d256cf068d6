/**
 * The gated unit of the feed-forward block (Shazeer, 2020, arXiv 2002.05202).
 *
 *     y = silu(g) ∘ u,   silu(g) = g σ(g)
 *     du = dy ∘ silu(g),   dg = dy ∘ u ∘ (σ + silu(g)(1 − σ))
 *
 * **Shapes**  g, u, y: equal.
 */
import { Gradient } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"

/** See the module header. */
export const swiGlu = Gradient.withPullbacks(
  (gate: tf.Tensor2D, up: tf.Tensor2D) => {
    const sigma = tf.sigmoid(gate)
    const silu = tf.mul(gate, sigma)
    const value: tf.Tensor2D = tf.mul(silu, up)
    return { value, saved: [sigma, silu, up] as const }
  },
  (dy, [sigma, silu, up]) => {
    const slope = tf.add(sigma, tf.mul(silu, tf.sub(1, sigma)))
    return [tf.mul(tf.mul(dy, up), slope), tf.mul(dy, silu)] as const
  },
)
