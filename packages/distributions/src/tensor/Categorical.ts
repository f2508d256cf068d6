/**
 * Categorical distributions from logits [..., V], over tensors: the twin of `Categorical` that trains.
 *
 * Written for few and cheap operations: on the wasm backend every operation costs at least 16 µs, an exponential
 * 20 ns and a broadcast comparison 150 ns an element, while softmax (XNNPACK) costs 5 ns and clipping 1 ns. The gradients are
 * closed forms. float32 throughout; nothing is disposed here, so call inside `tf.tidy` or a gradient function.
 */
import * as tf from "@tensorflow/tfjs-core"
import { smallestUniform } from "../Sampling.ts"
import { withPullback } from "./Gradient.ts"

// model

/**
 * A normalised batch of distributions, both ways.
 *
 * @category models
 * @since 0.1.0
 */
export interface Normalised {
  /** ln π, [..., V], finite: at least about `logZero`. */
  readonly logProbs: tf.Tensor
  /** π, [..., V]. */
  readonly probs: tf.Tensor
}

// constructors

/**
 * Stands for ln 0: no log-probability is below it, so everything stays finite, 0 · ln 0 = 0 included, for a token that
 * is excluded by a logit of −∞. *Ours*: XNNPACK's softmax gives 1.4e-45 for such a token, and 1.4e-45 · 1e30 is still
 * nothing, while a probability of 1e-6 times 1e30 in a divergence cannot be overlooked.
 *
 * @category constructors
 * @since 0.1.0
 */
export const logZero = -1e30

/**
 * The values of log-softmax and softmax together, without a gradient: a building block for closed forms.
 *
 *     ln π = (z − m) + ln s,   m = max z,   s = max softmax(z) = 1 / Σ e^{z − m}
 *
 * **Shapes**   [..., V] -> [..., V] twice.
 * **Domain**   logits in [−∞, ∞), at least one of each row finite.
 * **Numerics** a few float32 roundings of ln π itself, at any size of the logits, because m is taken off first; no
 * exponential besides softmax's own.
 *
 * @category constructors
 * @since 0.1.0
 */
export const normalise = (logits: tf.Tensor): Normalised => {
  const probs = tf.softmax(logits)
  const shifted = tf.clipByValue(tf.sub(logits, tf.max(logits, -1, true)), logZero, 0)
  return { logProbs: tf.add(shifted, tf.log(tf.max(probs, -1, true))), probs }
}

// combinators

/**
 * The log-probabilities of logits.
 *
 * **Shapes**   [..., V] -> [..., V].
 * **Gradient** dz = dy − π Σ dy.
 * **Domain**   as for `normalise`; the results are finite, about `logZero` for a logit of −∞.
 *
 * ```ts import.meta.vitest
 * import * as tf from "@tensorflow/tfjs"
 * import { Categorical } from "@rapo/distributions/tensor"
 * await tf.setBackend("cpu")
 * Categorical.logSoftmax(tf.tensor([[1000, 0, -1000]])).arraySync() // => [[0, -1000, -2000]]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const logSoftmax: (logits: tf.Tensor) => tf.Tensor = withPullback(
  (logits) => {
    const { logProbs, probs } = normalise(logits)
    return { value: logProbs, saved: [probs] as const }
  },
  (dy, [pi]) => tf.sub(dy, tf.mul(pi, tf.sum(dy, -1, true))),
)

/**
 * The entropies, in nats.
 *
 *     H = −Σ π ln π
 *
 * **Shapes**   [..., V] -> [...].
 * **Gradient** ∇_z H = −π (ln π + H).
 *
 * ```ts import.meta.vitest
 * import * as tf from "@tensorflow/tfjs"
 * import { Categorical } from "@rapo/distributions/tensor"
 * await tf.setBackend("cpu")
 * Categorical.entropy(tf.tensor([0, 0, -Infinity])).arraySync() // ≈ 0.69315
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const entropy: (logits: tf.Tensor) => tf.Tensor = withPullback(
  (logits) => {
    const { logProbs, probs } = normalise(logits)
    const terms = tf.mul(probs, logProbs)
    const minusH = tf.sum(terms, -1, true)
    return { value: tf.neg(tf.squeeze(minusH, [-1])), saved: [probs, terms, minusH] as const }
  },
  (dy, [pi, piLogPi, minusH]) => tf.mul(tf.sub(tf.mul(pi, minusH), piLogPi), tf.expandDims(dy, -1)),
)

/**
 * The log-probabilities of given tokens.
 *
 *     gatherLogProbs(l, id)_b = l_{b, id_b} = Σ_v [v = id_b] l_{b,v}
 *
 * By a one-hot product, because the wasm backend has no gradient for `gather` (it lacks `UnsortedSegmentSum`).
 *
 * **Shapes**   logProbs [..., V], finite (those of `logSoftmax` are); ids [...], int32 in [0, V); result [...]; V ≥ 2.
 * **Gradient** dl = [v = id] dy; ids have none.
 *
 * ```ts import.meta.vitest
 * import * as tf from "@tensorflow/tfjs"
 * import { Categorical } from "@rapo/distributions/tensor"
 * await tf.setBackend("cpu")
 * Categorical.gatherLogProbs(tf.tensor([[-1, -2], [-3, -4]]), tf.tensor1d([1, 0], "int32")).arraySync() // => [-2, -3]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const gatherLogProbs = (logProbs: tf.Tensor, ids: tf.Tensor): tf.Tensor =>
  withPullback(
    (l) => {
      // int32, then cast: whatever type it is asked for, the wasm backend's one-hot writes 32-bit integers (tfjs 4.22),
      // which read as float32 are 1.4e-45, and which run past the end of a buffer of bools.
      const chosen = tf.cast(tf.oneHot(ids, l.shape.at(-1) ?? 0), "float32")
      return { value: tf.sum(tf.mul(chosen, l), -1), saved: [chosen] as const }
    },
    (dy, [chosen]) => tf.mul(chosen, tf.expandDims(dy, -1)),
  )(logProbs)

/**
 * One token for each row: the first whose cumulative probability reaches u times the total.
 *
 *     id_b = |{ v : F_{b,v} < u_b F_{b,V−1} }|,   F = cumsum(softmax(z))
 *
 * No clipping is needed at the end: F_{V−1} itself is never below u F_{V−1}. A token whose logit is −∞, or so small
 * that its probability is 0 in float32, is never drawn where the backend's cumsum does not decrease (those of cpu and
 * wasm add from left to right).
 *
 * **Shapes** logits [B, V], uniforms [B] in [0, 1]; result [B], int32.  **Gradient** none.
 *
 * ```ts import.meta.vitest
 * import * as tf from "@tensorflow/tfjs"
 * import { Categorical } from "@rapo/distributions/tensor"
 * await tf.setBackend("cpu")
 * const logits = tf.tensor2d([[-Infinity, 0, 0], [0, 0, -Infinity]])
 * Categorical.sampleInverseCdf(logits, tf.tensor1d([0, 1])).arraySync() // => [1, 1]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const sampleInverseCdf = (logits: tf.Tensor2D, uniforms: tf.Tensor1D): tf.Tensor1D =>
  tf.tidy(() => {
    const [rows, vocabulary] = logits.shape
    // Axis 1 and not −1: the wasm backend's cumsum reads outside its memory at a negative axis (tfjs 4.22).
    const cdf = tf.cumsum(tf.softmax(logits), 1)
    const total = tf.slice(cdf, [0, vocabulary - 1], [rows, 1])
    const target = tf.mul(tf.expandDims(tf.clipByValue(uniforms, smallestUniform, 1), -1), total)
    // step(x) = [x > 0], by far cheaper on wasm than a comparison with broadcasting.
    return tf.cast(tf.sum(tf.step(tf.sub(target, cdf)), 1), "int32")
  })
