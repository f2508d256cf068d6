/**
 * Objectives as data: what a system of reinforcement learning maximises, a product of independent choices.
 *
 *     J(θ) = Σ_bt w_bt [ surrogate(r_bt, A_b) - α · KL_bt + β · H_bt ]
 *
 * | choice | says |
 * |---|---|
 * | advantage | how rewards of a group become A_b |
 * | ratio | whether r is a token's or a response's |
 * | trustRegion | how far r counts |
 * | regulariser | which KL, in which direction, to which reference, how strongly (α) |
 * | entropy | β, the coefficient of the policy's entropy H |
 * | aggregation | the weights w |
 * | anchor | which policy the reference is |
 *
 * RAPO, GRPO, DAPO and the rest are values of this type, one short file each in `objectives/`; `Loss` interprets them
 * over numbers and `tensor/Loss` over tensors. Units of α and β: reward per nat, for they weigh nats against advantages.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Advantage } from "./Advantage.ts"
import type { Aggregation } from "./Aggregation.ts"
import * as Phi from "./Phi.ts"
import type { Level } from "./Ratio.ts"
import type { Regulariser } from "./Regulariser.ts"
import type { TrustRegion } from "./TrustRegion.ts"

// model

/**
 * Which policy is π_ref: the first one, for ever, or a copy of the policy renewed every so many iterations.
 *
 * @category models
 * @since 0.1.0
 */
export type Anchor = { readonly _tag: "Frozen" } | { readonly _tag: "Moving"; readonly every: number }

/**
 * @category models
 * @since 0.1.0
 */
export interface Objective {
  readonly name: string
  readonly advantage: Advantage
  readonly ratio: Level
  readonly trustRegion: TrustRegion
  readonly regulariser: Regulariser
  /** β >= 0, the coefficient of the entropy. */
  readonly entropy: number
  readonly aggregation: Aggregation
  readonly anchor: Anchor
}

/**
 * What keeps a value of the type from being an objective: a number out of its range, or an anchor without a KL.
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
  | { readonly _tag: "AnchorWithoutRegulariser"; readonly objective: string }
  | { readonly _tag: "NoName" }

// constructors

/**
 * An objective, if its numbers make one.
 *
 * **Fails with** the first of: `NoName`; `OutOfRange` for a coefficient, bound, length or period that is negative, NaN
 * or infinite where that makes no sense, or a dual clip that is not above 1; `InvalidPhi`;
 * `AnchorWithoutRegulariser` for a moving reference that nothing refers to.
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
  const bad = fieldsOf(objective).find(({ value, range }) => !range.contains(value))
  if (bad !== undefined) {
    const { field, value, range } = bad
    return E.left({ _tag: "OutOfRange", objective: objective.name, field, value, range: range.name })
  }
  const { regulariser } = objective
  if (regulariser._tag === "None") {
    return objective.anchor._tag === "Moving"
      ? E.left({ _tag: "AnchorWithoutRegulariser", objective: objective.name })
      : E.right(objective)
  }
  if (regulariser.reference._tag === "Plain") return E.right(objective)
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
export const needsReference = (objective: Objective): boolean =>
  objective.regulariser._tag !== "None" && objective.regulariser.coefficient !== 0

// destructors

/**
 * An error as a sentence.
 *
 * @category destructors
 * @since 0.1.0
 */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, and the compiler checks it
export const showError = (error: ObjectiveError): string => {
  switch (error._tag) {
    case "NoName":
      return "An objective must have a name."
    case "OutOfRange":
      return `In objective "${error.objective}", ${error.field} must be ${error.range}, and is ${error.value}.`
    case "InvalidPhi":
      return `In objective "${error.objective}": ${Phi.showError(error.error)}`
    case "AnchorWithoutRegulariser":
      return `Objective "${error.objective}" moves its reference, but has no regulariser that refers to it.`
  }
}

// numerics

interface Range {
  readonly name: string
  readonly contains: (x: number) => boolean
}

interface NumericField {
  readonly field: string
  readonly value: number
  readonly range: Range
}

const nonNegative: Range = { name: "finite and at least 0", contains: (x) => x >= 0 && x < Infinity }
const positive: Range = { name: "finite and above 0", contains: (x) => x > 0 && x < Infinity }
const positiveOrInfinite: Range = { name: "above 0", contains: (x) => x > 0 }
const wholePositive: Range = {
  name: "a whole number above 0",
  contains: (x) => Number.isSafeInteger(x) && x > 0,
}
/** With c <= 1 the dual clip would bind on-policy, at r = 1, and stop the gradient of every negative advantage. */
const aboveOne: Range = { name: "finite and above 1", contains: (x) => x > 1 && x < Infinity }

const field = (name: string, value: number, range: Range): NumericField => ({ field: name, value, range })

const fieldsOf = (objective: Objective): ReadonlyArray<NumericField> => {
  const { advantage, trustRegion, regulariser, entropy, aggregation, anchor } = objective
  return [
    field("entropy", entropy, nonNegative),
    ...(advantage._tag === "Standardised"
      ? [field("advantage.epsilon", advantage.epsilon, nonNegative)]
      : []),
    ...(trustRegion._tag === "Clip"
      ? [
          field("trustRegion.low", trustRegion.low, nonNegative),
          field("trustRegion.high", trustRegion.high, nonNegative),
          ...(trustRegion.dual === undefined ? [] : [field("trustRegion.dual", trustRegion.dual, aboveOne)]),
        ]
      : []),
    ...(regulariser._tag === "None"
      ? []
      : [field("regulariser.coefficient", regulariser.coefficient, nonNegative)]),
    ...(regulariser._tag === "Sampled"
      ? [field("regulariser.logRatioBound", regulariser.logRatioBound, positiveOrInfinite)]
      : []),
    ...(aggregation._tag === "Constant" ? [field("aggregation.length", aggregation.length, positive)] : []),
    ...(anchor._tag === "Moving" ? [field("anchor.every", anchor.every, wholePositive)] : []),
  ]
}
