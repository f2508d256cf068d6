/**
 * What can be wrong with a system (`System.validate`), and the sentence for each.
 */
import * as Objective from "../Objective.ts"
import * as Strategy from "../strategies/Strategy.ts"

// model

/**
 * Why parts that are right by themselves make no system together.
 *
 * @category errors
 * @since 0.1.0
 */
export type Problem =
  | { readonly _tag: "InvalidObjective"; readonly error: Objective.ObjectiveError }
  | { readonly _tag: "InvalidStrategy"; readonly error: Strategy.StrategyError }
  | { readonly _tag: "InvalidSampling"; readonly field: string; readonly value: number }
  | { readonly _tag: "StrategyTwice"; readonly strategy: Strategy.Strategy["_tag"] }
  | { readonly _tag: "SingletonGroups" }
  | { readonly _tag: "GreedyGroups" }
  | { readonly _tag: "ResetWithoutReference" }
  | { readonly _tag: "TwoSchedulesOfReference" }
  | { readonly _tag: "ReplayWithoutCorrection" }
  | { readonly _tag: "NothingToReplay" }
  | { readonly _tag: "PenaltyBeforeFilter" }
  | { readonly _tag: "BatchSizesDiffer"; readonly prompts: number; readonly groups: number }
  | { readonly _tag: "PenaltyNeverActs"; readonly maximumLength: number; readonly begins: number }

// destructors

/**
 * A problem as a sentence that says what to do.
 *
 * @category destructors
 * @since 0.1.0
 */
export const show = (problem: Problem): string => {
  switch (problem._tag) {
    case "InvalidObjective":
      return Objective.showError(problem.error)
    case "InvalidStrategy":
      return Strategy.showError(problem.error)
    case "InvalidSampling":
      return `sampling.${problem.field} must be above 0 (a count: whole), and is ${problem.value}.`
    case "StrategyTwice":
      return `the strategy ${problem.strategy} is there twice; keep one.`
    case "SingletonGroups":
      return "a group of one has no advantage relative to its group; take larger groups or another advantage."
    case "GreedyGroups":
      return "at temperature 0 all responses of a group are the same; take a temperature above 0."
    case "ResetWithoutReference":
      return "there is no KL, so a reset of the reference would do nothing; add a regulariser or drop ReferenceReset."
    case "TwoSchedulesOfReference":
      return "both the regulariser's anchor and ReferenceReset move the reference; freeze the anchor or drop the strategy."
    case "ReplayWithoutCorrection":
      return "replayed responses are an older policy's, and the objective corrects nothing; give its surrogate a correction."
    case "NothingToReplay":
      return "DifficultyTargeted leaves a share of the batch to replay, and there is no Replay; add it, or set freshShare to 1."
    case "PenaltyBeforeFilter":
      return "OverlongPenalty would make groups that are all right look informative; put it after DynamicSampling."
    case "BatchSizesDiffer":
      return `a step takes ${problem.prompts} prompts, but DynamicSampling keeps ${problem.groups} groups; make them equal.`
    case "PenaltyNeverActs":
      return `responses end at ${problem.maximumLength} tokens, and OverlongPenalty begins at ${problem.begins}; lower it.`
  }
}
