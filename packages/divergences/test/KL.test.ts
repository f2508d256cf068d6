import { Categorical, Laws as DistributionLaws } from "@rapo/distributions"
import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { describe, expect, test } from "vitest"
import { KL, Laws } from "../src/index.ts"
import { pair, pairWithZeros, right, weightedPairs } from "./arbitraries.ts"

/** A dozen roundings of logarithms up to 60. */
const rounding = DistributionLaws.closeTo(1e-12)
/** KL is quadratic in the distance: a KL of 1e-12 allows probabilities to differ by √2e-12, by Pinsker. */
const sameDistribution = Categorical.getEq(2e-6)

describe("laws", () => {
  test("Gibbs", () => fc.assert(fc.property(pair, ([p, q]) => Laws.gibbs(rounding, sameDistribution)(p, q))))
  test("infinite exactly off the support, never NaN", () =>
    fc.assert(fc.property(pairWithZeros, ([p, q]) => Laws.infiniteOffSupport(p, q))))
  test("Pinsker", () => fc.assert(fc.property(pair, ([p, q]) => Laws.pinsker(rounding)(p, q))))
  test("data processing under random coarse-graining", () =>
    fc.assert(
      fc.property(
        fc.oneof(pair, pairWithZeros),
        fc.array(fc.nat({ max: 2 }), { minLength: 8, maxLength: 8 }),
        ([p, q], f) => Laws.dataProcessing(rounding)(p, q, (i) => f[i] ?? 0, 3),
      ),
    ))
  test("joint convexity", () =>
    fc.assert(fc.property(weightedPairs, ([w, pairs]) => Laws.jointConvexity(rounding)(w, pairs))))
  test("the two directions are each other's mirror", () =>
    fc.assert(
      fc.property(pair, ([p, q]) => {
        const forward = right(KL.forward(p, q))
        return forward === right(KL.kl(p, q)) && forward === right(KL.reverse(q, p))
      }),
    ))
})

test("sizes that differ are an error with both sizes", () => {
  const [two, three] = [right(Categorical.uniform(2)), right(Categorical.uniform(3))]
  expect(KL.kl(three, two)).toEqual(E.left({ _tag: "SupportMismatch", expected: 3, actual: 2 }))
})

test("a probability too small for a double still has its divergence", () => {
  const p = right(Categorical.fromLogits([0, -800]))
  const q = right(Categorical.fromLogits([0, -Infinity]))
  expect(right(KL.kl(p, q))).toBe(Infinity)
  expect(right(KL.kl(q, p))).toBe(0)
})
