/**
 * What a verifier says of a response.
 *
 *     Verdict = Correct | Wrong | Unparseable | TimedOut
 *
 * Four answers and not two: "I could not read it" and "I did not finish" are never "wrong". What they are worth as a
 * reward is the business of whoever rewards; `fold` makes that decision visible.
 *
 * `TimedOut` counts work, not seconds: a pure function reads no clock, and the same response gets the same verdict on
 * every machine.
 */
import type { DivisionByZero, ExponentOutOfRange, Rational } from "./Rational.ts"
import * as Expression from "./Expression.ts"
import { type Cases, match } from "./internal/match.ts"
import * as Extract from "./Extract.ts"
import * as Limits from "./Limits.ts"
import * as Parse from "./Parse.ts"

// model

/**
 * An answer as it was written, and its value.
 *
 * @category models
 * @since 0.1.0
 */
export interface Answer {
  readonly text: string
  readonly value: Rational
}

/**
 * The rule that decided. `exact-value`: equality of the values. The others belong to tasks that ask for more than a
 * value: `given-numbers`, an expression over exactly the given numbers and operators; `plain-number`, a number and not a
 * calculation; `lowest-terms`, a reduced fraction.
 *
 * @category models
 * @since 0.1.0
 */
export type Rule = "exact-value" | "given-numbers" | "plain-number" | "lowest-terms"

/**
 * Why a response, or the reference answer, could not be read.
 *
 * @category models
 * @since 0.1.0
 */
export type Reason =
  | Extract.ExtractError
  | Parse.Unexpected
  | Expression.NotArithmetic
  | DivisionByZero
  | ExponentOutOfRange
  | { readonly _tag: "UnreadableGold"; readonly gold: string; readonly reason: Reason | Limits.LimitExceeded }

/** @category models */
export type Verdict =
  | { readonly _tag: "Correct"; readonly gold: Answer; readonly answer: Answer; readonly rule: Rule }
  | { readonly _tag: "Wrong"; readonly gold: Answer; readonly answer: Answer; readonly rule: Rule }
  | { readonly _tag: "Unparseable"; readonly reason: Reason }
  | { readonly _tag: "TimedOut"; readonly limit: Limits.LimitExceeded }

// constructors

/** @category constructors */
export const correct = (gold: Answer, answer: Answer, rule: Rule): Verdict => ({
  _tag: "Correct",
  gold,
  answer,
  rule,
})

/** @category constructors */
export const wrong = (gold: Answer, answer: Answer, rule: Rule): Verdict => ({
  _tag: "Wrong",
  gold,
  answer,
  rule,
})

/** @category constructors */
export const unparseable = (reason: Reason): Verdict => ({ _tag: "Unparseable", reason })

/** @category constructors */
export const timedOut = (limit: Limits.LimitExceeded): Verdict => ({ _tag: "TimedOut", limit })

/**
 * The verdict on a response that could not be turned into a value.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromError = (error: Reason | Limits.LimitExceeded): Verdict =>
  Limits.isLimitExceeded(error) ? timedOut(error) : unparseable(error)

// refinements

/** @category refinements */
export const isCorrect = (verdict: Verdict): boolean => verdict._tag === "Correct"

/**
 * Whether the verifier could tell: the verdict is right or wrong.
 *
 * @category refinements
 * @since 0.1.0
 */
export const isDecided = (verdict: Verdict): boolean => verdict._tag === "Correct" || verdict._tag === "Wrong"

// destructors

/**
 * One value for each kind of verdict.
 *
 * ```ts import.meta.vitest
 * import { Verdict, Verify } from "@rapo/verifier"
 * const reward = Verdict.fold({ Correct: () => 1, Wrong: () => 0, Unparseable: () => 0, TimedOut: () => 0 })
 * reward(Verify.verify("1/2", "\\boxed{0.5}")) // => 1
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const fold: <A>(cases: Cases<Verdict, A>) => (verdict: Verdict) => A = match

/**
 * A sentence about a verdict.
 *
 * ```ts import.meta.vitest
 * import { Verdict, Verify } from "@rapo/verifier"
 * Verdict.show(Verify.verify("1/2", "\\boxed{2/3}")) // => "Wrong: 2/3 is not 1/2 (exact-value)"
 * Verdict.show(Verify.verify("1/2", "\\boxed{")) // => "Unparseable: the box at position 0 never closes"
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const show: (verdict: Verdict) => string = fold({
  Correct: ({ gold, answer, rule }) => `Correct: ${answer.text} is ${gold.text} (${rule})`,
  Wrong: ({ gold, answer, rule }) => `Wrong: ${answer.text} is not ${gold.text} (${rule})`,
  Unparseable: ({ reason }) => `Unparseable: ${showReason(reason)}`,
  TimedOut: ({ limit }) => `TimedOut: ${Limits.showError(limit)}`,
})

/** @category destructors */
export const showReason = (reason: Reason | Limits.LimitExceeded): string => reasons(reason)

const reasons = match<Reason | Limits.LimitExceeded, string>({
  NothingFound: Extract.showError,
  UnclosedBox: Extract.showError,
  DivisionByZero: Expression.showEvaluationError,
  ExponentOutOfRange: Expression.showEvaluationError,
  NotArithmetic: Expression.showEvaluationError,
  Unexpected: Parse.showError,
  TooLong: Limits.showError,
  TooDeep: Limits.showError,
  TooLarge: Limits.showError,
  UnreadableGold: ({ gold, reason }) =>
    `the reference answer ${JSON.stringify(gold)} is not readable: ${showReason(reason)}`,
})
