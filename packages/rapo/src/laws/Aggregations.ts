/** Laws of aggregation, and of the reductions that objectives use: predicates. */
import { Float64 } from "@rapo/distributions"
import type { Aggregation, Counts } from "../Aggregation.ts"
import { countsOf, weights } from "../Aggregation.ts"
import type { Rows } from "../Tokenwise.ts"
import { ofRows } from "../Tokenwise.ts"

type Numbers = ReadonlyArray<number>

const total = (xs: Numbers): number => xs.reduce((a, b) => a + b, 0)

/** The weights of a batch are those of its two parts, when all are told the counts of the whole. */
export const aggregationAdditive = (
  aggregation: Aggregation,
  mask: ReadonlyArray<Numbers>,
  cut: number,
): boolean => {
  const counts = countsOf(mask)
  const parts = [mask.slice(0, cut), mask.slice(cut)].flatMap((part) => weights(aggregation, part, counts))
  return parts.every((row, b) => row.every((w, t) => w === weights(aggregation, mask, counts)[b]?.[t]))
}

/** A mean's weights sum to 1 when no response is empty. */
export const meansAreNormalised =
  (tolerance: number) =>
  (aggregation: Aggregation, mask: ReadonlyArray<Numbers>, counts: Counts): boolean =>
    aggregation._tag === "Constant" ||
    Math.abs(total(weights(aggregation, mask, counts).flat()) - 1) <= tolerance

/** A response's share of the loss: |o|/tokens, 1/B, or |o|/(L B). */
export const sharesOfResponses =
  (tolerance: number) =>
  (aggregation: Aggregation, mask: ReadonlyArray<Numbers>): boolean => {
    const counts = countsOf(mask)
    const share = (length: number): number => {
      switch (aggregation._tag) {
        case "TokenMean":
          return length / counts.tokenCount
        case "SequenceMean":
          return 1 / counts.sequenceCount
        case "Constant":
          return length / (aggregation.length * counts.sequenceCount)
      }
    }
    return weights(aggregation, mask, counts).every(
      (row, b) => Math.abs(total(row) - share(total(mask[b] ?? []))) <= tolerance,
    )
  }

/** total ∘ share ∘ total = total, and what is relative to peers sums to 0 over every group. */
export const reductionsAgree =
  (tolerance: number) =>
  (rows: Rows<number>, groupSize: number): boolean => {
    const W = ofRows(Float64.Real)(
      rows.map(({ length }) => length),
      groupSize,
    )
    const [sums, again] = [W.total(rows), W.total(W.share(W.total(rows)))]
    const relative = W.relativeToPeers(rows).map(([first]) => first ?? 0)
    const scale = 1 + total(rows.flat().map((x) => Math.abs(x)))
    return (
      sums.every((row, b) =>
        row.every((x, t) => Math.abs(x - (again[b]?.[t] ?? NaN)) <= tolerance * scale),
      ) &&
      relative.every((_, b) => {
        const first = b - (b % groupSize)
        return Math.abs(total(relative.slice(first, first + groupSize))) <= tolerance * scale * groupSize
      })
    )
  }
