/**
 * What a loss is of: the logits of a few responses, what was sampled, and how it was judged.
 */
import type * as Aggregation from "./Aggregation.ts"

// model

/**
 * A batch, or a micro-batch with the counts of the whole.
 *
 * `oldLogProbs` undefined means on-policy: π_old is π_θ taken as constant. `referenceLogits` are needed if and only if
 * `Objective.needsReference`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Batch<A> extends Aggregation.Counts {
  /** [B, T, V], of the policy. */
  readonly logits: ReadonlyArray<ReadonlyArray<ReadonlyArray<A>>>
  /** [B, T], below V. */
  readonly tokens: ReadonlyArray<ReadonlyArray<number>>
  /** [B, T], 1 on the tokens of the response, `<eos>` included, 0 elsewhere. */
  readonly mask: ReadonlyArray<ReadonlyArray<number>>
  /** [B] */
  readonly advantages: ReadonlyArray<number>
  /** [B] */
  readonly rewards: ReadonlyArray<number>
  /** [B, T] */
  readonly oldLogProbs: ReadonlyArray<ReadonlyArray<number>> | undefined
  /** [B, T, V] */
  readonly referenceLogits: ReadonlyArray<ReadonlyArray<ReadonlyArray<number>>> | undefined
}
