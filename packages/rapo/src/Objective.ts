/**
 * Objectives as data: what a system of reinforcement learning maximises, a product of independent choices.
 *
 *     J(θ) = Σ_bt w_bt [ surrogate_bt - α · KL_bt + β · H_bt ]
 *
 * | choice | says |
 * |---|---|
 * | surrogate | what rewards pull: mostly a policy gradient, itself advantage × shaping × ratio × trust region × correction |
 * | regulariser | which KL, in which direction, to which reference, how strongly (α); which policy that is |
 * | entropy | β, the coefficient of the policy's entropy H |
 * | aggregation | the weights w |
 *
 * Combinations that mean nothing do not type-check: a moving reference without a KL; a KL in the reward without an
 * advantage; a trust region without a ratio; demonstrations with a response's ratio; a group's deviation around another
 * centre than the group's; other weights than a mean over responses for a surrogate with one number a response.
 *
 * RAPO, GRPO, DAPO and the rest are values of this type, one short file each in `objectives/`; `Loss` interprets them
 * over numbers and `tensor/Loss` over tensors. Units of α and β: reward per nat, for they weigh nats against advantages.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Aggregation, SequenceMean } from "./Aggregation.ts"
import type { NumericField } from "./internal/fields.ts"
import { fieldsOf } from "./internal/fields.ts"
import * as Phi from "./Phi.ts"
import * as Regulariser from "./Regulariser.ts"
import type { OfResponses } from "./Surrogate.ts"
import type { BellmanRegression } from "./surrogates/BellmanRegression.ts"
import type { PolicyGradient } from "./surrogates/PolicyGradient.ts"

// model

interface Named {
  readonly name: string
  /** β >= 0, the coefficient of the entropy. */
  readonly entropy: number
}

/**
 * @category models
 * @since 0.1.0
 */
export interface PolicyGradientObjective extends Named {
  readonly surrogate: PolicyGradient
  readonly regulariser: Regulariser.Regulariser
  readonly aggregation: Aggregation
}

/**
 * @category models
 * @since 0.1.0
 */
export interface BellmanObjective extends Named {
  readonly surrogate: BellmanRegression
  readonly regulariser: Regulariser.AsLoss
  readonly aggregation: Aggregation
}

/**
 * @category models
 * @since 0.1.0
 */
export interface ResponseObjective extends Named {
  readonly surrogate: OfResponses
  readonly regulariser: Regulariser.AsLoss
  readonly aggregation: SequenceMean
}

/**
 * @category models
 * @since 0.1.0
 */
export type Objective = PolicyGradientObjective | BellmanObjective | ResponseObjective

/**
 * What a batch must bring for an objective beyond what every batch has.
 *
 * | need | `Batch` field | why |
 * |---|---|---|
 * | reference | referenceLogits | a KL, or a surrogate that compares with π_ref |
 * | kl-weights | klWeights | the KL is weighed by difficulty |
 * | whole-groups | groupSize | the surrogate compares within groups, so micro-batches hold whole ones |
 * | mean-log-probs | oldMeanLogProbs | off-policy, the one-step target |
 * | demonstrations | isDemonstration | responses of another policy are in the groups |
 * | sampler | behaviourLogProbs | samples are replayed from an older policy (masks and caps only guard, and may do without) |
 * | partition | partition | Z of the target distribution |
 *
 * @category models
 * @since 0.1.0
 */
export type Need =
  "reference" | "kl-weights" | "whole-groups" | "mean-log-probs" | "demonstrations" | "sampler" | "partition"

/**
 * What keeps a value of the type from being an objective: a number out of its range.
 *
 * @category errors
 * @since 0.1.0
 */
export type ObjectiveError =
  | {
      readonly _tag: "OutOfRange"
      readonly objective: string
      readonly field: string
      readonly value: number
      readonly range: string
    }
  | { readonly _tag: "InvalidPhi"; readonly objective: string; readonly error: Phi.PhiError }
  | { readonly _tag: "NoName" }

// constructors

/**
 * An objective, if its numbers make one.
 *
 * **Fails with** the first of: `NoName`; `OutOfRange` for a coefficient, bound, length or period that is negative, NaN
 * or infinite where that makes no sense, or a dual clip that is not above 1; `InvalidPhi`.
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { Arms, Grpo, Objective } from "@rapo/rapo"
 * E.isRight(Objective.validate(Grpo.grpo)) // => true
 * E.isRight(Objective.validate(Arms.forwardKL(-0.1))) // => false
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const validate = (objective: Objective): E.Either<ObjectiveError, Objective> => {
  if (objective.name.trim() === "") return E.left({ _tag: "NoName" })
  const bad = fieldsOf(objective).find(({ value, range }: NumericField) => !range.contains(value))
  if (bad !== undefined) {
    const { field, value, range } = bad
    return E.left({ _tag: "OutOfRange", objective: objective.name, field, value, range: range.name })
  }
  const { regulariser } = objective
  if (regulariser._tag === "None" || regulariser.reference._tag === "Plain") return E.right(objective)
  const phi = Phi.validate(regulariser.reference.phi)
  return E.isLeft(phi)
    ? E.left({ _tag: "InvalidPhi", objective: objective.name, error: phi.left })
    : E.right(objective)
}

// refinements

/**
 * Whether the loss needs the reference policy's logits.
 *
 * ```ts import.meta.vitest
 * import { Arms, Grpo, Objective } from "@rapo/rapo"
 * Objective.needsReference(Grpo.grpo) // => true
 * Objective.needsReference(Arms.unregularised) // => false
 * ```
 *
 * @category refinements
 * @since 0.1.0
 */
export const needsReference = (objective: Objective): boolean => needs(objective).includes("reference")

// destructors

/**
 * All that an objective needs of a batch.
 *
 * ```ts import.meta.vitest
 * import { Objective, Pacs, RlPlus } from "@rapo/rapo"
 * Objective.needs(Pacs.pacs) // => ["whole-groups"]
 * Objective.needs(RlPlus.rlPlus) // => ["demonstrations"]
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const needs = ({ surrogate, regulariser }: Objective): ReadonlyArray<Need> => {
  const holds = Regulariser.holds(regulariser)
  const isGradient = surrogate._tag === "PolicyGradient"
  const isMatching = surrogate._tag === "DistributionMatching"
  const compares = isMatching || (isGradient && surrogate.shaping._tag === "OverConfidence")
  const all: ReadonlyArray<readonly [Need, boolean]> = [
    ["reference", holds || compares],
    ["kl-weights", holds && regulariser.weighting === "by-difficulty"],
    ["whole-groups", surrogate._tag === "Classification"],
    ["mean-log-probs", surrogate._tag === "BellmanRegression"],
    ["demonstrations", isGradient && surrogate.demonstrations._tag === "Mixed"],
    ["sampler", isGradient && surrogate.correction._tag === "Weighted"],
    ["partition", isMatching && surrogate.hasBaseline],
  ]
  return all.filter(([, isNeeded]) => isNeeded).map(([need]) => need)
}

/**
 * Which policy π_ref is; the first one where nothing says otherwise.
 *
 * @category destructors
 * @since 0.1.0
 */
export const anchorOf = ({ regulariser }: Objective): Regulariser.Anchor =>
  regulariser._tag === "None" ? Regulariser.frozen : regulariser.anchor

/**
 * An error as a sentence.
 *
 * @category destructors
 * @since 0.1.0
 */
export const showError = (error: ObjectiveError): string => {
  switch (error._tag) {
    case "NoName":
      return "An objective must have a name."
    case "OutOfRange":
      return `In objective "${error.objective}", ${error.field} must be ${error.range}, and is ${error.value}.`
    case "InvalidPhi":
      return `In objective "${error.objective}": ${Phi.showError(error.error)}`
  }
}
