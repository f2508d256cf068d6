import * as fc from "fast-check"
import { expect, test } from "vitest"
import { AliasTable, Autoregressive, Categorical, Laws, PlackettLuce, Sampling, Seed } from "../src/index.ts"
import { categorical, right, seed, uniform } from "./arbitraries.ts"

test("[D7] draws are a stream in the support", () =>
  fc.assert(fc.property(categorical, fc.nat({ max: 10 }), seed, Laws.samplesAreAStream)))
test("[D7] the inverse cdf is monotone", () =>
  fc.assert(fc.property(categorical, uniform, uniform, Laws.inverseCdfMonotone)))

/** 5 standard deviations, at a fixed seed. */
const bound = Laws.binomialBound(5)

test("[D7] frequencies are the probabilities, for both ways of sampling", () => {
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

test("[D7] no outcome of probability 0, at either end", () => {
  const p = right(Categorical.fromWeights([0, 1, 0]))
  expect([0, 5e-324, 0.5, 1].map((u) => Sampling.inverseCdf(p, u))).toEqual([1, 1, 1, 1])
})

test("[D7] the inverse cdf sends an interval of length p_i to i", () => {
  const p = right(Categorical.fromWeights([3, 0, 1, 4]))
  const n = 4096
  const counts = [0, 0, 0, 0]
  for (const m of Array.from({ length: n }).keys()) {
    const i = Sampling.inverseCdf(p, (m + 0.5) / n)
    counts[i] = (counts[i] ?? 0) + 1
  }
  expect(counts.map((count) => count / n)).toEqual([3 / 8, 0, 1 / 8, 1 / 2])
})

test("[D7] Gumbel-max has the law p, by chi-square over sixteen outcomes", () => {
  const p = right(Categorical.fromLogits(Array.from({ length: 16 }, (_, i) => 2 * Math.sin(i))))
  const counts = Array.from({ length: 16 }, () => 0)
  for (const m of Array.from({ length: 20_000 }).keys()) {
    const i = Sampling.gumbelMax(p, Seed.child(Seed.fromInteger(21), m))
    counts[i] = (counts[i] ?? 0) + 1
  }
  // 4 standard deviations: about 3 in 100,000 seeds would fail.
  expect(Laws.chiSquareBelow(4)(counts, Categorical.probabilities(p))).toBe(true)
  expect(Laws.chiSquareBelow(4)(counts, Categorical.probabilities(Categorical.escort(p, 0.9)))).toBe(false)
})

test("draws are pinned: a change here changes every recorded run", () => {
  const p = right(Categorical.fromWeights([1, 2, 3, 4, 0, 5]))
  const seed = Seed.fromInteger(2026)
  const model = right(
    Autoregressive.make(
      Autoregressive.indexed(() => p),
      8,
      (token) => token === 0,
    ),
  )
  expect({
    inverse: Sampling.samples(p, 12, seed),
    alias: AliasTable.samples(AliasTable.make(p), 12, seed),
    gumbel: Array.from({ length: 12 }, (_, i) => Sampling.gumbelMax(p, Seed.child(seed, i))),
    withoutReplacement: right(PlackettLuce.sample(p, 5, seed)),
    sequence: Autoregressive.sample(model, seed),
  }).toMatchInlineSnapshot(`
    {
      "alias": [
        5,
        2,
        2,
        3,
        5,
        5,
        5,
        3,
        3,
        5,
        1,
        3,
      ],
      "gumbel": [
        3,
        1,
        5,
        3,
        2,
        2,
        2,
        2,
        3,
        3,
        3,
        0,
      ],
      "inverse": [
        5,
        2,
        3,
        3,
        2,
        0,
        5,
        5,
        5,
        2,
        5,
        3,
      ],
      "sequence": [
        2,
        2,
        5,
        3,
        5,
        3,
        2,
        2,
      ],
      "withoutReplacement": [
        0,
        5,
        3,
        2,
        1,
      ],
    }
  `)
})
