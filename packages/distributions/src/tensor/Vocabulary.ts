/**
 * Log-probabilities, entropies and draws over a large vocabulary, some rows at a time.
 *
 * A row of logits over V = 151,936 tokens is 0.6 MB, and log-softmax, entropy and their gradients each want several such
 * rows beside it. Here rows are processed in chunks, each disposed of before the next: besides the logits and the
 * results, [N], only `workingCopies` chunks of [rows, V] live at a time. Values and gradients are those of
 * `Categorical`'s kernels, which do all rows at once.
 *
 *     ln π(id) = z_id − m + ln s,   H = −Σ π (z − m) − ln s,   m = max z,   s = max π = 1 / Σ e^{z − m}
 *
 * What is gathered is one number a row, by `gather` from the flat chunk: 80 ns a *row* on wasm, where the one-hot product
 * of `Categorical.gatherLogProbs` touches all of [N, V]. It works for V = 1, and needs no gradient of `gather`, because
 * the gradients are closed forms.
 *
 * float32; results are kept tensors, so call inside `tf.tidy` or a gradient function.
 */
import * as tf from "@tensorflow/tfjs-core"
import { withPullback } from "./Gradient.ts"
import { draw } from "./internal/vocabularyDraw.ts"
import { backward, forward } from "./internal/vocabularyRows.ts"

// model

/**
 * Of the chosen tokens and of their distributions, one number a row.
 *
 * @category models
 * @since 0.1.0
 */
export interface Scores {
  /** ln π(id), [...]. */
  readonly logProbs: tf.Tensor
  /** H(π), [...], in nats. */
  readonly entropies: tf.Tensor
}

// constructors

/**
 * How many bytes of logits make a chunk unless more or fewer are asked for. *Ours*: a hundred rows of 151,936 tokens, for
 * which the overhead of operations is lost in their work, and small beside the logits of any training batch.
 *
 * @category constructors
 * @since 0.1.0
 */
export const chunkBytes: number = 64 * 2 ** 20

/**
 * The most buffers of [rows, V] that live at once beside the input and a gradient of its shape, the copy of the chunk
 * included. Counted by the test "memory", for the tensors that the engine knows of.
 *
 * @category constructors
 * @since 0.1.0
 */
export const workingCopies: { readonly score: number; readonly sample: number; readonly gradient: number } = {
  score: 4,
  sample: 3,
  gradient: 6,
}

/**
 * The number of rows of a vocabulary that make a chunk; at least 1.
 *
 * ```ts import.meta.vitest
 * import { Vocabulary } from "@rapo/distributions/tensor"
 * Vocabulary.rowsPerChunk(151_936) // => 110
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const rowsPerChunk = (vocabulary: number, bytes: number = chunkBytes): number =>
  Math.max(1, Math.floor(bytes / (4 * vocabulary)))

// combinators

/**
 * The log-probabilities of given tokens and the entropies, in one pass.
 *
 * **Shapes**   logits [..., V]; ids [...], int32 in [0, V); results [...].
 * **Gradient** dz = dl ([v = id] − π) − dH π (ln π + H), recomputed by chunks; only logits and ids are kept for it. The gradient
 * itself is [..., V], and is held twice while its chunks are joined. What is kept is shared with the input, except on wasm,
 * where the engine copies it (tfjs 4.22: its `Identity`).
 * **Domain**   logits in [−∞, ∞), one of each row finite; ln π of an excluded token is about `Categorical.logZero`.
 *
 * ```ts import.meta.vitest
 * import * as tf from "@tensorflow/tfjs"
 * import { Vocabulary } from "@rapo/distributions/tensor"
 * await tf.setBackend("cpu")
 * const { logProbs, entropies } = Vocabulary.score(tf.tensor2d([[0, 0], [0, -Infinity]]), tf.tensor1d([1, 0], "int32"))
 * logProbs.dataSync()[0] // ≈ -0.69315
 * entropies.dataSync()[0] // ≈ 0.69315
 * entropies.dataSync()[1] // ≈ 0
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const score = (
  logits: tf.Tensor,
  ids: tf.Tensor,
  rows: number = rowsPerChunk(width(logits)),
): Scores => {
  const shape = logits.shape.slice(0, -1)
  const flatIds = tf.reshape(ids, [-1])
  // Reshaped inside: the engine would keep a copy of the logits for the gradient of a reshape outside.
  const flat = (z: tf.Tensor): tf.Tensor => tf.reshape(z, [-1, width(logits)])
  const both = withPullback(
    (z) => ({
      value: inChunks([flat(z), flatIds], rows, 1, ([chunk, chosen]) => forward(chunk, chosen)),
      saved: [z, flatIds] as const,
    }),
    (dy, [z, chosen]) =>
      tf.reshape(
        inChunks([flat(z), chosen, tf.transpose(dy)], rows, 0, ([chunk, id, upstream]) =>
          backward(chunk, id, upstream),
        ),
        logits.shape,
      ),
  )(logits)
  const row = (i: number): tf.Tensor => tf.reshape(tf.slice(both, [i, 0], [1, both.shape[1] ?? 0]), shape)
  return { logProbs: row(0), entropies: row(1) }
}

/**
 * The log-probabilities of given tokens.
 *
 * **Shapes** logits [..., V]; ids [...], int32 in [0, V); result [...].  **Gradient** as for `score`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const logProbs = (logits: tf.Tensor, ids: tf.Tensor, rows?: number): tf.Tensor =>
  score(logits, ids, rows).logProbs

/**
 * The entropies, in nats.
 *
 * **Shapes** logits [..., V]; result [...].  **Gradient** as for `score`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const entropies = (logits: tf.Tensor, rows?: number): tf.Tensor =>
  score(logits, tf.zeros(logits.shape.slice(0, -1), "int32"), rows).entropies

/**
 * One token for each row: a block of about √V tokens by the inverse cdf, then a token of it by the inverse cdf of what is
 * left of u.
 *
 *     b = first block with F_b ≥ u F_last,   token = first of b with F_{b−1} + Σ_{v in b, v ≤ token} π_v ≥ u F_last
 *
 * In exact arithmetic this is `Categorical.sampleInverseCdf`. In float32 it is both faster, since cumulative sums touch
 * 2 √V numbers a row instead of V, and truer: a sum of 390 terms rounds less than one of 151,936, in which a tail of
 * probabilities below 3e-8 would vanish altogether. (Measured at V = 151,936 on 32 draws: all inside their exact interval,
 * where the plain sums miss by up to 3e-5 of probability.)
 *
 * **Shapes** logits [B, V], uniforms [B] in [0, 1]; result [B], int32.  **Gradient** none.
 * **Domain** a token whose logit is −∞ is never drawn.
 *
 * ```ts import.meta.vitest
 * import * as tf from "@tensorflow/tfjs"
 * import { Vocabulary } from "@rapo/distributions/tensor"
 * await tf.setBackend("cpu")
 * const logits = tf.tensor2d([[-Infinity, 0, 0], [0, 0, -Infinity]])
 * Vocabulary.sample(logits, tf.tensor1d([0, 1])).arraySync() // => [1, 1]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const sample = (
  logits: tf.Tensor2D,
  uniforms: tf.Tensor1D,
  rows: number = rowsPerChunk(width(logits)),
): tf.Tensor1D => tf.tidy(() => inChunks([logits, uniforms], rows, 0, ([z, u]) => draw(z, u)) as tf.Tensor1D)

// numerics

const width = (logits: tf.Tensor): number => logits.shape.at(-1) ?? 0

/** f of slices of `rows` rows of tensors that are alike in their first axis, joined along an axis of the results. */
const inChunks = <const Inputs extends ReadonlyArray<tf.Tensor>>(
  inputs: Inputs,
  rows: number,
  axis: number,
  f: (chunk: Inputs) => tf.Tensor,
): tf.Tensor => {
  const n = inputs[0]?.shape[0] ?? 0
  const starts = Array.from({ length: Math.ceil(n / rows) }, (_, i) => i * rows)
  const pieces = starts.map((start) =>
    tf.tidy(() =>
      f(
        inputs.map((x) =>
          tf.slice(
            x,
            [start, ...x.shape.slice(1).map(() => 0)],
            [Math.min(rows, n - start), ...x.shape.slice(1)],
          ),
        ) as unknown as Inputs,
      ),
    ),
  )
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : tf.concat(pieces, axis)
}
