import * as fc from "fast-check"
import { test } from "vitest"
import { Aggregation, Laws } from "../src/index.ts"
import * as arb from "./arbitraries.ts"

/** Rounding of a sum of at most 30 weights. */
const tolerance = 1e-13

test("[A8] the weights of micro-batches are those of the whole", () => {
  fc.assert(fc.property(arb.aggregation, arb.mask, fc.nat({ max: 5 }), Laws.aggregationAdditive))
})

test("[A8] the weights of a mean sum to 1", () => {
  fc.assert(
    fc.property(arb.aggregation, arb.mask, (aggregation, mask) =>
      Laws.meansAreNormalised(tolerance)(aggregation, mask, Aggregation.countsOf(mask)),
    ),
  )
})

test("[A8] a response weighs |o|/tokens, 1/B, or |o|/(L B)", () => {
  fc.assert(fc.property(arb.aggregation, arb.mask, Laws.sharesOfResponses(tolerance)))
})

test("masked tokens weigh nothing, and an empty response harms nobody", () => {
  fc.assert(
    fc.property(arb.aggregation, arb.mask, (aggregation, mask) => {
      const withEmpty = [...mask, (mask[0] ?? []).map(() => 0)]
      return Aggregation.weights(aggregation, withEmpty, Aggregation.countsOf(withEmpty)).every((row, b) =>
        row.every((w, t) => (withEmpty[b]?.[t] === 0 ? w === 0 : w > 0)),
      )
    }),
  )
})

test("totals of shares are totals, and what is relative to peers sums to zero", () => {
  fc.assert(
    fc.property(arb.rowsAndGroupSize, ([rows, groupSize]) =>
      Laws.reductionsAgree(tolerance)(rows, groupSize),
    ),
  )
})
