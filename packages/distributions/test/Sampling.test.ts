import * as fc from "fast-check"
import { expect, test } from "vitest"
import { Categorical, Laws, Sampling, Seed } from "../src/index.ts"
import { categorical, right, seed, uniform } from "./arbitraries.ts"

test("draws are a stream in the support", () =>
  fc.assert(fc.property(categorical, fc.nat({ max: 10 }), seed, Laws.samplesAreAStream)))
test("the inverse cdf is monotone", () =>
  fc.assert(fc.property(categorical, uniform, uniform, Laws.inverseCdfMonotone)))

/** 5 standard deviations, at a fixed seed. */
const bound = Laws.binomialBound(5)

test("frequencies are the probabilities, for both ways of sampling", () => {
  const p = right(Categorical.fromWeights([1, 0, 5, 0.01, 10]))
  const n = 20_000
  const root = Seed.fromInteger(2)
  const inverse = Sampling.samples(p, n, root)
  const gumbel = Array.from({ length: n }, (_, i) => Sampling.gumbelMax(p, Seed.child(root, i)))
  for (const draws of [inverse, gumbel]) {
    const failures = Categorical.probabilities(p).filter(
      (probability, outcome) => !bound(draws.filter((draw) => draw === outcome).length, n, probability),
    )
    expect(failures).toEqual([])
  }
})

test("no outcome of probability 0, at either end", () => {
  const p = right(Categorical.fromWeights([0, 1, 0]))
  expect([0, 5e-324, 0.5, 1].map((u) => Sampling.inverseCdf(p, u))).toEqual([1, 1, 1, 1])
})
