/**
 * Aggregation: the weight of each token in the loss, as data. Every loss is Σ_b Σ_t w_bt x_bt.
 *
 *     TokenMean      w_bt = m_bt / (tokens of the whole batch)            long responses count more
 *     SequenceMean   w_bt = m_bt / (|o_b| · responses of the whole batch)  each response counts the same
 *     Constant L     w_bt = m_bt / (L · responses of the whole batch)      no length enters
 *
 * with m the mask and |o_b| = Σ_t m_bt. Weights refer to the *whole* batch's counts, so losses of micro-batches add up.
 *
 * Laws (`Laws.ts`)
 * 1. Additive: the weights of a batch are those of its micro-batches, concatenated.
 * 2. TokenMean and SequenceMean weights sum to 1 over a batch without empty responses.
 * 3. Masked tokens weigh 0, and padding changes nothing.
 * 4. A response's weights sum to |o_b| / (all tokens), to 1/B, to |o_b| / (L · B). `sequenceSum` is L = 1 (LUSPO).
 *
 * Source: SequenceMean, GRPO (arXiv 2402.03300, equation 3); TokenMean, DAPO (arXiv 2503.14476); Constant, Dr. GRPO
 * (arXiv 2503.20783 and its code, `masked_sum`).
 */

// model

/**
 * @category models
 * @since 0.1.0
 */
export interface SequenceMean {
  readonly _tag: "SequenceMean"
}

/**
 * @category models
 * @since 0.1.0
 */
export type Aggregation =
  { readonly _tag: "TokenMean" } | SequenceMean | { readonly _tag: "Constant"; readonly length: number }

/**
 * The sizes of the whole batch, of which a micro-batch is a part.
 *
 * @category models
 * @since 0.1.0
 */
export interface Counts {
  readonly tokenCount: number
  readonly sequenceCount: number
}

// constructors

/**
 * Every token of the batch counts the same.
 *
 * @category constructors
 * @since 0.1.0
 */
export const tokenMean: Aggregation = { _tag: "TokenMean" }

/**
 * Every response counts the same.
 *
 * @category constructors
 * @since 0.1.0
 */
export const sequenceMean: SequenceMean = { _tag: "SequenceMean" }

/**
 * Every token counts as one response in its batch would: a response counts by its length.
 *
 * @category constructors
 * @since 0.1.0
 */
export const sequenceSum: Aggregation = { _tag: "Constant", length: 1 }

/**
 * The counts of a batch that is whole, from its mask.
 *
 * @category constructors
 * @since 0.1.0
 */
export const countsOf = (mask: ReadonlyArray<ReadonlyArray<number>>): Counts => ({
  tokenCount: mask.reduce((total, row) => total + lengthOf(row), 0),
  sequenceCount: mask.length,
})

// destructors

/**
 * The weight of every token.
 *
 * **Shapes**  mask: [B, T] of 0 and 1;  result: [B, T].
 * **Domain**  an empty response weighs 0.
 *
 * ```ts import.meta.vitest
 * import { Aggregation } from "@rapo/rapo"
 * const mask = [[1, 0], [1, 1]]
 * const counts = Aggregation.countsOf(mask)
 * Aggregation.weights({ _tag: "SequenceMean" }, mask, counts) // => [[0.5, 0], [0.25, 0.25]]
 * Aggregation.weights({ _tag: "Constant", length: 2 }, mask, counts) // => [[0.25, 0], [0.25, 0.25]]
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const weights = (
  aggregation: Aggregation,
  mask: ReadonlyArray<ReadonlyArray<number>>,
  counts: Counts,
): ReadonlyArray<ReadonlyArray<number>> =>
  mask.map((row) => {
    const total = totalOf(aggregation, lengthOf(row), counts)
    return row.map((m) => m / total)
  })

// numerics

const lengthOf = (row: ReadonlyArray<number>): number => row.reduce((total, m) => total + m, 0)

const totalOf = (aggregation: Aggregation, length: number, counts: Counts): number => {
  switch (aggregation._tag) {
    case "TokenMean":
      return counts.tokenCount
    case "SequenceMean":
      // an empty response has no tokens to weigh: any divisor but 0 serves
      return Math.max(length, 1) * counts.sequenceCount
    case "Constant":
      return aggregation.length * counts.sequenceCount
  }
}
