import { Categorical, Dual, Real, Softmax } from "@rapo/distributions"
import * as fc from "fast-check"
import { test } from "vitest"
import { MassBalance, StrategyLaws } from "../../src/index.ts"
import * as arb from "../arbitraries/strategies.ts"
import { at, isNear, sequences, tolerance, total } from "./enumeration.ts"

const countsOf = (size: number, sample: ReadonlyArray<number>): ReadonlyArray<number> =>
  Array.from({ length: size }, (_, y) => sample.filter((drawn) => drawn === y).length)

/** dQ/dη at η = 0 along the policy gradient of a sample, from its definition, by dual numbers. */
const changeByDefinition = (
  { policy, isRight }: MassBalance.Situation,
  baseline: MassBalance.Baseline,
  sample: ReadonlyArray<number>,
): number => {
  const probs = Categorical.probabilities(policy)
  const rewards = sample.map((y) => Number(isRight[y]))
  const b = baseline._tag === "GroupMean" ? total(rewards) / sample.length : baseline.value
  const direction = probs.map(
    (prob, y) =>
      total(sample.map((drawn, i) => (at(rewards, i) - b) * (Number(drawn === y) - prob))) / sample.length,
  )
  const R = Dual.Real
  return Dual.derivative((eta) => {
    const moved = policy.logProbs.map((z, y) => R.add(R.of(z), R.mul(eta, R.of(at(direction, y)))))
    return Real.sum(R)(Softmax.probs(R)(moved).filter((_, y) => isRight[y] === true))
  })(0)
}

test("[S1] the balance of a sample is the derivative of the right mass along its policy gradient", () => {
  fc.assert(
    fc.property(arb.situationAndSample, arb.baseline, ([situation, sample], baseline) =>
      isNear(
        MassBalance.change(
          MassBalance.ofSample(situation, baseline)(countsOf(situation.isRight.length, sample)),
        ),
        changeByDefinition(situation, baseline, sample),
      ),
    ),
  )
})

test("[S1] its expectation over all samples is the closed form, part by part", () => {
  fc.assert(
    fc.property(arb.situation, arb.baseline, fc.integer({ min: 1, max: 4 }), (situation, baseline, n) => {
      const size = situation.isRight.length
      const weighted = sequences(size, n).map((sample) => ({
        probability: sample.reduce((p, y) => p * Categorical.prob(situation.policy, y), 1),
        balance: MassBalance.ofSample(situation, baseline)(countsOf(size, sample)),
      }))
      const closed = MassBalance.expected(situation, baseline, n)
      const parts = ["own", "sampledCoupling", "unsampledCoupling"] as const
      return parts.every((part) =>
        isNear(closed[part], total(weighted.map(({ probability, balance }) => probability * balance[part]))),
      )
    }),
    { numRuns: 60 },
  )
})

test("[S1] with the group's mean as baseline no sample shrinks the right mass, and nothing couples", () => {
  fc.assert(
    fc.property(arb.situationAndSample, ([situation, sample]) =>
      StrategyLaws.groupMeanNeverShrinks(tolerance)(situation, countsOf(situation.isRight.length, sample)),
    ),
  )
})

test("[S1] what is sampled expands the right mass, for every fixed baseline in [0, 1]", () => {
  fc.assert(
    fc.property(
      arb.situationAndSample,
      arb.baseline,
      ([situation, sample], baseline) =>
        MassBalance.ofSample(situation, baseline)(countsOf(situation.isRight.length, sample)).own >= 0,
    ),
  )
})

test("[S1] the unsampled coupling shrinks geometrically in the number of rollouts", () => {
  fc.assert(
    fc.property(arb.situation, arb.baseline, fc.integer({ min: 1, max: 600 }), (situation, baseline, n) => {
      const rarest = Categorical.probabilities(situation.policy).reduce((a, b) => Math.min(a, b))
      const { unsampledCoupling } = MassBalance.expected(situation, baseline, n)
      return Math.abs(unsampledCoupling) <= (1 - rarest) ** (n - 1) + tolerance
    }),
  )
})
