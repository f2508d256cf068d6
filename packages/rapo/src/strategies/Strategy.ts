/**
 * Strategies as data: what a system does with prompts, groups and rewards around its objective.
 *
 * | strategy | when it acts |
 * |---|---|
 * | DifficultyTargeted, GreedyWrong, PrefixedProblems | before sampling: which prompts, and how they begin |
 * | DynamicSampling, Recomposition, Replay | on judged groups: what a batch is made of |
 * | OverlongPenalty | after that: on rewards, so that a filter by right and wrong does not see lengths |
 * | ReferenceReset | after a step |
 *
 * Each has a file with its functions; this is the sum of their configurations.
 */
import * as E from "fp-ts/lib/Either.js"
import type * as DifficultyTargeted from "./DifficultyTargeted.ts"
import type * as DynamicSampling from "./DynamicSampling.ts"
import type * as OverlongPenalty from "./OverlongPenalty.ts"
import type * as PrefixedProblems from "./PrefixedProblems.ts"
import type * as Recomposition from "./Recomposition.ts"
import type * as ReferenceReset from "./ReferenceReset.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export type Strategy =
  | ({ readonly _tag: "DynamicSampling" } & DynamicSampling.Config)
  | ({ readonly _tag: "OverlongPenalty" } & OverlongPenalty.Config)
  | { readonly _tag: "GreedyWrong" }
  | ({ readonly _tag: "DifficultyTargeted" } & DifficultyTargeted.Config)
  | { readonly _tag: "Replay"; readonly capacity: number }
  | ({ readonly _tag: "Recomposition" } & Recomposition.Config)
  | ({ readonly _tag: "ReferenceReset" } & ReferenceReset.Config)
  | ({ readonly _tag: "PrefixedProblems" } & PrefixedProblems.Config)

/**
 * A number of a strategy that is out of its range.
 *
 * @category errors
 * @since 0.1.0
 */
export interface StrategyError {
  readonly _tag: "OutOfRange"
  readonly strategy: Strategy["_tag"]
  readonly field: string
  readonly value: number
  readonly range: string
}

// constructors

/**
 * A strategy, if its numbers make one.
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { OverlongPenalty, Strategy } from "@rapo/rapo"
 * E.isRight(Strategy.validate({ _tag: "OverlongPenalty", ...OverlongPenalty.defaults })) // => true
 * const refused = Strategy.validate({ _tag: "Replay", capacity: 0 })
 * E.isLeft(refused) && Strategy.showError(refused.left) // => "Replay's capacity must be a whole number above 0, and is 0."
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const validate = (strategy: Strategy): E.Either<StrategyError, Strategy> => {
  const bad = fieldsOf(strategy).find(([, value, range]) => !ranges[range](value))
  if (bad === undefined) return E.right(strategy)
  const [field, value, range] = bad
  return E.left({ _tag: "OutOfRange", strategy: strategy._tag, field, value, range })
}

// destructors

/**
 * An error as a sentence.
 *
 * @category destructors
 * @since 0.1.0
 */
export const showError = ({ strategy, field, value, range }: StrategyError): string =>
  `${strategy}'s ${field} must be ${range}, and is ${value}.`

// numerics

const ranges = {
  "a whole number above 0": (x: number): boolean => Number.isSafeInteger(x) && x > 0,
  "above 0": (x: number): boolean => x > 0,
  "finite and above 0": (x: number): boolean => x > 0 && x < Infinity,
  "finite and at least 0": (x: number): boolean => x >= 0 && x < Infinity,
  "between 0 and 1": (x: number): boolean => x >= 0 && x <= 1,
  "above 0 and at most 1": (x: number): boolean => x > 0 && x <= 1,
  finite: (x: number): boolean => Number.isFinite(x),
} as const

type Field = readonly [field: string, value: number, range: keyof typeof ranges]

const fieldsOf = (strategy: Strategy): ReadonlyArray<Field> => {
  switch (strategy._tag) {
    case "GreedyWrong":
      return []
    case "Replay":
      return [["capacity", strategy.capacity, "a whole number above 0"]]
    case "DynamicSampling":
      return [
        ["groups", strategy.groups, "a whole number above 0"],
        ["factor", strategy.factor, "finite and above 0"],
        ["maximumGenerations", strategy.maximumGenerations, "a whole number above 0"],
      ]
    case "OverlongPenalty":
      return [
        ["maximumLength", strategy.maximumLength, "a whole number above 0"],
        ["buffer", strategy.buffer, "a whole number above 0"],
        ["buffer / maximumLength", strategy.buffer / strategy.maximumLength, "above 0 and at most 1"],
        ["factor", strategy.factor, "finite and at least 0"],
      ]
    case "DifficultyTargeted":
      return [
        ["target", strategy.target, "between 0 and 1"],
        ["temperature", strategy.temperature, "finite and above 0"],
        ["freshShare", strategy.freshShare, "above 0 and at most 1"],
        ["referencePrompts", strategy.referencePrompts, "a whole number above 0"],
        ["refreshEvery", strategy.refreshEvery, "a whole number above 0"],
        ["calibration.temperature", strategy.calibration.temperature, "finite and above 0"],
        ["calibration.bias", strategy.calibration.bias, "finite"],
      ]
    case "Recomposition":
      return [
        ["share", strategy.share, "above 0 and at most 1"],
        ["compensationEvery", strategy.compensationEvery, "a whole number above 0"],
      ]
    case "ReferenceReset":
      return [
        ["every", strategy.every, "above 0"],
        ["maximumKL", strategy.maximumKL, "above 0"],
        ["patience", strategy.patience, "above 0"],
        ["leastGain", strategy.leastGain, "finite and at least 0"],
      ]
    case "PrefixedProblems":
      return [
        ["targetAccuracy", strategy.targetAccuracy, "between 0 and 1"],
        ["candidates", strategy.candidates, "a whole number above 0"],
      ]
  }
}
