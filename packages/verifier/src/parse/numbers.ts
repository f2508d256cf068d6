/**
 * Numbers, and what only numbers have: repeating decimals, mixed numbers, bases.
 *
 *     12   0.5   0.1\overline{6}   0.1666…   1\frac12   1 1/2   1010_2   152A_{11}
 */
import * as E from "fp-ts/lib/Either.js"
import { binary, inBase, number } from "../expression/make.ts"
import type { Expression } from "../expression/model.ts"
import * as Rational from "../Rational.ts"
import { accepts, type Cursor, expects, fail, failWith, mend, peek, sees, take } from "./cursor.ts"
import { isName, isSymbol, type Token } from "./token.ts"

/** What a token spells. A decimal digit is worth more than 3 bits: longer numbers need not be read to be too large. */
export const literal = (cursor: Cursor, text: string): Expression => {
  if (text.length * 3 > cursor.limits.maxBits)
    return failWith(cursor, { _tag: "TooLarge", bound: cursor.limits.maxBits })
  const point = text.indexOf(".")
  if (point < 0) return number(Rational.fromInteger(BigInt(text)))
  const decimals = text.length - point - 1
  return number(
    Rational.fromDecimal(BigInt(text.slice(0, point) + text.slice(point + 1)), decimals),
    decimals,
  )
}

const isInteger = (token: Token): boolean => token.kind === "number" && !token.text.includes(".")

/** A number and what belongs to it. */
export const numeral = (cursor: Cursor): Expression => {
  const token = take(cursor)
  if (token.kind === "digits" || sees(cursor, "_")) return based(cursor, token.text, token)
  if (token.text.endsWith(".") || (token.text.includes(".") && isOverline(peek(cursor))))
    return repeating(cursor, token)
  if (token.text.includes(".") && sees(cursor, "…")) return endless(cursor, token.text)
  const value = literal(cursor, token.text)
  const length = isInteger(token) ? properFraction(cursor) : 0
  if (length === 0) return value
  return binary("+", value, mixedPart(cursor, length))
}

// repeating decimals

const isOverline = (token: Token): boolean =>
  (isName(token, "overline") || isName(token, "bar") || isName(token, "dot")) && !token.spaced

/** 0.1\overline{6} = (16 − 1) / 90, as a quotient of integers. */
const repeating = (cursor: Cursor, start: Token): Expression => {
  take(cursor)
  const isBraced = accepts(cursor, "{")
  const period = take(cursor)
  if (isBraced) expects(cursor, "}", "MissingBrace")
  if (!isInteger(period)) return fail(cursor, "the digits that repeat", period)
  return recurring(cursor, start.text, period.text)
}

/** What stands before the period, and the period, as a quotient of integers. */
const recurring = (cursor: Cursor, before: string, period: string): Expression => {
  const [whole = "", fixed = ""] = before.split(".")
  const all = `${whole}${fixed}${period}`
  if (all.length * 3 > cursor.limits.maxBits) return literal(cursor, all)
  const numerator = BigInt(all) - BigInt(`0${whole}${fixed}`)
  const denominator = `${"9".repeat(period.length)}${"0".repeat(fixed.length)}`
  return binary("/", number(Rational.fromInteger(numerator)), literal(cursor, denominator))
}

/**
 * A decimal and dots: what repeats at its end goes on for ever, 0.1666… is 1/6; what does not was cut off there, 1.41421… is the
 * decimal 1.41421. A digit repeats that stands there three times, a group that makes up all decimals twice.
 */
const endless = (cursor: Cursor, text: string): Expression => {
  mend(cursor, "DroppedPunctuation")
  take(cursor)
  const value = literal(cursor, text)
  if (cursor.failure !== undefined) return value
  const [, before, period] =
    /^(\d*\.)(\d{2,64}?)\2+$/.exec(text) ?? /^(\d*\.\d*?)(\d)\2{2,}$/.exec(text) ?? []
  return before === undefined || period === undefined ? value : recurring(cursor, before, period)
}

// mixed numbers

/**
 * How many tokens the proper fraction has that follows a whole number, or 0: `\frac12`, `\frac{1}{2}`, or `1/2` after a
 * space. Only natural numbers make a mixed number, 2\frac{x}{3} is a product.
 */
const properFraction = (cursor: Cursor): number => {
  const next = peek(cursor)
  if (next.kind === "number")
    return next.spaced &&
      isInteger(next) &&
      sees(cursor, "/", 1) &&
      isInteger(peek(cursor, 2)) &&
      isProper(next.text, peek(cursor, 2).text) &&
      !sees(cursor, "^", 3)
      ? 3
      : 0
  if (next.kind !== "name" || !next.text.endsWith("frac")) return 0
  const [first, second] = [plainArgument(cursor, 1), plainArgument(cursor, 2)]
  const one = peek(cursor, 1)
  const isDigits = isInteger(one) && one.text.length === 2
  if (isDigits && isProper(one.text.slice(0, 1), one.text.slice(1)) && !sees(cursor, "^", 2)) return 2
  if (first === undefined) return 0
  const denominator = first.size === 1 ? second : plainArgument(cursor, 1 + first.size)
  if (denominator === undefined || !isProper(first.text, denominator.text)) return 0
  const length = 1 + first.size + denominator.size
  return sees(cursor, "^", length) ? 0 : length
}

/** A natural number as the argument of a fraction, with or without braces, some tokens ahead. */
const plainArgument = (
  cursor: Cursor,
  ahead: number,
): { readonly text: string; readonly size: number } | undefined => {
  const token = peek(cursor, ahead)
  if (isInteger(token) && token.text.length === 1) return { text: token.text, size: 1 }
  const inner = peek(cursor, ahead + 1)
  return isSymbol(token, "{") && isInteger(inner) && sees(cursor, "}", ahead + 2)
    ? { text: inner.text, size: 3 }
    : undefined
}

const isProper = (numerator: string, denominator: string): boolean =>
  numerator.length < denominator.length ||
  (numerator.length === denominator.length && numerator < denominator)

/** Reads the fraction that `properFraction` saw. */
const mixedPart = (cursor: Cursor, length: number): Expression => {
  const parts: Array<string> = []
  for (let i = 0; i < length; i++) {
    const token = take(cursor)
    if (token.kind === "number") parts.push(token.text)
  }
  const [one = "", other = one.slice(1)] = parts
  const numerator = parts.length === 1 ? one.slice(0, 1) : one
  return binary("/", literal(cursor, numerator), literal(cursor, other))
}

// bases

const baseWords: ReadonlyMap<string, number> = new Map(
  "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    .split(" ")
    .map((word, i) => [word, i + 2]),
)

/** Digits and the base that follows as a subscript. */
export const based = (cursor: Cursor, digits: string, start: Token): Expression => {
  expects(cursor, "_")
  const isBraced = accepts(cursor, "{")
  const token = take(cursor)
  if (isBraced) expects(cursor, "}", "MissingBrace")
  const base =
    token.kind === "word" ? baseWords.get(token.text) : isInteger(token) ? Number(token.text) : undefined
  if (base === undefined || base < 2 || base > 36) return fail(cursor, "a base from 2 to 36", token)
  if (digits.length * 6 > cursor.limits.maxBits)
    return failWith(cursor, { _tag: "TooLarge", bound: cursor.limits.maxBits })
  const point = digits.indexOf(".")
  const places = point < 0 ? 0 : digits.length - point - 1
  let value = 0n
  for (const digit of digits.replace(".", "")) {
    const worth = Number.parseInt(digit, 36)
    if (!(worth < base)) return fail(cursor, `digits below ${base}`, start)
    value = value * BigInt(base) + BigInt(worth)
  }
  const scaled = Rational.fromFraction(value, BigInt(base) ** BigInt(places))
  return E.isRight(scaled) ? inBase(scaled.right, base, digits) : fail(cursor, "a base", token)
}

/** A5_{11}, where the first digit is a letter: its tokens, up to the base. */
export const lettersBeforeBase = (cursor: Cursor): number => {
  for (let ahead = 0; ahead < longestDigits; ahead++) {
    const token = peek(cursor, ahead)
    if (ahead > 1 && isSymbol(token, "_")) return ahead
    const isDigits = isInteger(token) || (token.kind === "word" && /^[A-Z]+$/.test(token.text))
    if (!isDigits || (ahead > 0 && token.spaced)) return 0
  }
  return 0
}

/** Ours: how far to look for a base, so that looking costs a bounded time. */
const longestDigits = 64

/** (1010)_2 is 1010_2. */
export const basedGroup = (cursor: Cursor, group: Expression, start: Token): Expression =>
  group._tag === "Number" && Rational.isInteger(group.value)
    ? based(cursor, Rational.show(group.value), start)
    : fail(cursor, "an operator or the end")
