/**
 * The strict grammar of arithmetic (`Parse.arithmetic`), one function a rule, directly over the text.
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
 * White space, LaTeX spacing, `\left`, `\right` and dollar signs mean nothing. Two numbers side by side are an error, not a
 * product. A rule reads from a position and says where it ended, so each character is looked at a bounded number of times;
 * nothing is ever tried and taken back.
 */
import * as E from "fp-ts/lib/Either.js"
import { ChainRec, type Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as Expression from "../Expression.ts"
import type * as Limits from "../Limits.ts"
import * as Rational from "../Rational.ts"

/** The text stops being arithmetic at a position. */
export interface Unexpected {
  readonly _tag: "Unexpected"
  /** Index into the text. */
  readonly position: number
  /** The character there; empty at the end of the text. */
  readonly found: string
  /** What would have been right, in words. */
  readonly expected: string
}

type GrammarError = Unexpected | Limits.TooDeep | Limits.TooLarge

/** What the rules read, and how much of it they may. */
export interface Reader {
  readonly text: string
  readonly limits: Limits.Limits
}

/** A value, and the position after it and the noise that follows it. */
interface Parsed<A> {
  readonly value: A
  readonly next: number
}

type Result = Either<GrammarError, Parsed<Expression.Expression>>
/** Reads from a position, at a depth of nesting. */
type Rule = (reader: Reader) => (position: number, depth: number) => Result

const aNumber = "a number"
const theEnd = "an operator or the end"

/** The whole text as one expression. */
export const wholeText = (reader: Reader): Either<GrammarError, Expression.Expression> =>
  pipe(
    expression(reader)(skip(reader.text, 0), 0),
    E.chain(({ value, next }) =>
      next === reader.text.length ? E.right(value) : unexpected(reader, next, theEnd),
    ),
  )

/** `operand (operator operand)*`, grouped from the left; in a loop, so that long sums need no deep stack. */
const chainLeft =
  (operand: Rule, operators: RegExp): Rule =>
  (reader) =>
  (position, depth) => {
    const first = operand(reader)(position, depth)
    if (E.isLeft(first)) return first
    return ChainRec.chainRec<GrammarError, Parsed<Expression.Expression>, Parsed<Expression.Expression>>(
      first.right,
      (left) => {
        const symbol = match(operators, reader.text, left.next)
        if (symbol === undefined) return E.right(E.right(left))
        const right = operand(reader)(skip(reader.text, left.next + symbol.length), depth)
        if (E.isLeft(right)) return right
        const { value, next } = right.right
        return E.right(E.left({ value: Expression.binary(operatorOf(symbol), left.value, value), next }))
      },
    )
  }

const power: Rule = (reader) => (position, depth) => {
  const base = atom(reader)(position, depth)
  if (E.isLeft(base)) return base
  const symbol = match(caret, reader.text, base.right.next)
  if (symbol === undefined) return base
  return pipe(
    factor(reader)(skip(reader.text, base.right.next + symbol.length), depth + 1),
    E.map(({ value, next }) => ({ value: Expression.power(base.right.value, value), next })),
  )
}

const factor: Rule = (reader) => (position, depth) => {
  if (depth > reader.limits.maxDepth) return tooDeep(reader, position)
  const sign = match(plusOrMinus, reader.text, position)
  if (sign === undefined) return power(reader)(position, depth)
  return pipe(
    factor(reader)(skip(reader.text, position + sign.length), depth + 1),
    E.map(({ value, next }) => ({ value: Expression.signed(sign === "+" ? "+" : "-", value), next })),
  )
}

const caret = /\^|\*\*/y
const plusOrMinus = /[+\-−]/y
const timesOrBy = /\*(?!\*)|[×·⋅∗/÷]|\\(?:times|cdot|div)(?![a-zA-Z])/y
const openings = /[([{]/y
const fractions = /\\[dtc]?frac(?![a-zA-Z])/y

const term: Rule = chainLeft(factor, timesOrBy)

const expression: Rule = chainLeft(term, plusOrMinus)

const atom: Rule = (reader) => (position, depth) => {
  const opening = match(openings, reader.text, position)
  if (opening !== undefined) return enclosed(opening)(reader)(position, depth)
  const fraction = match(fractions, reader.text, position)
  if (fraction !== undefined) return quotient(reader)(skip(reader.text, position + fraction.length), depth)
  return digits(reader)(position, depth)
}

const closing: Record<string, string> = { "(": ")", "[": "]", "{": "}" }

const enclosed =
  (opening: string): Rule =>
  (reader) =>
  (position, depth) =>
    pipe(
      expression(reader)(skip(reader.text, position + 1), depth + 1),
      E.chain(({ value, next }) =>
        reader.text[next] === closing[opening]
          ? E.right({ value, next: skip(reader.text, next + 1) })
          : unexpected(reader, next, `"${closing[opening]}"`),
      ),
    )

const quotient: Rule = (reader) => (position, depth) =>
  pipe(
    argument(reader)(position, depth),
    E.chain((numerator) =>
      pipe(
        argument(reader)(numerator.next, depth),
        E.map(({ value, next }) => ({ value: Expression.binary("/", numerator.value, value), next })),
      ),
    ),
  )

const argument: Rule = (reader) => (position, depth) => {
  const digit = match(/\d/y, reader.text, position)
  if (digit !== undefined)
    return E.right({
      value: Expression.number(Rational.fromInteger(BigInt(digit))),
      next: skip(reader.text, position + 1),
    })
  return reader.text[position] === "{"
    ? enclosed("{")(reader)(position, depth)
    : unexpected(reader, position, `"{" or a digit`)
}

const digits: Rule = (reader) => (position) => {
  const literal = match(literalPattern, reader.text, position)
  if (literal === undefined) return unexpected(reader, position, aNumber)
  const [whole = "", decimals = ""] = literal.replaceAll(/[^\d.]/g, "").split(".")
  // A decimal digit is worth log2(10) > 3 bits: longer numbers need not be read to know that they are too large.
  if ((whole.length + decimals.length) * 3 > reader.limits.maxBits)
    return E.left({ _tag: "TooLarge", bound: reader.limits.maxBits })
  const value = Rational.fromDecimal(BigInt(whole + decimals), decimals.length)
  return E.right({ value: Expression.number(value), next: skip(reader.text, position + literal.length) })
}

// lexis

/** Digits in groups of three, else plain digits; then decimals. 1,2345 has no groups, and 0,123 would be a decimal. */
const literalPattern = /(?:[1-9]\d{0,2}(?:(?:,|\{,\}|,?\\[,!])\d{3})+(?!\d)|\d+)(?:\.\d*)?|\.\d+/y

const noise = /(?:\s|\\[,;:! ]|~|\\(?:left|right|displaystyle)(?![a-zA-Z])|\\?\$)*/y

/** The text that a sticky pattern matches at a position. */
const match = (pattern: RegExp, text: string, position: number): string | undefined => {
  pattern.lastIndex = position
  return pattern.exec(text)?.[0]
}

/** The first position from here on that means something. */
const skip = (text: string, position: number): number =>
  position + (match(noise, text, position)?.length ?? 0)

const operatorOf = (symbol: string): Expression.Operator => {
  if (symbol === "+") return "+"
  if (symbol === "-" || symbol === "−") return "-"
  return symbol === "/" || symbol === "÷" || symbol === "\\div" ? "/" : "*"
}

/** The text is wrong at a position. */
const unexpected = (reader: Reader, position: number, expected: string): Either<Unexpected, never> => {
  const code = reader.text.codePointAt(position)
  const found = code === undefined ? "" : String.fromCodePoint(code)
  return E.left({ _tag: "Unexpected", position, found, expected })
}

const tooDeep = (reader: Reader, position: number): Either<Limits.TooDeep, never> =>
  E.left({ _tag: "TooDeep", position, bound: reader.limits.maxDepth })
