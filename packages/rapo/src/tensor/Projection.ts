/**
 * Statistics of next-token distributions from hidden states and the head, without the logits of all tokens.
 *
 *     z = h W,   y_k = statistic_k(softmax z),   dz = Σ_k dy_k ∂y_k/∂z,   dh = dz Wᵀ,   dW = hᵀ dz
 *
 * A row of logits over V = 151,936 tokens is 0.6 MB, and a batch has tens of thousands of rows. Here some rows at a time
 * are projected, used and dropped, and projected again for the gradient: for one more product with the head, at most
 * `workingCopies` chunks of [rows, V] live at once, whatever the number of tokens, beside the head and its gradient.
 *
 * Laws (tests): values and gradients equal those from whole logits, at every number of rows; the peak of memory does not
 * grow with tokens × V.
 *
 * **Shapes**  h: [N, C]; W: [C, V], or its transpose E: [V, C] where it is the embedding; y: [K, N].
 */
import { Categorical, Gradient, Vocabulary } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"
import * as Statistic from "./Statistic.ts"

// model

/**
 * What logits are made of.
 *
 * @category models
 * @since 0.1.0
 */
export interface Projection {
  /** [N, C] */
  readonly hidden: tf.Tensor2D
  readonly head: Head
}

/**
 * The matrix after which logits come, as it is held: "in-out" is W, "out-in" its transpose, the embedding of tied models.
 *
 * **Domain**  a parameter: not disposed of before the gradient has been taken.
 *
 * @category models
 * @since 0.1.0
 */
export interface Head {
  readonly weight: tf.Tensor2D
  readonly layout: "in-out" | "out-in"
}

/**
 * @category models
 * @since 0.1.0
 */
export interface Projections {
  readonly policy: Projection
  /** Whether the head has no gradient. */
  readonly isHeadFrozen: boolean
  /** π_ref, a constant; needed where a statistic is of it. */
  readonly reference: Projection | undefined
  /** φ of each row's response, [N, 1], where the reference is reweighted. */
  readonly phi: tf.Tensor2D | undefined
  /** int32 [N] */
  readonly ids: tf.Tensor1D
  /** How many rows make a chunk. */
  readonly rows: number
}

// constructors

/**
 * The number of rows that make a chunk unless said otherwise: `Vocabulary.rowsPerChunk`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const rowsPerChunk: (vocabulary: number, bytes?: number) => number = Vocabulary.rowsPerChunk

// combinators

/**
 * The statistics of every row: [K, N], in the order in which they are asked for.
 *
 * **Gradient** to the policy's hidden states, and to its head where that is not frozen.
 *
 * @category combinators
 * @since 0.1.0
 */
export const statistics = (
  asked: ReadonlyArray<Statistic.Statistic>,
  projections: Projections,
): tf.Tensor2D => {
  const { policy, isHeadFrozen, ids, phi } = projections
  // The head and the reference outlive the gradient; the rest may not, and is saved for it.
  return Gradient.withPullbacks<ReadonlyArray<tf.Tensor>, tf.Tensor2D, ReadonlyArray<tf.Tensor>>(
    () => ({
      value: valuesOf(asked, projections),
      saved: [policy.hidden, ids, ...(phi === undefined ? [] : [phi])],
    }),
    (dy, [hidden, savedIds, savedPhi]) =>
      gradientsOf(
        asked,
        {
          ...projections,
          policy: { ...policy, hidden: hidden as tf.Tensor2D },
          ids: savedIds as tf.Tensor1D,
          phi: savedPhi as tf.Tensor2D | undefined,
        },
        dy,
      ),
  )(...(isHeadFrozen ? ([policy.hidden] as const) : ([policy.hidden, policy.head.weight] as const)))
}

// numerics

const valuesOf = (asked: ReadonlyArray<Statistic.Statistic>, projections: Projections): tf.Tensor2D =>
  tf.tidy(() => {
    const rowsAt = chunkedRows(projections)
    const chunks = starts(projections).map((from) =>
      tf.tidy(() => {
        const rows = rowsAt(from)
        return tf.stack(asked.map((statistic) => tf.tidy(() => Statistic.valueOf(statistic, rows))))
      }),
    )
    return joined(chunks, 1) as tf.Tensor2D
  })

/** dh, and after it dW where the head is not frozen. */
const gradientsOf = (
  asked: ReadonlyArray<Statistic.Statistic>,
  projections: Projections,
  dy: tf.Tensor2D,
): Array<tf.Tensor> =>
  tf.tidy(() => {
    const { isHeadFrozen, policy } = projections
    const { hidden, head } = policy
    const { weight, layout } = head
    const rowsAt = chunkedRows(projections)
    const back = layout === "out-in" ? weight : tf.transpose(weight)
    const gradient = asked
      .map((statistic, k) => ({ statistic, k }))
      .filter((each) => Statistic.hasGradient(each.statistic))
    let dHead: tf.Tensor | undefined
    const dHidden = starts(projections).map((from) => {
      const dz = tf.tidy(() => {
        const rows = rowsAt(from)
        const count = rows.ids.size
        return gradient
          .map(({ statistic, k }) =>
            tf.tidy(() => {
              const upstream = tf.reshape(tf.slice(dy, [k, from], [1, count]), [count, 1])
              return Statistic.pullbackOf(statistic, rows, upstream)
            }),
          )
          .reduce((sum, term) => tf.add(sum, term)) as tf.Tensor2D
      })
      if (!isHeadFrozen) {
        const before = dHead
        dHead = tf.tidy(() => {
          const h = tf.slice(hidden, [from, 0], [dz.shape[0], hidden.shape[1]])
          const own = layout === "out-in" ? tf.matMul(tf.transpose(dz), h) : tf.matMul(tf.transpose(h), dz)
          return before === undefined ? own : tf.add(before, own)
        })
        before?.dispose()
      }
      const dh = tf.matMul(dz, back)
      dz.dispose()
      return dh
    })
    return dHead === undefined ? [joined(dHidden, 0)] : [joined(dHidden, 0), dHead]
  })

/** The chunk that begins at a row, as statistics see it. */
const chunkedRows = ({
  policy,
  reference,
  phi,
  ids,
  rows,
}: Projections): ((from: number) => Statistic.Rows) => {
  const forward = new Map<tf.Tensor2D, tf.Tensor2D>()
  /** W, made once for all chunks, and for policy and reference where they share a head. */
  const matrix = ({ weight, layout }: Head): tf.Tensor2D => {
    const made = forward.get(weight) ?? (layout === "in-out" ? weight : tf.transpose(weight))
    forward.set(weight, made)
    return made
  }
  const logits = (h: tf.Tensor2D, w: tf.Tensor2D, from: number, count: number): tf.Tensor =>
    tf.matMul(tf.slice(h, [from, 0], [count, h.shape[1]]), w)
  const policyHead = matrix(policy.head)
  const referenceHead = reference && matrix(reference.head)
  return (from) => {
    const count = Math.min(rows, ids.size - from)
    return {
      policy: normalised(() => logits(policy.hidden, policyHead, from, count)),
      ids: tf.slice(ids, [from], [count]),
      reference: (of) => {
        if (reference === undefined || referenceHead === undefined)
          throw new Error("bug: a statistic is of a reference that is not there")
        return normalised(() => {
          const z = logits(reference.hidden, referenceHead, from, count)
          if (of._tag === "Plain") return z
          if (phi === undefined) throw new Error("bug: a reweighted reference has a φ for each row")
          return tf.mul(z, tf.slice(phi, [from, 0], [count, 1]))
        })
      },
    }
  }
}

/** π and ln π; the logits are dropped. */
const normalised = (logits: () => tf.Tensor): Categorical.Normalised => {
  const [logProbs, probs] = tf.tidy(() => {
    const both = Categorical.normalise(logits())
    return [both.logProbs, both.probs] as [tf.Tensor, tf.Tensor]
  })
  return { logProbs, probs }
}

const starts = ({ rows, ids }: Projections): ReadonlyArray<number> =>
  Array.from({ length: Math.ceil(ids.size / rows) }, (_, i) => i * rows)

const joined = (pieces: ReadonlyArray<tf.Tensor>, axis: number): tf.Tensor =>
  pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : tf.concat([...pieces], axis)
