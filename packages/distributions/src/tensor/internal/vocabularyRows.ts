/**
 * Of some rows of logits over a vocabulary: what `Vocabulary.score` computes, and its gradient.
 *
 * **Shapes**  z: [n, V]; ids: int32 [n].
 */
import * as tf from "@tensorflow/tfjs-core"
import { logZero } from "../Categorical.ts"

interface Parts {
  readonly probs: tf.Tensor
  /** z − m, at least `logZero`. */
  readonly shifted: tf.Tensor
  /** ln s, [n, 1]. */
  readonly logTop: tf.Tensor
  /** H, [n, 1]. */
  readonly entropy: tf.Tensor
}

/**
 * The engine's own softmax divides by a float32 sum of V terms, which on wasm drifts: by 5e-5 at V = 151,936. What its probabilities
 * add up to, in stages, says by how much.
 */
const parts = (z: tf.Tensor): Parts => {
  const probs = tf.softmax(z)
  const shifted = tf.tidy(() => tf.clipByValue(tf.sub(z, tf.max(z, -1, true)), logZero, 0))
  return {
    probs,
    shifted,
    ...tf.tidy(() => {
      const mass = inStages(probs)
      const logTop = tf.sub(tf.log(tf.max(probs, -1, true)), tf.log(mass))
      const entropy = tf.neg(tf.add(tf.div(inStages(tf.mul(probs, shifted)), mass), logTop))
      return { logTop, entropy }
    }),
  }
}

/** Σ over the last axis, [n, 1]: of blocks, then of their sums, so that what is added up and what is added are of like size. */
const inStages = (x: tf.Tensor): tf.Tensor => {
  const [n = 0, v = 0] = x.shape
  const block = divisorNear(v)
  return tf.sum(tf.sum(tf.reshape(x, [n, v / block, block]), 2), 1, true)
}

/** The divisor of V next to √V, not above it: 128 of 151,936, in 1,187 blocks; 1, and so a plain sum, of a prime. */
const divisorNear = (v: number): number => {
  for (let block = Math.floor(Math.sqrt(v)); block > 1; block--) if (v % block === 0) return block
  return 1
}

/** [2, n]: ln π(id), then H. */
export const forward = (z: tf.Tensor, ids: tf.Tensor): tf.Tensor => {
  const { shifted, logTop, entropy } = parts(z)
  const [n = 0, v = 0] = z.shape
  const places = tf.add(tf.mul(tf.range(0, n, 1, "int32"), tf.scalar(v, "int32")), ids)
  const chosen = tf.add(tf.gather(tf.reshape(shifted, [-1]), places), tf.squeeze(logTop, [1]))
  return tf.stack([chosen, tf.squeeze(entropy, [1])])
}

/** [n, V] from upstream [n, 2]: dl δ − π (dl + dH (ln π + H)). */
export const backward = (z: tf.Tensor, ids: tf.Tensor, upstream: tf.Tensor): tf.Tensor => {
  const { probs, shifted, logTop, entropy } = parts(z)
  const [n = 0, v = 0] = z.shape
  const [dl, dH] = tf.split(upstream, 2, 1) as [tf.Tensor, tf.Tensor]
  const smooth = tf.tidy(() =>
    tf.mul(probs, tf.add(tf.mul(shifted, dH), tf.add(dl, tf.mul(dH, tf.add(logTop, entropy))))),
  )
  tf.dispose([probs, shifted])
  const places = tf.stack([tf.range(0, n, 1, "int32"), ids], 1)
  return tf.sub(tf.scatterND(places, tf.squeeze(dl, [1]), [n, v]), smooth)
}
