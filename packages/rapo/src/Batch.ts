/**
 * What a loss is of: the logits of a few responses, what was sampled, and how it was judged.
 */
import type * as Aggregation from "./Aggregation.ts"

// model

type Matrix = ReadonlyArray<ReadonlyArray<number>>

/**
 * A batch, or a micro-batch with the counts of the whole. Fields that may be absent are those that `Objective.needs` names.
 *
 * @category models
 * @since 0.1.0
 */
export interface Batch<A> extends Aggregation.Counts {
  /** [B, T, V], of the policy. */
  readonly logits: ReadonlyArray<ReadonlyArray<ReadonlyArray<A>>>
  /** [B, T], below V. */
  readonly tokens: Matrix
  /** [B, T], 1 on the tokens of the response, `<eos>` included, 0 elsewhere. Padding stands on the right. */
  readonly mask: Matrix
  /** [B], what each response's reward is worth: `Credit`. */
  readonly advantages: ReadonlyArray<number>
  /** [B] */
  readonly rewards: ReadonlyArray<number>
  /** [B, T], ln π_old; undefined means on-policy: π_old is π_θ taken as constant. */
  readonly oldLogProbs: Matrix | undefined
  /** [B, T, V]; needed if and only if `Objective.needsReference`. */
  readonly referenceLogits: ReadonlyArray<Matrix> | undefined
  /** G: every G rows are one group. Absent: the batch is one group. */
  readonly groupSize?: number | undefined
  /** [B], weights of the KL. Absent: 1. */
  readonly klWeights?: ReadonlyArray<number> | undefined
  /** [B, T], ln μ of the policy that sampled. Absent: μ = π_old. */
  readonly behaviourLogProbs?: Matrix | undefined
  /** [B, T], mean over the vocabulary of ln π_old. */
  readonly oldMeanLogProbs?: Matrix | undefined
  /** [B], 1 for responses of another's, else 0. Absent: none is. */
  readonly isDemonstration?: ReadonlyArray<number> | undefined
  /** Z of the target distribution. */
  readonly partition?: number | undefined
}
