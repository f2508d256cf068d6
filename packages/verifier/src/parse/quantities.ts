/**
 * What is written after a value: units, percent, degrees, powers of ten in words; and currency before it.
 *
 *     5 \text{ cm}^2   12 square feet   60 miles per hour   \$3.50   5 million dollars   28 pct   90 degrees
 */
import { nodesOf } from "../expression/fold.ts"
import { apply, binary, number, percent, quantity } from "../expression/make.ts"
import type { Expression } from "../expression/model.ts"
import * as Rational from "../Rational.ts"
import { accepts, type Cursor, nested, nothing, peek, sees, take } from "./cursor.ts"
import { isWordy } from "./letters.ts"
import { announcements, functions, remarks } from "./names.ts"
import { isUnit, multipliers, percents, unitOf, unitPowers } from "./units.ts"
import type { Token } from "./token.ts"

/** Signs of currencies. */
export const currencies: ReadonlySet<string> = new Set("$ € £ ¥ ₹ ¢".split(" "))

const connectives: ReadonlySet<string> = new Set(["and", "or"])

/** Whether what comes next says what the value before it is a value of. */
export const beginsUnit = (cursor: Cursor, value: Expression): boolean => {
  const token = peek(cursor)
  if (token.kind === "symbol") return currencies.has(token.text) && peek(cursor, 1).kind !== "number"
  if (token.kind !== "word" || connectives.has(token.text)) return false
  if (multipliers.has(token.text) || percents.has(token.text)) return true
  if (token.text === "in" && isMembership(cursor)) return false
  if (remarks.has(token.text)) return false
  if (token.text === "per") return value._tag === "Quantity"
  if (functions.has(token.text) && !isLast(cursor) && !token.prose) return false
  if (isUnit(token.text) && token.text.length > 1) return true
  return (
    isWordy(token) || (token.prose && (token.text.length > 1 || (isUnit(token.text) && isNumeric(value))))
  )
}

/** x in [1, 2] */
const isMembership = (cursor: Cursor): boolean =>
  sees(cursor, "[", 1) || sees(cursor, "(", 1) || sees(cursor, "\\{", 1) || peek(cursor, 1).kind === "name"

const isLast = (cursor: Cursor): boolean => peek(cursor, 1).kind === "end" || sees(cursor, "/", 1)

/** Whether a letter after a value is a unit: after 3 in `3\text{ m}`, but not after x, which it could be a factor of. */
const isNumeric = (e: Expression): boolean =>
  !nodesOf(e).some(({ _tag }) => _tag === "Variable" || _tag === "Call")

/** A value with what is written after it, where `beginsUnit`. */
export const measured = (cursor: Cursor, value: Expression): Expression => {
  const { text } = peek(cursor)
  const exponent = multipliers.get(text)
  if (exponent !== undefined) {
    take(cursor)
    return times(value, number(Rational.fromInteger(10n ** BigInt(exponent))))
  }
  if (percents.has(text)) {
    take(cursor)
    return percent(value)
  }
  if (value._tag === "Quantity") return quantity(value.value, unit(cursor, value.unit))
  return withUnit(value, unit(cursor, ""))
}

const times = (value: Expression, factor: Expression): Expression =>
  value._tag === "Quantity"
    ? quantity(binary("*", value.value, factor), value.unit)
    : binary("*", value, factor)

/** Degrees are a function of a number; all other units are names. */
const withUnit = (value: Expression, name: string): Expression =>
  name === "degree" ? apply("degrees", value) : quantity(value, name)

/** x°, and °C after it. */
export const inDegrees = (cursor: Cursor, value: Expression): Expression => {
  const { kind, text } = peek(cursor)
  const scale = kind === "word" ? scales.get(text) : undefined
  if (scale === undefined) return apply("degrees", value)
  take(cursor)
  return quantity(value, scale)
}

const scales: ReadonlyMap<string, string> = new Map([
  ["C", "celsius"],
  ["Celsius", "celsius"],
  ["F", "fahrenheit"],
  ["Fahrenheit", "fahrenheit"],
])

/** \$12, after its sign. */
export const priced = (cursor: Cursor, sign: string): Expression =>
  quantity(nested(cursor, cursor.rules.atom, nothing), unitOf(sign))

// units

/** The words, powers and quotients of a unit, after what is known of it. */
const unit = (cursor: Cursor, before: string): string => {
  let text = before
  let ahead = 0
  const join = (part: string): void => {
    text += text === "" || /[/-]$/.test(text) ? part : ` ${part}`
  }
  for (;;) {
    const token = peek(cursor)
    const isQuotient = token.text === "per" || (sees(cursor, "/") && peek(cursor, 1).kind === "word")
    if (isQuotient) text += "/"
    else if (sees(cursor, "^") && unitExponent(cursor) !== "") {
      text += `^${unitExponent(cursor)}`
      const isBraced = sees(cursor, "{", 1)
      for (const sign of ["^", "{", "-"]) accepts(cursor, sign)
      if (isBraced) take(cursor)
    } else if (token.kind === "symbol" && currencies.has(token.text)) join(unitOf(token.text))
    else if (sees(cursor, "-") && peek(cursor, 1).kind === "word" && !peek(cursor, 1).spaced) text += "-"
    else if (!isUnitWord(token, text)) return text.replace(/[-/ ]+$/, "") || "unit"
    else if (!unitPowers.has(token.text)) {
      join(`${unitOf(token.text)}${ahead > 0 ? `^${ahead}` : ""}`)
      ahead = 0
    } else if (/(?:squared|cubed)$/.test(token.text)) text += `^${unitPowers.get(token.text)}`
    else ahead = unitPowers.get(token.text) ?? 0
    take(cursor)
    if (text.endsWith(".") || (sees(cursor, ".") && peek(cursor, 1).kind === "word")) accepts(cursor, ".")
  }
}

/** The exponent after a unit, an integer with or without braces; empty for anything else. */
const unitExponent = (cursor: Cursor): string => {
  const braced = sees(cursor, "{", 1)
  const sign = sees(cursor, "-", braced ? 2 : 1) ? "-" : ""
  const ahead = (braced ? 2 : 1) + sign.length
  const token = peek(cursor, ahead)
  return token.kind === "number" && (!braced || sees(cursor, "}", ahead + 1)) ? sign + token.text : ""
}

const isUnitWord = (token: Token, before: string): boolean =>
  token.kind === "word" &&
  !connectives.has(token.text) &&
  !remarks.has(token.text) &&
  !announcements.has(token.text) &&
  (token.prose || token.text.length > 1 || before.endsWith("/") || isWordy(token))
