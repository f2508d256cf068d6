import * as fc from "fast-check"
import { expect, test } from "vitest"
import { AliasTable, Categorical, Laws, Seed } from "../src/index.ts"
import { categorical, right } from "./arbitraries.ts"

/** Twelve columns: 12 u p_i + u, with room for the exponentials that p_i itself is known by. */
const rounding = Laws.closeTo(1e-14)

test("[D7] the table adds up to p, and what is impossible stays so", () =>
  fc.assert(fc.property(categorical, Laws.aliasReconstructs(rounding))))

/** Weights that are multiples of 1/64 with total 1, over a power of two of outcomes: every step is exact. */
const dyadic = fc
  .tuple(fc.constantFrom(1, 2, 4, 8), fc.array(fc.nat({ max: 7 }), { minLength: 64, maxLength: 64 }))
  .map(([k, throws]) => {
    const weights = Array.from({ length: k }, (_, i) => throws.filter((x) => x % k === i).length / 64)
    return { weights, table: AliasTable.make(right(Categorical.fromProbabilities(weights))) }
  })

test("[D7] for dyadic probabilities the table is p to the last bit of the exponentials", () =>
  fc.assert(
    fc.property(dyadic, ({ weights, table }) =>
      AliasTable.probabilities(table).every((x, i) => Math.abs(x - (weights[i] ?? 0)) <= 2 ** -50),
    ),
  ))
test("[D7] a grid of columns and shares is sent to i as often as p says", () =>
  fc.assert(
    // Shares are multiples of 8/64 up to rounding, which midpoints of a grid of 64 do not see.
    fc.property(dyadic, ({ table }) => Laws.aliasGrid(Laws.closeTo(1e-12))(table, 64)),
  ))

test("[D7] frequencies of alias draws", () => {
  const p = right(Categorical.fromWeights([1, 0, 5, 0.01, 10, 3, 3, 7]))
  const draws = AliasTable.samples(AliasTable.make(p), 40_000, Seed.fromInteger(5))
  const counts = Array.from({ length: 8 }, (_, i) => draws.filter((x) => x === i).length)
  expect(Laws.chiSquareBelow(4)(counts, Categorical.probabilities(p))).toBe(true)
  // The bound is one that another distribution fails.
  expect(Laws.chiSquareBelow(4)(counts, Categorical.probabilities(Categorical.escort(p, 0.9)))).toBe(false)
})
