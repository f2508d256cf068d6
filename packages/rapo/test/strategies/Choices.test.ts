import { Seed } from "@rapo/distributions"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { DifficultyTargeted, JudgedGroup, PrefixedProblems, StrategyLaws } from "../../src/index.ts"
import * as arb from "../arbitraries/strategies.ts"

/** Sums of a dozen numbers below 1. */
const tolerance = 1e-12

test("[S5] selection probabilities sum to 1 and never prefer the prompt farther from the target", () => {
  fc.assert(
    fc.property(arb.selection, arb.accuracies, StrategyLaws.selectionIsDistributionByDistance(tolerance)),
  )
})

test("[S5] as τ → 0 all mass goes to the nearest prompts", () => {
  fc.assert(fc.property(arb.selection, arb.accuracies, StrategyLaws.selectionConcentrates(tolerance)))
})

test("[S5] as τ → ∞ selection is uniform", () => {
  fc.assert(
    fc.property(arb.accuracies, (accuracies) =>
      DifficultyTargeted.selectionProbabilities({ target: 0.5, temperature: 1e13 })(accuracies).every(
        (p) => Math.abs(p - 1 / accuracies.length) <= tolerance,
      ),
    ),
  )
})

test("[S5] a prediction lies between the references' accuracies", () => {
  fc.assert(
    fc.property(arb.references, ([references, embedding]) =>
      StrategyLaws.predictionIsAverage(tolerance)(references, embedding),
    ),
  )
})

test("selected prompts are distinct positions, and a function of the seed", () => {
  fc.assert(
    fc.property(arb.selection, arb.accuracies, fc.nat({ max: 14 }), fc.integer(), (config, ps, count, n) => {
      const select = (): ReadonlyArray<number> =>
        DifficultyTargeted.select(config, count, Seed.fromInteger(n))(ps)
      const selected = select()
      return (
        selected.length === Math.min(count, ps.length) &&
        new Set(selected).size === selected.length &&
        selected.every((x) => x in ps) &&
        select().every((x, i) => x === selected[i])
      )
    }),
  )
})

test("[S5] the first draw has the selection's probabilities", () => {
  const config = { target: 0.5, temperature: 0.2 }
  const accuracies = [0.5, 0.6, 0.1, 0.95]
  const draws = 4000
  const seed = Seed.fromInteger(20251121)
  const firsts = Array.from(
    { length: draws },
    (_, i) => DifficultyTargeted.select(config, 1, Seed.child(seed, i))(accuracies)[0],
  )
  DifficultyTargeted.selectionProbabilities(config)(accuracies).forEach((p, x) => {
    const frequency = firsts.filter((first) => first === x).length / draws
    // five standard deviations of a binomial frequency; the seed is fixed, so this holds always or never
    expect(Math.abs(frequency - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / draws))
  })
})

test("a calibration is monotone, and the identity when it has no temperature and bias", () => {
  fc.assert(
    fc.property(
      arb.double(0, 1),
      arb.double(0, 1),
      arb.double(0.1, 5),
      arb.double(-3, 3),
      (a, b, t, bias) => {
        const calibrate = DifficultyTargeted.calibrate({ temperature: t, bias })
        const same = DifficultyTargeted.calibrate(DifficultyTargeted.uncalibrated)(a)
        return (
          calibrate(Math.min(a, b)) <= calibrate(Math.max(a, b)) &&
          Math.abs(same - a) <= DifficultyTargeted.accuracyMargin + tolerance
        )
      },
    ),
  )
})

test("fresh and replayed groups make up the batch", () => {
  fc.assert(
    fc.property(
      arb.double(0, 1),
      fc.nat({ max: 600 }),
      fc.nat({ max: 600 }),
      (freshShare, groups, stored) => {
        const { fresh, replayed } = DifficultyTargeted.shares({ freshShare })(groups, stored)
        return fresh + replayed === groups && fresh >= 0 && replayed >= 0 && replayed <= stored
      },
    ),
  )
})

test("[S4] a mask is 0 on the prefix and 1 after it", () => {
  fc.assert(fc.property(fc.nat({ max: 12 }), fc.nat({ max: 12 }), StrategyLaws.maskLeavesPrefixOut))
})

test("the chosen prefix comes nearest to the target, and is the shortest of those", () => {
  fc.assert(fc.property(arb.double(0, 1), arb.candidates, StrategyLaws.chosenPrefixIsNearest))
})

test("candidate prefixes begin with none, ascend, and never give the whole answer away", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 40 }), (candidates, length) => {
      const lengths = PrefixedProblems.candidateLengths({ candidates })(length)
      return (
        lengths[0] === 0 && lengths.every((h, i) => h < length && (i === 0 || h > (lengths[i - 1] ?? NaN)))
      )
    }),
  )
})

test("a trace is the shortest right answer, or none", () => {
  const member = (response: string, reward: number, length: number) => ({ response, reward, length })
  const members = [member("wrong", 0, 1), member("long", 1, 9), member("first", 1, 4), member("second", 1, 4)]
  expect(PrefixedProblems.traceOf({ id: "p", members })).toBe("first")
  expect(PrefixedProblems.traceOf(JudgedGroup.ofRewards("p", [0, 0]))).toBeUndefined()
  expect(PrefixedProblems.measured(3)({ id: "p", members })).toEqual({ prefixLength: 3, accuracy: 0.75 })
})
