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
import type { DivisionByZero, ExponentOutOfRange } from "./Rational.ts"
import type * as Comparison from "./compare/Comparison.ts"
import * as Expression from "./Expression.ts"
import { type Cases, match } from "./internal/match.ts"
import * as Extract from "./Extract.ts"
import * as Limits from "./Limits.ts"
import * as Parse from "./Parse.ts"

// model

/**
 * An answer as it was written, and as it was read.
 *
 * @category models
 * @since 0.2.0
 */
export interface Answer {
  /** As it was written. */
  readonly text: string
  /** As it was read; `Expression.show` renders it. */
  readonly expression: Expression.Expression
  /** What had to be mended to read it. */
  readonly repairs: ReadonlyArray<Parse.Repair>
  /** Where it stands in the response (or the reference). */
  readonly spans: ReadonlyArray<Extract.Span>
}

/**
 * The rule that decided: one of the comparison, `Compare.Rule`, or
 *
 * | rule            | decides by                                                                         |
 * |-----------------|------------------------------------------------------------------------------------|
 * | `same-text`     | the same characters but for spacing, where the reference is not readable           |
 * | `given-numbers` | a task: an expression over exactly the given numbers and operators                 |
 * | `plain-number`  | a task: a number and not a calculation                                             |
 * | `lowest-terms`  | a task, or `Options.unreducedFractions`: a reduced fraction                        |
 *
 * @category models
 * @since 0.1.0
 */
export type Rule = Comparison.Rule | "same-text" | "given-numbers" | "plain-number"

/**
 * A side has no value: a division by zero, a logarithm of 0.
 *
 * @category models
 */
export interface NoValue {
  readonly _tag: "NoValue"
  readonly rule: Rule
}

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
  | NoValue
  | { readonly _tag: "UnreadableGold"; readonly gold: string; readonly reason: Reason | Limits.LimitExceeded }

/**
 * The work that a comparison may cost ran out.
 *
 * @category models
 */
export interface OutOfFuel {
  readonly _tag: "OutOfFuel"
  readonly bound: number
}

/** @category models */
export type Limit = Limits.LimitExceeded | OutOfFuel

/** @category models */
export type Verdict =
  | { readonly _tag: "Correct"; readonly gold: Answer; readonly answer: Answer; readonly rule: Rule }
  | { readonly _tag: "Wrong"; readonly gold: Answer; readonly answer: Answer; readonly rule: Rule }
  /** `found` is the text that was taken for the answer, where there is one. */
  | { readonly _tag: "Unparseable"; readonly reason: Reason; readonly found?: string }
  | { readonly _tag: "TimedOut"; readonly limit: Limit; readonly found?: string }

// constructors

/**
 * An answer that needed no mending and stands nowhere in particular.
 *
 * @category constructors
 */
export const answer = (text: string, expression: Expression.Expression): Answer => ({
  text,
  expression,
  repairs: [],
  spans: [],
})

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
export const decided = (isRight: boolean, gold: Answer, answer: Answer, rule: Rule): Verdict =>
  isRight ? correct(gold, answer, rule) : wrong(gold, answer, rule)

/** @category constructors */
export const unparseable = (reason: Reason, found?: string): Verdict => ({
  _tag: "Unparseable",
  reason,
  ...(found === undefined ? {} : { found }),
})

/** @category constructors */
export const timedOut = (limit: Limit, found?: string): Verdict => ({
  _tag: "TimedOut",
  limit,
  ...(found === undefined ? {} : { found }),
})

/**
 * The verdict on a response that could not be turned into an answer.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromError = (error: Reason | Limits.LimitExceeded, found?: string): Verdict =>
  Limits.isLimitExceeded(error) ? timedOut(error, found) : unparseable(error, found)

/**
 * The verdict that a comparison of two answers gives, with the work that it was allowed.
 *
 * @category constructors
 */
export const fromComparison = (
  gold: Answer,
  answer: Answer,
  comparison: Comparison.Comparison,
  fuel: number,
): Verdict => {
  switch (comparison._tag) {
    case "Equal":
      return correct(gold, answer, comparison.rule)
    case "Different":
      return wrong(gold, answer, comparison.rule)
    case "Undecided":
      return comparison.reason === "budget"
        ? timedOut({ _tag: "OutOfFuel", bound: fuel }, answer.text)
        : unparseable({ _tag: "NoValue", rule: comparison.rule }, answer.text)
  }
}

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
 * What was taken for the answer of the response, as it was written.
 *
 * @category destructors
 */
export const foundText: (verdict: Verdict) => string | undefined = fold<string | undefined>({
  Correct: ({ answer }) => answer.text,
  Wrong: ({ answer }) => answer.text,
  Unparseable: ({ found }) => found,
  TimedOut: ({ found }) => found,
})

/**
 * The rule that decided, if one did.
 *
 * @category destructors
 */
export const ruleOf: (verdict: Verdict) => Rule | undefined = fold<Rule | undefined>({
  Correct: ({ rule }) => rule,
  Wrong: ({ rule }) => rule,
  Unparseable: () => undefined,
  TimedOut: () => undefined,
})

/**
 * An answer as it was read.
 *
 * ```ts import.meta.vitest
 * import { Verdict, Verify } from "@rapo/verifier"
 * const verdict = Verify.verify("1/2", "\\boxed{\\frac12}")
 * verdict._tag === "Correct" && Verdict.showAnswer(verdict.answer) // => "(1/2)"
 * ```
 *
 * @category destructors
 */
export const showAnswer = ({ expression }: Answer): string => Expression.show(expression)

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
  TimedOut: ({ limit }) => `TimedOut: ${showLimit(limit)}`,
})

/** @category destructors */
export const showLimit = (limit: Limit): string =>
  limit._tag === "OutOfFuel"
    ? `the comparison needs more than ${limit.bound} operations`
    : Limits.showError(limit)

/** @category destructors */
export const showReason = (reason: Reason | Limits.LimitExceeded): string => reasons(reason)

const reasons = match<Reason | Limits.LimitExceeded, string>({
  NothingFound: Extract.showError,
  UnclosedBox: Extract.showError,
  DivisionByZero: Expression.showEvaluationError,
  ExponentOutOfRange: Expression.showEvaluationError,
  NotArithmetic: Expression.showEvaluationError,
  NoValue: () => "one of the two answers has no value",
  Unexpected: Parse.showError,
  TooLong: Limits.showError,
  TooDeep: Limits.showError,
  TooLarge: Limits.showError,
  UnreadableGold: ({ gold, reason }) =>
    `the reference answer ${JSON.stringify(gold)} is not readable: ${showReason(reason)}`,
})
