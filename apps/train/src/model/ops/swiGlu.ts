/**
 * The gated unit of the feed-forward block (Shazeer, 2020, arXiv 2002.05202).
 *
 *     y = silu(g) ∘ u,   silu(g) = g σ(g)
 *     du = dy ∘ silu(g),   dg = dy ∘ u ∘ (σ + silu(g)(1 − σ))
 *
 * **Shapes**  g, u, y: equal.
 */
import * as tf from "@tensorflow/tfjs-core"
import { customGradient } from "./customGradient.ts"

/** See the module header. */
export const swiGlu = customGradient<readonly [tf.Tensor2D, tf.Tensor2D], tf.Tensor2D>(
  (gate, up) => {
    const sigma = tf.sigmoid(gate)
    const silu = tf.mul(gate, sigma)
    return { value: tf.mul(silu, up), save: [sigma, silu, up] }
  },
  (dy, saved) => {
    const [sigma, silu, up] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D]
    const slope = tf.add(sigma, tf.mul(silu, tf.sub(1, sigma)))
    return [tf.mul(tf.mul(dy, up), slope), tf.mul(dy, silu)]
  },
)
