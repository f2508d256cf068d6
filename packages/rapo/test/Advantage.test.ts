import * as fc from "fast-check"
import { expect, test } from "vitest"
import { Advantage, Apo, Credit, Laws, Objectives } from "../src/index.ts"
import * as arb from "./arbitraries.ts"

/**
 * A handful of roundings of sums of at most 40 rewards of size 10, or 1,600 tokens, divided by a spread of at least 1/32,
 * or by √ε = 1e-4 where whitening meets a batch without spread.
 */
const tolerance = 1e-9

test("[A1] advantages sum to zero: over every group, or over the tokens that whitening centres", () => {
  fc.assert(fc.property(arb.advantage, arb.groups, Laws.advantagesSumToZero(tolerance)))
})

test("[A1] a shift of all rewards changes no advantage", () => {
  fc.assert(fc.property(arb.advantage, arb.groups, arb.eighths, Laws.advantagesShiftInvariant(tolerance)))
})

test("[A1] permuted responses, and permuted groups, have permuted advantages", () => {
  fc.assert(
    fc.property(
      arb.advantage,
      arb.groupAndPermutation,
      arb.groups,
      (advantage, [group, permutation], others) =>
        Laws.advantagesPermutationEquivariant(tolerance)(advantage, group, others, permutation),
    ),
  )
})

test("[A1] a scale passes through the unscaled advantage, and into the ε of the others", () => {
  fc.assert(fc.property(arb.advantage, arb.groups, arb.powerOfTwo, Laws.advantagesScale(tolerance)))
})

test("[A1] leave-one-out is G/(G-1) times centred", () => {
  fc.assert(fc.property(arb.groups, Laws.leaveOneOutIsScaledCentred(tolerance)))
})

test("[A7] every group has the case of its rewards, and a degenerate one relative to itself has zeros", () => {
  fc.assert(fc.property(arb.advantage, arb.groups, Laws.degenerateGroupsAreNamed))
})

test("[A7] all right and all wrong are told apart, and equal rewards that are not exact in binary are equal", () => {
  expect(Advantage.standardised([0.1, 0.1, 0.1])).toEqual({
    _tag: "AllEqual",
    reward: 0.1,
    advantages: [0, 0, 0],
  })
  expect(Advantage.centred([0, 0])).toEqual({ _tag: "AllEqual", reward: 0, advantages: [0, 0] })
  expect(Advantage.centred([])).toEqual({ _tag: "Empty", advantages: [] })
})

test("[A7] with a centre of the batch a degenerate group gets what others of its reward get", () => {
  const groups = [
    { rewards: [1, 1], lengths: [1, 1] },
    { rewards: [1, 0], lengths: [1, 1] },
  ]
  const [right, mixed] = Advantage.ofBatch({ centre: "BatchMean", scale: { _tag: "None" } })(groups)
  expect(right).toEqual({ _tag: "AllEqual", reward: 1, advantages: [0.25, 0.25] })
  expect(mixed?.advantages).toEqual([0.25, -0.75])
})

test("the standard deviation is the unbiased one", () => {
  // rewards 1, -1: mean 0, unbiased variance 2
  expect(Advantage.standardised([1, -1], 0).advantages).toEqual([1 / Math.SQRT2, -1 / Math.SQRT2])
})

test("whitening counts a response as often as it has tokens", () => {
  // tokens 1 1 1 0: mean 3/4, unbiased variance 1/4
  const whitened: Advantage.Advantage = { centre: "None", scale: { _tag: "TokenWhitened", epsilon: 0 } }
  const [group] = Advantage.ofBatch(whitened)([{ rewards: [1, 0], lengths: [3, 1] }])
  expect(group?.advantages).toEqual([0.5, -1.5])
})

test("a demonstration is compared with the mean of the others, of which it is no part", () => {
  const group = { rewards: [1, 0, 0], lengths: [1, 1, 1], isDemonstration: [true, false, false] }
  expect(Advantage.ofBatch(Advantage.groupCentred)([group])[0]?.advantages).toEqual([1, 0, 0])
})

test("[A15] weights of the KL are 1 but for what is better than its informative group", () => {
  fc.assert(
    fc.property(arb.system, arb.groups, (objective, groups) =>
      Laws.klWeightsAreInRange({ ...objective, regulariser: Apo.apo.regulariser } as typeof Apo.apo, groups),
    ),
  )
})

test("[A15] the weight falls with difficulty, from 1 - e^-e", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 63 }), fc.integer({ min: 1, max: 63 }), (a, b) => {
      const [low, high] = [Math.min(a, b) / 64, Math.max(a, b) / 64]
      const weight = Credit.difficultyWeight
      return weight(high) <= weight(low) && weight(low) <= 1 - Math.exp(-Math.E) && weight(high) > 0
    }),
  )
})

test("[A15] only wrong answers longer than right ones on average are punished more, by at most twice", () => {
  fc.assert(
    fc.property(arb.groups, (groups) => {
      const plain = Credit.ofBatch({
        ...Apo.apo,
        surrogate: { ...Apo.apo.surrogate, shaping: { _tag: "None" } },
      })(groups)
      return Credit.ofBatch(Apo.apo)(groups).every(({ advantages }, p) => {
        const { rewards = [], lengths = [] } = groups[p] ?? {}
        const right = lengths.filter((_, g) => Credit.isRight(rewards[g] ?? NaN))
        const mean = right.reduce((a, b) => a + b, 0) / right.length
        return advantages.every((advantage, g) => {
          const before = plain[p]?.advantages[g] ?? NaN
          const isPunished = before < 0 && !Credit.isRight(rewards[g] ?? NaN) && (lengths[g] ?? NaN) > mean
          if (!isPunished) return advantage === before
          return Math.abs(advantage) >= Math.abs(before) && Math.abs(advantage) <= 2 * Math.abs(before)
        })
      })
    }),
  )
})

test("every system gives every response a finite credit", () => {
  fc.assert(
    fc.property(arb.system, arb.groups, (objective, groups) =>
      Credit.ofBatch(objective)(groups).every(
        ({ advantages, klWeights }, p) =>
          advantages.length === groups[p]?.rewards.length &&
          klWeights.length === advantages.length &&
          advantages.every(Number.isFinite),
      ),
    ),
  )
  expect(Objectives.names.length).toBeGreaterThan(20)
})
