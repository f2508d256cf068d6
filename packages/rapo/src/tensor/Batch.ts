/**
 * What a loss over tensors is of: the twin of the pure `Batch`.
 */
import type * as tf from "@tensorflow/tfjs-core"
import type { Projection } from "./Projection.ts"

// model

/**
 * All of a batch but what models say of it.
 *
 * A batch, or a micro-batch with the counts of the whole: B responses, T positions, a vocabulary of V. Fields that may be
 * absent are those that `Objective.needs` names.
 *
 * @category models
 * @since 0.1.0
 */
export interface Given {
  /** int32 [B, T], below V. */
  readonly tokens: tf.Tensor2D
  /** float32 [B, T], 1 on the tokens of the response, `<eos>` included, 0 elsewhere. Padding stands on the right. */
  readonly mask: tf.Tensor2D
  /** [B], what each response's reward is worth: `Credit`. */
  readonly advantages: tf.Tensor1D
  /** [B] */
  readonly rewards: tf.Tensor1D
  /** [B, T]; undefined means on-policy: π_old is π_θ taken as constant, so that r = 1 with gradient. */
  readonly oldLogProbs: tf.Tensor2D | undefined
  /** Tokens of the whole batch, so that micro-batches add up. */
  readonly tokenCount: tf.Scalar | number
  /** Responses of the whole batch. */
  readonly sequenceCount: number
  /** G: every G rows are one group. Absent: the batch is one group. */
  readonly groupSize?: number | undefined
  /** [B], weights of the KL. Absent: 1. */
  readonly klWeights?: tf.Tensor1D | undefined
  /** [B, T], ln μ of the policy that sampled. Absent: μ = π_old. */
  readonly behaviourLogProbs?: tf.Tensor2D | undefined
  /** [B, T], mean over the vocabulary of ln π_old. */
  readonly oldMeanLogProbs?: tf.Tensor2D | undefined
  /** [B], 1 for responses of another's, else 0. Absent: none is. */
  readonly isDemonstration?: tf.Tensor1D | undefined
  /** Z of the target distribution. */
  readonly partition?: number | undefined
}

/**
 * A batch with the logits of all its tokens.
 *
 * **Domain**  logits are finite, at masked positions too; their values there do not matter.
 *
 * @category models
 * @since 0.1.0
 */
export interface Batch extends Given {
  /** [B, T, V], of the policy; the loss is differentiated by them. */
  readonly logits: tf.Tensor3D
  /** [B, T, V]; needed if and only if `Objective.needsReference`. */
  readonly referenceLogits: tf.Tensor3D | undefined
}

/**
 * A batch with the hidden states [B·T, C] from which logits come: what is left when there is no room for [B, T, V].
 *
 * @category models
 * @since 0.1.0
 */
export interface ProjectedBatch extends Given {
  /** The loss is differentiated by its hidden states, and by its head unless that is frozen. */
  readonly policy: Projection
  readonly isHeadFrozen: boolean
  /** A constant; needed if and only if `Objective.needsReference`. */
  readonly reference: Projection | undefined
  /** How many rows of [rows, V] make a chunk: `Projection.rowsPerChunk`. */
  readonly rows: number
}
