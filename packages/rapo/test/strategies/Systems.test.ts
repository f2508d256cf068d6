import * as E from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import type { SystemProblem } from "../../src/index.ts"
import {
  DifficultyTargeted,
  DynamicSampling,
  Grpo,
  OverlongPenalty,
  PrefixedProblems,
  ProRl,
  Recomposition,
  ReferenceReset,
  Regulariser,
  Strategy,
  System,
  Systems,
} from "../../src/index.ts"

const { grpo, dapo } = Systems.all

const sampled = (changes: Partial<Record<keyof System.Sampling, number>>): System.System => ({
  ...grpo,
  sampling: {
    ...grpo.sampling,
    ...Object.fromEntries(Object.entries(changes).map(([field, value]) => [field, { value, from: "ours" }])),
  },
})

const withStrategies = (...strategies: ReadonlyArray<Strategy.Strategy>): System.System => ({
  ...grpo,
  strategies,
})

const reset: Strategy.Strategy = { _tag: "ReferenceReset", ...ReferenceReset.defaults }
const dynamic: Strategy.Strategy = { _tag: "DynamicSampling", ...DynamicSampling.defaults }
const overlong: Strategy.Strategy = { _tag: "OverlongPenalty", ...OverlongPenalty.defaults }

/** Each kind of nonsense, and what is said of it. */
const refusals: ReadonlyArray<readonly [SystemProblem.Problem["_tag"], System.System, string]> = [
  ["InvalidObjective", { ...grpo, objective: { ...grpo.objective, entropy: -1 } }, "entropy"],
  ["InvalidStrategy", withStrategies({ _tag: "Replay", capacity: 0.5 }), "capacity"],
  ["InvalidSampling", sampled({ prompts: 0 }), "sampling.prompts"],
  ["InvalidSampling", sampled({ temperature: -1 }), "sampling.temperature"],
  ["StrategyTwice", withStrategies({ _tag: "GreedyWrong" }, { _tag: "GreedyWrong" }), "twice"],
  ["SingletonGroups", sampled({ groupSize: 1 }), "group of one"],
  ["GreedyGroups", sampled({ temperature: 0 }), "temperature 0"],
  [
    "ResetWithoutReference",
    { ...withStrategies(reset), objective: { ...Grpo.grpo, regulariser: Regulariser.none } },
    "no KL",
  ],
  ["TwoSchedulesOfReference", { ...withStrategies(reset), objective: ProRl.proRl }, "freeze"],
  ["ReplayWithoutCorrection", withStrategies({ _tag: "Replay", capacity: 512 }), "correction"],
  [
    "NothingToReplay",
    withStrategies({ _tag: "DifficultyTargeted", ...DifficultyTargeted.defaults }),
    "freshShare",
  ],
  ["PenaltyBeforeFilter", withStrategies(overlong, dynamic), "after DynamicSampling"],
  ["BatchSizesDiffer", withStrategies(dynamic), "512 groups"],
  ["PenaltyNeverActs", withStrategies(overlong), "16384"],
]

test("every system of the registry is valid, and bears its objective's name", () => {
  for (const system of Object.values(Systems.all)) {
    const valid = System.validate(system)
    expect(E.isLeft(valid) ? System.showError(valid.left) : "valid").toBe("valid")
    expect(system.name).toBe(system.objective.name)
  }
})

test("each kind of nonsense is refused, and said", () => {
  for (const [tag, system, words] of refusals) {
    const refused = System.validate(system)
    expect(E.isLeft(refused) ? refused.left._tag : "valid").toBe(tag)
    if (E.isLeft(refused)) expect(System.showError(refused.left)).toContain(words)
  }
})

test("a system's strategy is found by its kind", () => {
  expect(System.strategyOf(dapo, "DynamicSampling")?.groups).toBe(512)
  expect(System.strategyOf(grpo, "DynamicSampling")).toBeUndefined()
})

test("every strategy's defaults are valid, and a number out of range is not", () => {
  const defaults: ReadonlyArray<Strategy.Strategy> = [
    dynamic,
    overlong,
    reset,
    { _tag: "GreedyWrong" },
    { _tag: "Replay", capacity: 512 },
    { _tag: "DifficultyTargeted", ...DifficultyTargeted.defaults },
    { _tag: "Recomposition", ...Recomposition.defaults },
    { _tag: "PrefixedProblems", ...PrefixedProblems.defaults },
  ]
  expect(defaults.map(Strategy.validate).every(E.isRight)).toBe(true)
  const broken: ReadonlyArray<Strategy.Strategy> = [
    { _tag: "DynamicSampling", ...DynamicSampling.defaults, groups: 0 },
    { _tag: "OverlongPenalty", ...OverlongPenalty.defaults, buffer: 30000 },
    { _tag: "ReferenceReset", ...ReferenceReset.defaults, every: 0 },
    { _tag: "Replay", capacity: NaN },
    { _tag: "DifficultyTargeted", ...DifficultyTargeted.defaults, temperature: 0 },
    { _tag: "Recomposition", ...Recomposition.defaults, share: 0 },
    { _tag: "PrefixedProblems", ...PrefixedProblems.defaults, targetAccuracy: 2 },
  ]
  expect(broken.map(Strategy.validate).every(E.isLeft)).toBe(true)
})
