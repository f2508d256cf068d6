import { Seed } from "@rapo/distributions"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import {
  Advantage,
  DynamicSampling,
  GreedyWrong,
  JudgedGroup,
  Recomposition,
  ReferenceReset,
  ReplayBuffer,
  StrategyLaws,
} from "../../src/index.ts"
import * as arb from "../arbitraries/strategies.ts"

/** A rounding of a number of size 1. */
const tolerance = 1e-12

const groupRelative = fc.constantFrom(
  Advantage.groupStandardised,
  Advantage.groupCentred,
  Advantage.leaveOneOut,
)

test("dynamic sampling keeps groups in order, invents none, and would keep them all again", () => {
  fc.assert(fc.property(arb.groups, StrategyLaws.filterIsIdempotentInOrder(DynamicSampling.filter<number>)))
})

test("the greedy-wrong filter keeps prompts in order, invents none, and would keep them all again", () => {
  fc.assert(
    fc.property(arb.greedilyJudged, StrategyLaws.filterIsIdempotentInOrder(GreedyWrong.filter<number>)),
  )
})

test("the greedy-wrong filter keeps exactly what greedy decoding did not get right", () => {
  fc.assert(
    fc.property(arb.greedilyJudged, (prompts) =>
      prompts.every((prompt) => GreedyWrong.filter([prompt]).length === (prompt.greedyReward === 1 ? 0 : 1)),
    ),
  )
})

test("[S2] dynamic sampling keeps exactly the groups that have an advantage other than 0", () => {
  fc.assert(
    fc.property(groupRelative, arb.group, (advantage, group) =>
      StrategyLaws.keptExactlyIfAdvantageNonZero(advantage)(group),
    ),
  )
})

test("for rewards of 0 and 1 the informative groups are those with 0 < right < G", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1), { maxLength: 8 }), (rewards) => {
      const group = JudgedGroup.ofRewards("p", rewards)
      const right = JudgedGroup.rightCount(group)
      return JudgedGroup.isInformative(group) === (0 < right && right < rewards.length)
    }),
  )
})

test("[S2] however a stream is cut into generations, the batch is its first informative groups", () => {
  fc.assert(
    fc.property(
      arb.dynamicSampling,
      fc.array(arb.groups, { minLength: 1, maxLength: 5 }),
      StrategyLaws.batchIsFirstInformative,
    ),
  )
})

test("giving up says how far it came", () => {
  const outcome = DynamicSampling.step({ groups: 2, factor: 1, maximumGenerations: 1 })(
    DynamicSampling.initial<number>(),
    [JudgedGroup.ofRewards("a", [1, 0]), JudgedGroup.ofRewards("b", [0, 0])],
  )
  expect(outcome._tag).toBe("GivenUp")
  if (outcome._tag === "GivenUp") {
    expect(DynamicSampling.showGivenUp(outcome)).toContain("only 1 of 2 groups")
  }
})

test("the overlong penalty is continuous, monotone, and within [-factor, 0]", () => {
  fc.assert(
    fc.property(
      arb.overlong,
      arb.double(0, 300),
      arb.double(0, 300),
      StrategyLaws.penaltyIsContinuousAndMonotone(tolerance),
    ),
  )
})

test("recomposition is a partition", () => {
  fc.assert(fc.property(arb.share, arb.group, StrategyLaws.recompositionIsPartition))
})

test("no right answer with priority is longer than one without, no wrong one shorter", () => {
  fc.assert(fc.property(arb.share, arb.group, StrategyLaws.recompositionPrefersBriefTruth))
})

test("⌈share · c⌉ right and ⌈share · w⌉ wrong answers have priority", () => {
  fc.assert(
    fc.property(arb.share, arb.group, (share, group) => {
      const right = JudgedGroup.rightCount(group)
      const wrong = group.members.length - right
      const { priority } = Recomposition.recompose({ share })(group)
      return priority.length === Math.ceil(share * right) + Math.ceil(share * wrong)
    }),
  )
})

test("with share 1 nothing is left to compensate", () => {
  fc.assert(
    fc.property(arb.group, (group) => Recomposition.recompose({ share: 1 })(group).compensation.length === 0),
  )
})

test("a replay buffer is bounded and first in, first out", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.array(fc.nat(), { maxLength: 6 }), { maxLength: 6 }),
      StrategyLaws.bufferIsFifo,
    ),
  )
})

test("replayed items are members, none twice, and a function of the seed", () => {
  fc.assert(
    fc.property(fc.nat({ max: 12 }), fc.nat({ max: 12 }), fc.integer(), (stored, count, seed) => {
      const items = Array.from({ length: stored }, (_, i) => i)
      const buffer = ReplayBuffer.push(ReplayBuffer.empty<number>(), items)
      const draw = (): ReadonlyArray<number> => ReplayBuffer.draw(count, Seed.fromInteger(seed))(buffer)
      const drawn = draw()
      return (
        drawn.length === Math.min(count, stored) &&
        new Set(drawn).size === drawn.length &&
        drawn.every((item) => items.includes(item)) &&
        draw().every((item, i) => item === drawn[i])
      )
    }),
  )
})

test("references are reset in time, to the initial state", () => {
  fc.assert(fc.property(arb.referenceReset, arb.measured, StrategyLaws.resetsInTime))
})

test("a reset names its reason: the period, then the KL, then stagnation", () => {
  const config = {
    every: 3,
    maximumKL: 0.5,
    patience: 2,
    leastGain: 0.1,
    resetsOptimiser: false,
  }
  const reasons = (measured: ReadonlyArray<ReferenceReset.Measured>): ReadonlyArray<string> =>
    measured.reduce<{ readonly state: ReferenceReset.State; readonly said: ReadonlyArray<string> }>(
      ({ state, said }, now) => {
        const next = ReferenceReset.observe(config)(state, now)
        return {
          state: next.state,
          said: [...said, next.decision._tag === "Reset" ? next.decision.reason : "Keep"],
        }
      },
      { state: ReferenceReset.initial, said: [] },
    ).said
  // the gain of 0.05 is none, so at the third step two have passed without a better score; but the period comes first
  expect(reasons([1, 2, 3].map((n) => ({ kl: 0, score: 0.5 + 0.05 * n })))).toEqual([
    "Keep",
    "Keep",
    "Period",
  ])
  expect(reasons([{ kl: 0.6, score: 1 }])).toEqual(["KL"])
  expect(reasons([1, 2].map(() => ({ kl: 0, score: undefined })))).toEqual(["Keep", "Stagnation"])
})
