/** A million outcomes: nothing is quadratic, overflows the stack, or loses the total. */
import * as E from "fp-ts/lib/Either.js"
import { describe, expect, test } from "vitest"
import { AliasTable, Categorical, Finite, Laws, LogSpace, Sampling, Seed } from "../src/index.ts"
import { right } from "./arbitraries.ts"

const k = 1_000_000
/** u (2 H + 3 ln K + 8) with H ≤ ln K: the bound of `LogSpace.logSoftmax`, summed. */
const normalisation = 2 ** -53 * (5 * Math.log(k) + 8)
const numbers = Array.from({ length: k }, (_, i) => i)

const normalised = (p: Categorical.Categorical): boolean =>
  Math.abs(LogSpace.sum(Categorical.probabilities(p)) - 1) <= normalisation

describe("[D2] every constructor at K = 1,000,000", () => {
  test.each<readonly [string, () => E.Either<unknown, Categorical.Categorical>]>([
    ["uniform", () => Categorical.uniform(k)],
    ["point mass", () => Categorical.pointMass(k, k - 1)],
    ["weights", () => Categorical.fromWeights(numbers)],
    ["weights from 1e-300", () => Categorical.fromWeights(numbers.map((i) => 10 ** (-300 * (i / k))))],
    ["logits", () => Categorical.fromLogits(numbers.map((i) => 300 * Math.sin(i)))],
    ["observations", () => Categorical.empirical(k, numbers)],
    ["geometric", () => Categorical.truncatedGeometric(1e-5, k)],
  ])("[D2] %s", (_, make) => expect(normalised(right(make()))).toBe(true))
})

describe("everything else at K = 1,000,000", () => {
  const p = right(Categorical.fromLogits(numbers.map((i) => 5 * Math.sin(i))))

  test.each<readonly [string, () => Categorical.Categorical]>([
    ["escort", () => Categorical.escort(p, 0.5)],
    ["condition", () => right(Categorical.condition(p, (i) => i % 2 === 0))],
    ["topP", () => right(Categorical.topP(p, 0.5))],
    ["map", () => right(Categorical.map(p, (i) => i % 1000, 1000))],
  ])("%s", (_, derive) => expect(normalised(derive())).toBe(true))

  test("entropy, mode, quantile", () => {
    expect(Categorical.entropy(p)).toBeLessThan(Math.log(k))
    expect(Categorical.entropy(right(Categorical.uniform(k)))).toBeCloseTo(Math.log(k), 12)
    expect(Categorical.logProb(p, Categorical.mode(p))).toBe(p.logProbs.reduce((a, b) => Math.max(a, b)))
    expect(Laws.quantileInvertsCdf(p, 0.3)).toBe(true)
  })
  test("[D7] alias table", () => {
    const table = AliasTable.probabilities(AliasTable.make(p))
    // K u p_i + u, with K p_i ≤ 30 here.
    expect(table.every((x, i) => Math.abs(x - Categorical.prob(p, i)) <= 32 * 2 ** -53)).toBe(true)
  })
  test("labels", () => {
    const labelled = right(Finite.fromCategorical(numbers, p))
    expect(Finite.size(Finite.map(labelled, (i) => i % 3))).toBe(3)
    expect(Finite.sample(labelled, Seed.fromInteger(1))).toBe(Sampling.sample(p, Seed.fromInteger(1)))
  })
})
