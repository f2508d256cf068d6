/**
 * The exact KLs over a large vocabulary, a few rows at a time: the values and gradients of `KL` in less memory.
 *
 *     forward  ∇_z KL(p ‖ π) = π − p,   reverse  ∇_z KL(π ‖ p) = π ∘ (ln π − ln p − KL)
 *
 * With N positions and V = 151,936 tokens every [N, V] matrix is 0.6 MB a position. `KL` keeps two or three of them until
 * the gradient; here nothing is kept but the logits that the caller holds anyway, each chunk's softmax is made, used and
 * dropped, and made again for the gradient. So the extra memory is that of a chunk, for a second softmax of work.
 */
import { Categorical, Gradient } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"

// combinators

/**
 * KL(p ‖ π) at every position, `rows` positions at a time.
 *
 * **Shapes**   referenceLogits, policyLogits [..., V]; result [...].
 * **Units**    nats, float32.
 * **Gradient** (π − p) dy to the policy's logits; none to the reference.
 * **Domain**   rows ≥ 1; logits as for `Categorical.normalise`. Log-probabilities are logits, too.
 * **Laws**     equal to `KL.forwardKL` at every `rows`.
 *
 * ```ts import.meta.vitest
 * import * as tf from "@tensorflow/tfjs"
 * import { ChunkedKL } from "@rapo/divergences/tensor"
 * await tf.setBackend("cpu")
 * const reference = tf.log(tf.tensor2d([[0.5, 0.5]]))
 * ChunkedKL.forwardKL(8)(reference, tf.log(tf.tensor2d([[0.25, 0.75]]))).dataSync()[0] // ≈ 0.14384
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const forwardKL =
  (rows: number) =>
  (referenceLogits: tf.Tensor, policyLogits: tf.Tensor): tf.Tensor =>
    inChunks(rows, forward)(referenceLogits, policyLogits)

/**
 * KL(π ‖ p) at every position, `rows` positions at a time.
 *
 * **Shapes**   referenceLogits, policyLogits [..., V]; result [...].
 * **Units**    nats, float32.
 * **Gradient** π (ln π − ln p − KL) dy to the policy's logits; none to the reference.
 * **Domain**   as for `forwardKL`.
 * **Laws**     equal to `KL.reverseKL` at every `rows`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const reverseKL =
  (rows: number) =>
  (referenceLogits: tf.Tensor, policyLogits: tf.Tensor): tf.Tensor =>
    inChunks(rows, reverse)(referenceLogits, policyLogits)

// numerics

type OfRows = (p: Categorical.Normalised, pi: Categorical.Normalised) => tf.Tensor

/** What a divergence is, [n, V] twice -> [n], and its gradient in the logits of π, -> [n, V]. */
interface Kernel {
  readonly value: OfRows
  readonly gradient: OfRows
}

const forward: Kernel = {
  value: (p, pi) => tf.sum(tf.mul(p.probs, tf.sub(p.logProbs, pi.logProbs)), -1),
  gradient: (p, pi) => tf.sub(pi.probs, p.probs),
}

const reverseTerms: OfRows = (p, pi) => tf.mul(pi.probs, tf.sub(pi.logProbs, p.logProbs))

const reverse: Kernel = {
  value: (p, pi) => tf.sum(reverseTerms(p, pi), -1),
  gradient: (p, pi) => {
    const terms = reverseTerms(p, pi)
    return tf.sub(terms, tf.mul(pi.probs, tf.sum(terms, -1, true)))
  },
}

const inChunks =
  (rows: number, { value, gradient }: Kernel) =>
  (referenceLogits: tf.Tensor, policyLogits: tf.Tensor): tf.Tensor =>
    Gradient.withPullbacks(
      (z: tf.Tensor) => ({
        value: tf.reshape(
          eachChunk(rows, referenceLogits, z, (p, pi) => value(p, pi)),
          z.shape.slice(0, -1),
        ),
        saved: [referenceLogits, z] as const,
      }),
      (dy, [reference, z]) => {
        const scale = tf.reshape(dy, [-1, 1])
        const scaled = eachChunk(rows, reference, z, (p, pi, first, count) =>
          tf.mul(gradient(p, pi), tf.slice(scale, [first, 0], [count, 1])),
        )
        return [tf.reshape(scaled, z.shape)] as const
      },
    )(policyLogits)

/** The results for each chunk of rows, one below the other; a chunk's own tensors are dropped before the next. */
const eachChunk = (
  rows: number,
  reference: tf.Tensor,
  policy: tf.Tensor,
  f: (p: Categorical.Normalised, pi: Categorical.Normalised, first: number, count: number) => tf.Tensor,
): tf.Tensor => {
  const vocabulary = policy.shape.at(-1) ?? 1
  const [p, pi] = [tf.reshape(reference, [-1, vocabulary]), tf.reshape(policy, [-1, vocabulary])]
  const total = policy.size / vocabulary
  const chunks = Array.from({ length: Math.ceil(total / rows) }, (_, c) =>
    tf.tidy(() => {
      const first = c * rows
      const count = Math.min(rows, total - first)
      const part = (x: tf.Tensor): Categorical.Normalised =>
        Categorical.normalise(tf.slice(x, [first, 0], [count, vocabulary]))
      return f(part(p), part(pi), first, count)
    }),
  )
  return tf.concat(chunks, 0)
}
