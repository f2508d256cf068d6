/**
 * Compares the final answer of a response with the reference answer, exactly.
 *
 *     verify(gold, response) = Correct  if  value(gold) = value(answer(response)),  Wrong if both exist and differ
 *
 * Both sides are arithmetic over the rationals (`Parse`); there is no rounding and no tolerance: 0.33 is not 1/3. What is
 * not arithmetic (variables, roots, units, words) is `Unparseable`, on either side, never `Wrong`.
 *
 * Laws (`Laws.ts`)
 * 1. Reflexive: a readable answer in a box verifies against itself.
 * 2. Symmetric: exchanging the reference and the boxed answer keeps Correct and Wrong.
 * 3. Formatting noise changes nothing: 1,234 = 1234, 1/2 = 0.5 = \frac12.
 * 4. Sound and complete on rationals: Correct exactly for equal numbers.
 * 5. Total: any two strings get a verdict, in bounded work.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as Extract from "./Extract.ts"
import * as Limits from "./Limits.ts"
import * as Parse from "./Parse.ts"
import * as Rational from "./Rational.ts"
import * as Verdict from "./Verdict.ts"

// model

/** @category models */
export interface Options {
  /** Where to look for the answer of a response, and in which order. */
  readonly order: ReadonlyArray<Extract.Source>
  /** What reading an answer may cost. */
  readonly limits: Limits.Limits
}

/** @category models */
export const defaultOptions: Options = { order: Extract.defaultOrder, limits: Limits.defaultLimits }

// combinators

/**
 * The verdict on a response.
 *
 * ```ts import.meta.vitest
 * import { Verify } from "@rapo/verifier"
 * const tag = (gold: string, response: string) => Verify.verify(gold, response)._tag
 * tag("1/2", "Half of it, so \\boxed{\\frac12}.") // => "Correct"
 * tag("1234", "The answer is 1,234.") // => "Correct"
 * tag("1/3", "\\boxed{0.33}") // => "Wrong"
 * tag("1/3", "I do not know.") // => "Unparseable"
 * tag("1/3", `\\boxed{${"(".repeat(1000)}}`) // => "TimedOut"
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const verify = (gold: string, response: string, options: Partial<Options> = {}): Verdict.Verdict => {
  const { order, limits } = { ...defaultOptions, ...options }
  return pipe(
    goldAnswer(gold, limits),
    E.mapLeft((reason): Verdict.Reason => ({ _tag: "UnreadableGold", gold, reason })),
    E.chainW((expected) =>
      pipe(
        finalAnswer(response, order, limits),
        E.map((answer) => compare(expected, answer)),
      ),
    ),
    E.getOrElse(Verdict.fromError),
  )
}

/**
 * The final answer of a response, with its value.
 *
 * @category combinators
 * @since 0.1.0
 */
export const finalAnswer = (
  response: string,
  order: ReadonlyArray<Extract.Source> = Extract.defaultOrder,
  limits: Limits.Limits = Limits.defaultLimits,
): Either<Verdict.Reason | Limits.LimitExceeded, Verdict.Answer> =>
  pipe(
    Extract.extract(response, order),
    E.chainW(({ text }) => readAnswer(text, limits)),
  )

/**
 * A text with its value.
 *
 * @category combinators
 * @since 0.1.0
 */
export const readAnswer = (
  text: string,
  limits: Limits.Limits = Limits.defaultLimits,
): Either<Verdict.Reason | Limits.LimitExceeded, Verdict.Answer> =>
  pipe(
    Parse.evaluate(text, limits),
    E.map((value) => ({ text, value })),
  )

/**
 * Equality of the values.
 *
 * @category combinators
 * @since 0.1.0
 */
export const compare = (gold: Verdict.Answer, answer: Verdict.Answer): Verdict.Verdict =>
  Rational.Eq.equals(gold.value, answer.value)
    ? Verdict.correct(gold, answer, "exact-value")
    : Verdict.wrong(gold, answer, "exact-value")

/** A reference answer is itself an answer, or a solution that boxes one. */
const goldAnswer = (
  gold: string,
  limits: Limits.Limits,
): Either<Verdict.Reason | Limits.LimitExceeded, Verdict.Answer> =>
  pipe(
    Extract.extract(gold, ["boxed"]),
    E.fold(
      () => readAnswer(gold, limits),
      ({ text }) => readAnswer(text, limits),
    ),
  )
