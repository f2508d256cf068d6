/**
 * Functions and their arguments.
 *
 *     \sin(x)   \sin 2x   \sin^2 x   \sin^{-1} x   \log_2 8   log(x, 2)   \max(1, 2)
 *
 * Without parentheses a function takes the product that follows, up to the next function or parenthesis: sin 2x cos x is
 * (sin 2x)(cos x), and sin x / 2 is (sin x)/2.
 */
import { apply, number, power, signed } from "../expression/make.ts"
import type { Expression, FunctionName } from "../expression/model.ts"
import * as Rational from "../Rational.ts"
import { accepts, type Cursor, expects, nested, peek, replaceNext, sees, take } from "./cursor.ts"
import { inverses } from "./names.ts"
import { literal } from "./numbers.ts"

/** The arguments of a function whose name has been read. */
export const application = (cursor: Cursor, name: FunctionName): Expression => {
  const base = name === "log" ? logarithmBase(cursor) : undefined
  const exponent = accepts(cursor, "^") ? argument(cursor) : undefined
  const inverse = exponent !== undefined && isMinusOne(exponent) ? inverses.get(name) : undefined
  const args = functionArguments(cursor)
  const applied =
    name === "log"
      ? logarithm(base, args)
      : inverse === undefined
        ? apply(name, ...args)
        : apply(inverse, ...args)
  return exponent === undefined || inverse !== undefined ? applied : power(applied, exponent)
}

/** `\log_2 8`, and log2(8): a digit, or what stands in braces. */
const logarithmBase = (cursor: Cursor): Expression | undefined => {
  if (accepts(cursor, "_")) return digitOrToken(cursor)
  const next = peek(cursor)
  // log2(8)
  return next.kind === "number" && !next.spaced && sees(cursor, "(", 1)
    ? literal(cursor, take(cursor).text)
    : undefined
}

/** The base comes last in log(x, b), as in Python; without one it is 10. */
const logarithm = (base: Expression | undefined, args: ReadonlyArray<Expression>): Expression => {
  const [x = ten, last = ten] = args
  return apply("log", base ?? last, x)
}

const ten = number(Rational.fromInteger(10))

const isMinusOne = (e: Expression): boolean =>
  e._tag === "Signed" &&
  e.sign === "-" &&
  e.operand._tag === "Number" &&
  Rational.Eq.equals(e.operand.value, Rational.one)

/** \max\{1, 2\} takes its items in the braces of a set. */
const closings = [
  ["(", ")"],
  ["[", "]"],
  ["\\{", "\\}"],
] as const

/** What a function is applied to: items in parentheses, a group in braces, or a product. */
const functionArguments = (cursor: Cursor): ReadonlyArray<Expression> => {
  const closing = closings.find(([opening]) => sees(cursor, opening))?.[1]
  if (closing === undefined)
    return [sees(cursor, "{") ? argument(cursor) : nested(cursor, cursor.rules.argument, ten)]
  take(cursor)
  const items = nested(cursor, cursor.rules.list, [])
  expects(cursor, closing, "MissingParenthesis")
  return items
}

/** The argument of a command or of an exponent: a group in braces, or what stands alone there. */
export const argument = (cursor: Cursor): Expression => {
  if (accepts(cursor, "{")) {
    const inner = nested(cursor, cursor.rules.item, ten)
    expects(cursor, "}", "MissingBrace")
    return inner
  }
  if (sees(cursor, "-") || sees(cursor, "+"))
    return signed(take(cursor).text === "-" ? "-" : "+", nested(cursor, argument, ten))
  return peek(cursor).kind === "number" && !sees(cursor, "_", 1)
    ? literal(cursor, take(cursor).text)
    : nested(cursor, cursor.rules.atom, ten)
}

/** TeX takes one token, and of a number one digit. */
export const digitOrToken = (cursor: Cursor): Expression => {
  const token = peek(cursor)
  if (token.kind === "number" && /^\d\d+$/.test(token.text))
    replaceNext(cursor, [
      { ...token, text: token.text.slice(0, 1) },
      { ...token, text: token.text.slice(1), position: token.position + 1, spaced: false },
    ])
  return argument(cursor)
}
