/**
 * A token for each of some rows of logits over a vocabulary, by two inverse cdfs: see `Vocabulary.sample`.
 */
import * as tf from "@tensorflow/tfjs-core"
import { smallestUniform } from "../../Sampling.ts"

/** **Shapes** z: [n, V]; uniforms: [n]; result: int32 [n]. */
export const draw = (z: tf.Tensor, uniforms: tf.Tensor): tf.Tensor => {
  const [n = 0, v = 0] = z.shape
  const block = Math.ceil(Math.sqrt(v))
  const blocks = Math.ceil(v / block)
  const probs = tf.tidy(() =>
    tf.reshape(
      tf.pad(tf.softmax(z), [
        [0, 0],
        [0, blocks * block - v],
      ]),
      [n, blocks, block],
    ),
  )
  // Positive axes: the wasm backend's cumsum reads outside its memory at a negative one (tfjs 4.22).
  const totals = tf.cumsum(tf.sum(probs, 2), 1)
  const target = tf.mul(
    tf.expandDims(tf.clipByValue(uniforms, smallestUniform, 1), 1),
    tf.slice(totals, [0, blocks - 1], [n, 1]),
  )
  // step(x) = [x > 0], by far cheaper on wasm than a comparison with broadcasting.
  const passed = tf.step(tf.sub(target, totals))
  const chosen = tf.cast(tf.sum(passed, 1), "int32")
  // The total of the blocks that were passed is the largest of their cumulative sums, or 0.
  const rest = tf.sub(target, tf.max(tf.mul(passed, totals), 1, true))
  const places = tf.add(tf.mul(tf.range(0, n, 1, "int32"), tf.scalar(blocks, "int32")), chosen)
  const within = tf.cumsum(tf.gather(tf.reshape(probs, [n * blocks, block]), places), 1)
  // The block's own total may round below what is left of u: the last possible token is then the answer.
  const inside = tf.minimum(rest, tf.slice(within, [0, block - 1], [n, 1]))
  const offset = tf.cast(tf.sum(tf.step(tf.sub(inside, within)), 1), "int32")
  return tf.add(tf.mul(chosen, tf.scalar(block, "int32")), offset)
}
