/**
 * Exact KL divergences over a vocabulary, from the policy's logits, with closed-form gradients.
 *
 *     forward  KL(p ‖ π) = Σ_v p_v (ln p_v − ln π_v),    ∇_z = π − p
 *     reverse  KL(π ‖ p) = Σ_v π_v (ln π_v − ln p_v),    ∇_z = π ∘ (ln π − ln p − KL(π ‖ p))
 *
 * where π = softmax(z). There is no sampling noise, and no difference between what the value and what the gradient
 * estimate (contrast `Estimator`). The reference p is a constant.
 *
 * Sources: gradients derived here, checked against dual numbers and against the engine's own differentiation.
 */
import { Categorical, Gradient } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"

// combinators

/**
 * KL(p ‖ π) at every position.
 *
 * **Shapes**   referenceLogProbs [..., V] (finite, as `Categorical.logSoftmax` gives them), policyLogits [..., V]; result [...].
 * **Units**    nats, float32.
 * **Gradient** (π − p) dy to the policy's logits; none to the reference.
 * **Domain**   a token that only the policy excludes (logit −∞) counts with ln π = −1e30 instead of −∞: the result is huge
 * and finite.
 *
 * ```ts import.meta.vitest
 * import * as tf from "@tensorflow/tfjs"
 * import { KL } from "@rapo/divergences/tensor"
 * await tf.setBackend("cpu")
 * const reference = tf.log(tf.tensor([0.5, 0.5]))
 * KL.forwardKL(reference, tf.log(tf.tensor([0.25, 0.75]))).arraySync() // ≈ 0.14384
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const forwardKL = (referenceLogProbs: tf.Tensor, policyLogits: tf.Tensor): tf.Tensor =>
  Gradient.withPullback(
    (z) => {
      const { logProbs, probs } = Categorical.normalise(z)
      // The softmax of log-probabilities is the probabilities, and costs a fraction of an exponential.
      const p = tf.softmax(referenceLogProbs)
      return {
        value: tf.sum(tf.mul(p, tf.sub(referenceLogProbs, logProbs)), -1),
        saved: [probs, p] as const,
      }
    },
    (dy, [pi, p]) => tf.mul(tf.sub(pi, p), tf.expandDims(dy, -1)),
  )(policyLogits)

/**
 * KL(π ‖ p) at every position.
 *
 * **Shapes**   referenceLogProbs [..., V] (finite, as `Categorical.logSoftmax` gives them), policyLogits [..., V]; result [...].
 * **Units**    nats, float32.
 * **Gradient** π (ln π − ln p − KL) dy to the policy's logits; none to the reference.
 * **Domain**   a token that only the reference excludes (ln p = −1e30) makes the result huge and finite.
 *
 * ```ts import.meta.vitest
 * import * as tf from "@tensorflow/tfjs"
 * import { KL } from "@rapo/divergences/tensor"
 * await tf.setBackend("cpu")
 * const reference = tf.log(tf.tensor([0.5, 0.5]))
 * KL.reverseKL(reference, tf.log(tf.tensor([0.25, 0.75]))).arraySync() // ≈ 0.13081
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const reverseKL = (referenceLogProbs: tf.Tensor, policyLogits: tf.Tensor): tf.Tensor =>
  Gradient.withPullback(
    (z) => {
      const { logProbs, probs } = Categorical.normalise(z)
      const terms = tf.mul(probs, tf.sub(logProbs, referenceLogProbs))
      const divergence = tf.sum(terms, -1, true)
      return { value: tf.squeeze(divergence, [-1]), saved: [probs, terms, divergence] as const }
    },
    (dy, [pi, terms, divergence]) => tf.mul(tf.sub(terms, tf.mul(pi, divergence)), tf.expandDims(dy, -1)),
  )(policyLogits)
