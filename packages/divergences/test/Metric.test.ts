import { Categorical } from "@rapo/distributions"
import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { describe, expect, test } from "vitest"
import { FDivergence, Jeffreys, KL, Laws, Metric, UnnormalisedKL } from "../src/index.ts"
import { mildPair, nearPair, pair, pairWithZeros, right, triple, closeTo } from "./arbitraries.ts"

/** A dozen roundings of logarithms up to 60. */
const rounding = closeTo(1e-12)
const anyPair = fc.oneof(
  pair,
  mildPair,
  pairWithZeros,
  nearPair.map(([p, q]) => [p, q] as const),
)

describe.each([
  ["total variation", Metric.totalVariation],
  ["Hellinger", Metric.hellinger],
  ["√JS", Metric.jensenShannon],
] as const)("%s", (_, metric) => {
  test("[F6] is symmetric", () =>
    fc.assert(fc.property(anyPair, ([p, q]) => Laws.symmetric(rounding)(metric)(p, q))))
  test("[F6] has the triangle inequality", () =>
    fc.assert(fc.property(triple, ([p, q, r]) => Laws.triangle(rounding)(metric)(p, q, r))))
  test("[F6] has the triangle inequality among neighbours", () =>
    fc.assert(
      fc.property(nearPair, ([p, q, epsilon]) => {
        // Half-way in the logits: all three distances are of the order of ε, and so is the rounding allowed.
        const r = right(Categorical.fromLogits(p.logProbs.map((l, i) => (l + Categorical.logProb(q, i)) / 2)))
        const [pq, pr, rq] = [right(metric(p, q)), right(metric(p, r)), right(metric(r, q))]
        const slack = 1e-12 + 1e-7 * epsilon
        return pq - pr - rq <= slack && pr - pq - rq <= slack && pq >= pr / 2
      }),
    ))
  test("[F6] vanishes at equality only: it is at least TV/√2", () =>
    fc.assert(
      fc.property(
        anyPair,
        ([p, q]) =>
          right(metric(p, p)) === 0 &&
          right(metric(p, q)) >= (1 - 1e-9) * Math.SQRT1_2 * right(Metric.totalVariation(p, q)),
      ),
    ))
})

describe("relations", () => {
  test("[F6] Jensen–Shannon and Jeffreys are symmetric", () =>
    fc.assert(
      fc.property(
        anyPair,
        ([p, q]) =>
          Laws.symmetric(rounding)(FDivergence.divergence(FDivergence.jensenShannon))(p, q) &&
          Laws.symmetric(rounding)(Jeffreys.jeffreys)(p, q),
      ),
    ))
  test("[F6] Jeffreys is the sum of the two KLs", () =>
    fc.assert(
      fc.property(anyPair, ([p, q]) =>
        rounding.equals(right(Jeffreys.jeffreys(p, q)), right(KL.forward(p, q)) + right(KL.reverse(p, q))),
      ),
    ))
  test("Jensen–Shannon is the mean KL to the mixture", () =>
    fc.assert(
      fc.property(fc.oneof(pair, pairWithZeros), ([p, q]) => {
        const mean = right(Categorical.mixture(right(Categorical.uniform(2)), [p, q]))
        return rounding.equals(
          right(FDivergence.divergence(FDivergence.jensenShannon)(p, q)),
          (right(KL.kl(p, mean)) + right(KL.kl(q, mean))) / 2,
        )
      }),
    ))
  test("[F4] the distances and divergences bound one another", () =>
    fc.assert(fc.property(anyPair, ([p, q]) => Laws.sandwiched(rounding)(p, q))))
})

describe("KL of positive measures", () => {
  const measure = fc.array(
    fc.integer({ min: 1, max: 1000 }).map((n) => n / 100),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  const measures = measure.chain((p) =>
    fc
      .array(
        fc.integer({ min: 1, max: 1000 }).map((n) => n / 100),
        {
          minLength: p.length,
          maxLength: p.length,
        },
      )
      .map((q) => [p, q] as const),
  )
  const factor = fc.integer({ min: 1, max: 500 }).map((n) => n / 100)
  const D = (p: ReadonlyArray<number>, q: ReadonlyArray<number>): number =>
    right(UnnormalisedKL.unnormalisedKL(p, q))

  test("[F1] is not negative, and 0 at equality only", () =>
    fc.assert(
      fc.property(
        measures,
        ([p, q]) => D(p, p) === 0 && D(p, q) >= 0 && (D(p, q) > 0 || p.every((x, i) => x === q[i])),
      ),
    ))
  test("is homogeneous", () =>
    fc.assert(fc.property(measures, factor, ([p, q], c) => Laws.homogeneous(rounding)(c)(p, q))))
  test("from a scaled copy it is |p| (c − 1 − ln c)", () =>
    fc.assert(fc.property(measure, factor, (p, c) => Laws.scaledCopy(rounding)(c)(p))))
  test("on distributions it is KL", () =>
    fc.assert(fc.property(fc.oneof(pair, mildPair), ([p, q]) => Laws.isKLOnDistributions(rounding)(p, q))))
  test("refuses what is no measure, and measures over other outcomes", () => {
    expect(UnnormalisedKL.unnormalisedKL([1, NaN], [1, 1])).toEqual(
      E.left({ _tag: "NotAMeasure", index: 1, mass: NaN }),
    )
    expect(UnnormalisedKL.unnormalisedKL([1], [Infinity])).toEqual(
      E.left({ _tag: "NotAMeasure", index: 0, mass: Infinity }),
    )
    expect(UnnormalisedKL.unnormalisedKL([1], [1, 1])).toEqual(
      E.left({ _tag: "SupportMismatch", expected: 1, actual: 2 }),
    )
    expect(D([1], [0])).toBe(Infinity)
  })
})
