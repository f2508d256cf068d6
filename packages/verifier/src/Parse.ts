/**
 * Text to expression: recursive descent over plain and LaTeX arithmetic.
 *
 *     expression = term    (("+" | "-" | "−") term)*
 *     term       = factor  (("*" | "×" | "·" | "\times" | "\cdot" | "/" | "÷" | "\div") factor)*
 *     factor     = ("+" | "-" | "−") factor  |  power
 *     power      = atom (("^" | "**") ("+" | "-" | "−")* power)?        right-associative: 2^3^2 = 2^9; -2^2 = -4
 *     atom       = number  |  "(" expression ")"  |  "[" … "]"  |  "{" … "}"  |  fraction argument argument
 *     fraction   = "\frac" | "\dfrac" | "\tfrac" | "\cfrac"
 *     argument   = "{" expression "}"  |  digit                         \frac12 = 1/2
 *     number     = 12  |  1,234  |  1{,}234  |  1\,234  |  0.5  |  .5
 *
 * White space, LaTeX spacing, `\left`, `\right` and dollar signs mean nothing. Two numbers side by side are an error,
 * not a product: a verifier does not guess (is 2\frac12 a half more than two, or one?).
 *
 * Laws (`Laws.ts`)
 * 1. Total: any string gives an `Either`, in time linear in its length; `Limits` bound its length,
 *    its nesting and its numbers.
 * 2. `arithmetic(show(e)) = e`.
 * 3. Formatting noise changes nothing.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as Expression from "./Expression.ts"
import { type Unexpected, wholeText } from "./internal/grammar.ts"
import { match } from "./internal/match.ts"
import * as Limits from "./Limits.ts"
import type { Rational } from "./Rational.ts"

export type { Unexpected } from "./internal/grammar.ts"

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
 * The expression that a text spells.
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
