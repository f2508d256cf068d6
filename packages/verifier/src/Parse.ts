/**
 * Answers as people and models write them, LaTeX or plain, clean or not.
 *
 *     1/2   \frac12   x^2+1   (1, 2]   \{1, 2\}   x < 1 or x > 2   5 \text{ cm}^2   50\%   1010_2   no solution   (B)
 *
 * A text becomes tokens (`parse/lex.ts`), tokens become an expression (`parse/relations.ts` downwards). What models spell
 * badly is mended, and each repair is reported. What an answer *means* is left open here: see `Expression`.
 *
 * Three readings need a convention, and these are ours: 1,234 is a number but (1,234) is a pair; 2\frac12 is a half more
 * than two; i and e are constants.
 *
 * Laws (`Laws.ts`)
 * 1. Total: any string gives an `Either`, in time linear in its length; `Limits` bound its length, its nesting and its
 *    numbers.
 * 2. `parse(show(e)) = e` for every `e` that parsing gives.
 * 3. Formatting noise changes nothing.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as Expression from "./Expression.ts"
import { type Unexpected, wholeText } from "./internal/grammar.ts"
import { match } from "./internal/match.ts"
import { answer, type Parsed } from "./parse/answer.ts"
import { lex } from "./parse/lex.ts"
import { type Conventions, defaultConventions } from "./parse/numerals.ts"
import * as Limits from "./Limits.ts"
import type { Rational } from "./Rational.ts"

export type { Unexpected } from "./internal/grammar.ts"
export type { Parsed } from "./parse/answer.ts"
export type { Conventions } from "./parse/numerals.ts"
export type { Repair } from "./parse/token.ts"

// model

/**
 * Why a text is no expression.
 *
 * @category models
 * @since 0.1.0
 */
export type ParseError = Unexpected | Limits.LimitExceeded

// constructors

/**
 * The answer that a text spells.
 *
 * ```ts import.meta.vitest
 * import { Expression, Parse } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * const show = (text: string) => E.map((p: Parse.Parsed) => Expression.show(p.expression))(Parse.parse(text))
 * show("$2\\sqrt3 \\text{ cm}$") // => E.right("((2*sqrt(3)) \\text{cm})")
 * show("(-\\infty, 1) \\cup (2, \\infty)") // => E.right("(((-infinity), 1) \\cup (2, infinity))")
 * const repairs = (text: string) => E.map((p: Parse.Parsed) => p.repairs)(Parse.parse(text))
 * repairs("\\frac12") // => E.right([{ _tag: "ShortFraction", position: 5 }])
 * ```
 *
 * **Fails with** `Unexpected`, `TooLong`, `TooDeep`, `TooLarge`.
 *
 * @category constructors
 * @since 0.2.0
 */
export const parse = (
  text: string,
  limits: Limits.Limits = Limits.defaultLimits,
  conventions: Conventions = defaultConventions,
): Either<ParseError, Parsed> =>
  text.length > limits.maxLength
    ? E.left({ _tag: "TooLong", length: text.length, bound: limits.maxLength })
    : answer(text, lex(text, conventions), limits)

/**
 * The arithmetic that a text spells, read strictly: `internal/grammar.ts` says how. Nothing is mended, and two numbers side
 * by side are an error, not a product.
 *
 * ```ts import.meta.vitest
 * import { Expression, Parse, Rational } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * E.map(Expression.show)(Parse.arithmetic("-\\frac12 + 1,234 \\times 2^3")) // => E.right("((-(1/2))+(1234*(2^3)))")
 * Parse.arithmetic("2 + x") // => E.left({ _tag: "Unexpected", position: 4, found: "x", expected: "a number" })
 * ```
 *
 * **Fails with** `Unexpected`, `TooLong`, `TooDeep`, `TooLarge`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const arithmetic = (
  text: string,
  limits: Limits.Limits = Limits.defaultLimits,
): Either<ParseError, Expression.Expression> =>
  text.length > limits.maxLength
    ? E.left({ _tag: "TooLong", length: text.length, bound: limits.maxLength })
    : wholeText({ text, limits })

/**
 * The value of the arithmetic that a text spells.
 *
 * ```ts import.meta.vitest
 * import { Expression, Parse, Rational } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * E.map(Rational.show)(Parse.evaluate("(1 + 2) ÷ 4")) // => E.right("3/4")
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const evaluate = (
  text: string,
  limits: Limits.Limits = Limits.defaultLimits,
): Either<ParseError | Expression.EvaluationError, Rational> =>
  pipe(arithmetic(text, limits), E.chainW(Expression.evaluate(limits.maxBits)))

// destructors

/**
 * A sentence about an error.
 *
 * ```ts import.meta.vitest
 * import { Expression, Parse, Rational } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * E.mapLeft(Parse.showError)(Parse.arithmetic("(1+2")) // => E.left('expected ")" at position 4, where the text ends')
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const showError: (error: ParseError) => string = match<ParseError, string>({
  Unexpected: ({ position, found, expected }) =>
    `expected ${expected} at position ${position}, ` +
    (found === "" ? "where the text ends" : `found ${JSON.stringify(found)}`),
  TooLong: Limits.showError,
  TooDeep: Limits.showError,
  TooLarge: Limits.showError,
})
