import { Categorical } from "@rapo/distributions"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { Laws, Optimal, OptimalForward, Phi, ReweightedReference } from "../src/index.ts"
import * as arb from "./arbitraries.ts"
import { categoricalOf } from "./arbitraries/optimal.ts"

/** A few roundings. */
const tolerance = 1e-12

/** Three digits, and a little more than half a unit: theory's .165 is .16449, rounded twice. */
const tableTolerance = 6e-4

const real = fc.double({ min: -3, max: 3, noNaN: true })

test("[R3] φ is monotone and lies between its minimum and 1", () => {
  fc.assert(fc.property(arb.phi, real, real, Laws.phiIsMonotone(tolerance)))
})

test("[R1] low rewards flatten the token-level reference: its entropy does not grow with φ", () => {
  fc.assert(fc.property(arb.phi, arb.logits, real, real, Laws.reweightingFlattensByReward(tolerance)))
})

test("[R3] φ is its minimum up to the low reward, and 1 from the high one on", () => {
  fc.assert(fc.property(arb.phi, real, Laws.phiReachesItsEnds(tolerance)))
})

test("[R1] the token-level reference is the softmax at temperature 1/φ, with its Z exact", () => {
  fc.assert(fc.property(arb.phi, arb.logits, real, Laws.tokenLevelIsTemperature(tolerance)))
})

test("[R2] Z is the number of wrong outcomes plus q, and the correct mass falls to q/Z", () => {
  const judged = categoricalOf(6, 10).chain((reference) =>
    fc.tuple(fc.constant(reference), fc.array(fc.boolean(), { minLength: 6, maxLength: 6 })),
  )
  fc.assert(
    fc.property(judged, ([reference, correct]) => Laws.literalCollapses(tolerance)(reference, correct)),
  )
})

test("[R1] the full reward keeps the reference", () => {
  fc.assert(
    fc.property(arb.phi, arb.logits, (phi, logits) => {
      const kept = ReweightedReference.tokenLevel(phi, phi.rewardHigh, logits)
      const reference = arb.right(Categorical.fromLogits(logits))
      return kept.every((l, v) => Math.abs(l - Categorical.logProb(reference, v)) <= tolerance)
    }),
  )
})

test("one reward for all outcomes: the literal reading is the escort", () => {
  fc.assert(fc.property(arb.phi, categoricalOf(5, 10), real, Laws.literalOfOneRewardIsEscort(tolerance)))
})

test("[R2] the literal reading drowns the correct mass on 3^6 sequences: .3 to 4.1e-4", () => {
  const outcomes = 3 ** 6
  const p = Array.from({ length: outcomes }, (_, y) => (y === 0 ? 0.3 : 0.7 / (outcomes - 1)))
  const reference = arb.right(Categorical.fromProbabilities(p))
  const reweighted = ReweightedReference.literal(
    Phi.binary(0),
    reference,
    p.map((_, y) => (y === 0 ? 1 : 0)),
  )
  expect(Categorical.prob(reweighted, 0)).toBeCloseTo(4.1e-4, 5)
})

test("[R3] theory's finite example: p = (.02, .6, .3, .08), r = (1, 0, 0, 0), α = .5", () => {
  const reference = arb.right(Categorical.fromProbabilities([0.02, 0.6, 0.3, 0.08]))
  const rewards = [1, 0, 0, 0]
  const table = [
    { minimum: 0, policy: [0.507, 0.165, 0.165, 0.165], entropy: 1.235 },
    { minimum: 0.5, policy: [0.512, 0.236, 0.167, 0.086], entropy: 1.193 },
    { minimum: 1, policy: [0.519, 0.294, 0.147, 0.039], entropy: 1.109 },
  ]
  for (const { minimum, policy, entropy } of table) {
    const reweighted = ReweightedReference.literal(Phi.binary(minimum), reference, rewards)
    const problem = arb.right(Optimal.problem(reweighted, rewards))
    const optimum = arb.right(OptimalForward.optimum(problem, 0.5))
    policy.forEach((mass, y) =>
      expect(Math.abs(Categorical.prob(optimum.policy, y) - mass)).toBeLessThan(tableTolerance),
    )
    expect(Math.abs(Categorical.entropy(optimum.policy) - entropy)).toBeLessThan(tableTolerance)
  }
})

test("a φ whose numbers make none is refused with a sentence", () => {
  for (const phi of [Phi.binary(-0.1), Phi.binary(NaN), { minimum: 0, rewardLow: 1, rewardHigh: 1 }]) {
    const result = Phi.validate(phi)
    expect(result._tag === "Left" && Phi.showError(result.left)).toMatch(/φ must|φ_min must/)
  }
})
