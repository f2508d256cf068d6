/**
 * Fractions, roots and binomial coefficients, in every spelling that models find.
 *
 *     \frac{1}{2}   \frac12   \frac1{20}   \frac\pi2   \sqrt{2}   \sqrt2   \sqrt(2)   \sqrt[3]{x}   \binom{n}{k}
 */
import { apply, binary, number } from "../expression/make.ts"
import type { Expression } from "../expression/model.ts"
import * as Rational from "../Rational.ts"
import {
  accepts,
  type Cursor,
  expects,
  fail,
  mend,
  nested,
  peek,
  replaceNext,
  scalar,
  sees,
  take,
} from "./cursor.ts"
import { argument } from "./functions.ts"

const one = number(Rational.one)
export const three: Expression = number(Rational.fromInteger(3))

/** A root whose sign has been read: of degree 2, or of a degree in brackets, or of a given one. */
export const root = (cursor: Cursor, given?: Expression): Expression => {
  const degree = given ?? degreeOf(cursor)
  if (sees(cursor, "(")) {
    const radicand = nested(cursor, cursor.rules.atom, one)
    return rooted(degree, radicand)
  }
  if (!sees(cursor, "{")) mend(cursor, "ShortRoot")
  return rooted(degree, scalar(cursor, argument(cursor)))
}

const rooted = (degree: Expression | undefined, radicand: Expression): Expression =>
  degree === undefined ? apply("sqrt", radicand) : apply("root", degree, radicand)

const degreeOf = (cursor: Cursor): Expression | undefined => {
  if (!sees(cursor, "[")) return undefined
  take(cursor)
  const degree = nested(cursor, cursor.rules.sum, one)
  expects(cursor, "]")
  return degree
}

/** A fraction whose `\frac` has been read. */
export const fraction = (cursor: Cursor): Expression => {
  const [numerator, denominator] = fractionParts(cursor)
  return binary("/", numerator, denominator)
}

/** A binomial coefficient whose `\binom` has been read. */
export const binomial = (cursor: Cursor): Expression => {
  const [n, k] = fractionParts(cursor)
  return apply("binomial", n, k)
}

const fractionParts = (cursor: Cursor): readonly [Expression, Expression] => {
  const start = peek(cursor)
  const isShort = !sees(cursor, "{")
  const above = fractionPart(cursor, true)
  if (isShort || !sees(cursor, "{")) mend(cursor, "ShortFraction", start)
  return [above, denominator(cursor)]
}

/**
 * The denominator. A fraction that was begun twice, or with a stroke instead, has one all the same:
 * `\dfrac{1} \dfrac{}{2}`, `\frac{1}/2`.
 */
const denominator = (cursor: Cursor): Expression => {
  const isBegunTwice =
    peek(cursor).kind === "name" &&
    peek(cursor).text.endsWith("frac") &&
    sees(cursor, "{", 1) &&
    sees(cursor, "}", 2)
  if (isBegunTwice) for (let i = 0; i < 3; i++) take(cursor)
  else accepts(cursor, "/")
  return fractionPart(cursor, false)
}

/**
 * A part of a fraction. Of digits without braces the first is the numerator and all others are the denominator:
 * `\frac12`, and `\frac919`, which TeX would read as 9/1 times 9.
 */
const fractionPart = (cursor: Cursor, isFirst: boolean): Expression => {
  if (sees(cursor, "{")) return scalar(cursor, argument(cursor))
  const token = peek(cursor)
  if (token.kind !== "number" && token.kind !== "name" && token.kind !== "word" && !sees(cursor, "("))
    return fail(cursor, "a part of a fraction")
  if (isFirst && token.kind === "number" && /^\d\d+$/.test(token.text) && !sees(cursor, "{", 1))
    replaceNext(cursor, [
      { ...token, text: token.text.slice(0, 1) },
      { ...token, text: token.text.slice(1), position: token.position + 1, spaced: false },
    ])
  return scalar(cursor, argument(cursor))
}
