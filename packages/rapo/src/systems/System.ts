/**
 * Systems: an objective, what is done with data around it, and how answers are sampled. What a paper's name stands for.
 *
 *     system = objective × strategies × sampling,       each number of sampling with where it comes from
 *
 * `validate` refuses what type-checks and yet makes no sense, such as groups of one with advantages relative to a group.
 */
import * as E from "fp-ts/lib/Either.js"
import * as Advantage from "../Advantage.ts"
import * as Objective from "../Objective.ts"
import * as Strategy from "../strategies/Strategy.ts"
import * as Problem from "./Problem.ts"

// model

/**
 * Where a value comes from: the paper, its code, a library that re-implements it, a secondary summary, or us.
 *
 * @category models
 * @since 0.1.0
 */
export type Origin = "paper" | "code" | "library" | "secondary" | "ours"

/**
 * @category models
 * @since 0.1.0
 */
export interface Setting {
  readonly value: number
  readonly from: Origin
}

/**
 * How the answers that a step trains on are sampled.
 *
 * @category models
 * @since 0.1.0
 */
export interface Sampling {
  /** G, responses to a prompt. */
  readonly groupSize: Setting
  readonly temperature: Setting
  /** Prompts whose groups a step trains on. */
  readonly prompts: Setting
  /** Of a response, in tokens. */
  readonly maximumLength: Setting
}

/**
 * @category models
 * @since 0.1.0
 */
export interface System {
  readonly name: string
  readonly objective: Objective.Objective
  /** In the order in which they act (`Strategy`). */
  readonly strategies: ReadonlyArray<Strategy.Strategy>
  readonly sampling: Sampling
  readonly sources: ReadonlyArray<string>
}

/**
 * What keeps a value of the type from being a system.
 *
 * @category errors
 * @since 0.1.0
 */
export type SystemError = { readonly system: string } & Problem.Problem

// constructors

/**
 * A system, if its parts make one.
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { System, Systems } from "@rapo/rapo"
 * const { dapo } = Systems.all
 * E.isRight(System.validate(dapo)) // => true
 * const single = { ...dapo, sampling: { ...dapo.sampling, groupSize: { value: 1, from: "ours" as const } } }
 * const refused = System.validate(single)
 * E.isLeft(refused) && refused.left._tag // => "SingletonGroups"
 * ```
 *
 * **Fails with** the first problem, in the order of `Problem.Problem`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const validate = (system: System): E.Either<SystemError, System> => {
  const [problem] = problemsOf(system)
  return problem === undefined ? E.right(system) : E.left({ system: system.name, ...problem })
}

// refinements

/**
 * The strategy of a kind, if the system has it.
 *
 * ```ts import.meta.vitest
 * import { System, Systems } from "@rapo/rapo"
 * System.strategyOf(Systems.all.dapo, "OverlongPenalty")?.buffer // => 4096
 * System.strategyOf(Systems.all.grpo, "OverlongPenalty") // => undefined
 * ```
 *
 * @category refinements
 * @since 0.1.0
 */
export const strategyOf = <Tag extends Strategy.Strategy["_tag"]>(
  { strategies }: System,
  tag: Tag,
): Extract<Strategy.Strategy, { readonly _tag: Tag }> | undefined =>
  strategies.find(
    (strategy): strategy is Extract<Strategy.Strategy, { readonly _tag: Tag }> => strategy._tag === tag,
  )

// destructors

/**
 * An error as a sentence.
 *
 * @category destructors
 * @since 0.1.0
 */
export const showError = (error: SystemError): string => `System "${error.system}": ${Problem.show(error)}`

// numerics

const problemsOf = (system: System): ReadonlyArray<Problem.Problem> => [
  ...objectiveProblems(system),
  ...system.strategies.flatMap((strategy): ReadonlyArray<Problem.Problem> => {
    const valid = Strategy.validate(strategy)
    return E.isLeft(valid) ? [{ _tag: "InvalidStrategy", error: valid.left }] : []
  }),
  ...samplingProblems(system.sampling),
  ...system.strategies.flatMap(({ _tag }, i): ReadonlyArray<Problem.Problem> => {
    const isFirst = system.strategies.findIndex((other) => other._tag === _tag) === i
    return isFirst ? [] : [{ _tag: "StrategyTwice", strategy: _tag }]
  }),
  ...groupProblems(system),
  ...combinationProblems(system),
]

const objectiveProblems = ({ objective }: System): ReadonlyArray<Problem.Problem> => {
  const valid = Objective.validate(objective)
  return E.isLeft(valid) ? [{ _tag: "InvalidObjective", error: valid.left }] : []
}

const samplingProblems = ({
  groupSize,
  temperature,
  prompts,
  maximumLength,
}: Sampling): ReadonlyArray<Problem.Problem> =>
  [
    ...Object.entries({ groupSize, prompts, maximumLength }).filter(
      ([, { value }]) => !(Number.isSafeInteger(value) && value > 0),
    ),
    ...Object.entries({ temperature }).filter(([, { value }]) => !(value >= 0 && value < Infinity)),
  ].map(([field, { value }]) => ({ _tag: "InvalidSampling", field, value }))

const groupProblems = ({ objective: { surrogate }, sampling }: System): ReadonlyArray<Problem.Problem> => {
  const isRelative = "advantage" in surrogate && Advantage.isGroupRelative(surrogate.advantage)
  return [
    ...(isRelative && sampling.groupSize.value === 1 ? [{ _tag: "SingletonGroups" } as const] : []),
    ...(isRelative && sampling.temperature.value === 0 ? [{ _tag: "GreedyGroups" } as const] : []),
  ]
}

const combinationProblems = (system: System): ReadonlyArray<Problem.Problem> => {
  const { surrogate, regulariser } = system.objective
  const { prompts, maximumLength } = system.sampling
  const dynamic = strategyOf(system, "DynamicSampling")
  const penalty = strategyOf(system, "OverlongPenalty")
  const begins = penalty === undefined ? 0 : penalty.maximumLength - penalty.buffer
  const resets = strategyOf(system, "ReferenceReset") !== undefined
  const replays = strategyOf(system, "Replay") !== undefined
  const isCorrected = surrogate._tag === "PolicyGradient" && surrogate.correction._tag !== "None"
  const leavesRoom = (strategyOf(system, "DifficultyTargeted")?.freshShare ?? 1) < 1
  const checks: ReadonlyArray<readonly [boolean, Problem.Problem]> = [
    [resets && regulariser._tag === "None", { _tag: "ResetWithoutReference" }],
    [
      resets && regulariser._tag !== "None" && regulariser.anchor._tag === "Moving",
      { _tag: "TwoSchedulesOfReference" },
    ],
    [replays && !isCorrected, { _tag: "ReplayWithoutCorrection" }],
    [leavesRoom && !replays, { _tag: "NothingToReplay" }],
    [
      dynamic !== undefined &&
        penalty !== undefined &&
        system.strategies.indexOf(penalty) < system.strategies.indexOf(dynamic),
      { _tag: "PenaltyBeforeFilter" },
    ],
    [
      dynamic !== undefined && dynamic.groups !== prompts.value,
      { _tag: "BatchSizesDiffer", prompts: prompts.value, groups: dynamic?.groups ?? 0 },
    ],
    [
      penalty !== undefined && maximumLength.value <= begins,
      { _tag: "PenaltyNeverActs", maximumLength: maximumLength.value, begins },
    ],
  ]
  return checks.flatMap(([holds, problem]) => (holds ? [problem] : []))
}
