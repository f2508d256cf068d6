import * as fc from "fast-check"
import { expect, test } from "vitest"
import { Advantage, Laws } from "../src/index.ts"
import * as arb from "./arbitraries.ts"

/** A handful of roundings of sums of at most 16 terms of size 10, divided by a spread of at least 1/32. */
const tolerance = 1e-11

test("advantages sum to zero", () => {
  fc.assert(fc.property(arb.advantage, arb.rewards, Laws.advantagesSumToZero(tolerance)))
})

test("a shift of all rewards changes no advantage", () => {
  fc.assert(fc.property(arb.advantage, arb.rewards, arb.eighths, Laws.advantagesShiftInvariant(tolerance)))
})

test("permuted rewards have permuted advantages", () => {
  fc.assert(
    fc.property(arb.advantage, arb.rewardsAndPermutation, (advantage, [rewards, permutation]) =>
      Laws.advantagesPermutationEquivariant(tolerance)(advantage, rewards, permutation),
    ),
  )
})

test("a scale passes through the centred advantage, and into ε of the standardised one", () => {
  fc.assert(fc.property(arb.advantage, arb.rewards, arb.powerOfTwo, Laws.advantagesScale(tolerance)))
})

test("a degenerate group is named, and only then are all advantages zero", () => {
  fc.assert(fc.property(arb.advantage, arb.rewards, Laws.degenerateGroupsAreNamed))
})

test("the standard deviation is the unbiased one", () => {
  // rewards 1, -1: mean 0, unbiased variance 2
  expect(Advantage.standardised([1, -1], 0).advantages).toEqual([1 / Math.SQRT2, -1 / Math.SQRT2])
})

test("equal rewards that are not exact in binary are still a degenerate group", () => {
  expect(Advantage.standardised([0.1, 0.1, 0.1])).toEqual({ _tag: "AllEqual", advantages: [0, 0, 0] })
})
