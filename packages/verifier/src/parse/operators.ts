/**
 * Operators, from the tightest to the loosest: what is written after an operand, signs, products, sums.
 *
 *     power    = atom ("^" exponent | "!" | "%" | "°" | "_" base)*        2^3^2 = 2^9
 *     unary    = ("+" | "-") unary  |  power                              -2^2 = -4
 *     product  = unary ("*" unary | "/" unary | power | unit)*            1/2x = (1/2)x
 *     sum      = "±"? product (("+" | "-" | "±") product)*
 */
import {
  apply,
  binary,
  call,
  percent,
  plusMinus,
  power,
  quantity,
  setOperation,
  signed,
} from "../expression/make.ts"
import type { Expression } from "../expression/model.ts"
import { absolute, braced, bracketed, closesReversed, environment, setOf } from "./brackets.ts"
import { beginsOperand, command } from "./commands.ts"
import { accepts, type Cursor, fail, mend, nested, nothing, peek, scalar, sees, take } from "./cursor.ts"
import { argument } from "./functions.ts"
import { isForeign, isWordy, letters, segments } from "./letters.ts"
import { functions } from "./names.ts"
import { basedGroup, numeral } from "./numbers.ts"
import { beginsUnit, currencies, inDegrees, measured, priced } from "./quantities.ts"
import { isName } from "./token.ts"

// operands

/** A number, a name, something in brackets: what no operator belongs to yet. */
export const atom = (cursor: Cursor): Expression => {
  const token = peek(cursor)
  switch (token.kind) {
    case "number":
    case "digits":
      return numeral(cursor)
    case "word":
      return isForeign(token) || (isWordy(token) && token.prose)
        ? fail(cursor, "an operand")
        : letters(cursor)
    case "name":
      return command(cursor)
    case "begin":
      return environment(cursor)
    case "symbol":
      return symbol(cursor, token.text)
    case "finish":
    case "end":
      return fail(cursor, "an operand")
  }
}

const symbol = (cursor: Cursor, text: string): Expression => {
  if (text === "(" || text === "[" || text === "]") return bracketed(cursor)
  if (text === "{") return braced(cursor)
  if (text === "\\{") return setOf(cursor)
  if (text === "|") return absolute(cursor)
  if (text === "…") {
    take(cursor)
    return { _tag: "Ellipsis" }
  }
  if (!currencies.has(text)) return fail(cursor, "an operand")
  take(cursor)
  return priced(cursor, text)
}

/** An operand with exponents, factorials and the like after it. */
const powerOf = (cursor: Cursor): Expression => {
  const start = peek(cursor)
  let value = atom(cursor)
  for (;;) {
    if (sees(cursor, "^")) value = raised(cursor, scalar(cursor, value))
    else if (accepts(cursor, "!"))
      value = accepts(cursor, "!")
        ? call("doubleFactorial", value)
        : apply("factorial", scalar(cursor, value))
    else if (accepts(cursor, "%")) value = percent(scalar(cursor, value))
    else if (accepts(cursor, "°")) value = inDegrees(cursor, value)
    else if (sees(cursor, "_") && cursor.failure === undefined) value = basedGroup(cursor, value, start)
    else return value
  }
}

/** The exponent after a base: degrees, an ordinal's ending, or an expression; exponents group from the right. */
const raised = (cursor: Cursor, base: Expression): Expression => {
  take(cursor)
  const isBraced = sees(cursor, "{")
  const ahead = isBraced ? 1 : 0
  const inner = peek(cursor, ahead)
  const isDegrees = isName(inner, "circ") || sees(cursor, "°", ahead) || (inner.text === "o" && isBraced)
  const isOrdinal = inner.kind === "word" && ordinals.has(inner.text)
  if (!isDegrees && !isOrdinal) {
    const exponent = scalar(cursor, argument(cursor))
    return power(
      base,
      sees(cursor, "^") ? nested(cursor, (inside) => raised(inside, exponent), nothing) : exponent,
    )
  }
  for (let i = 0; i <= ahead; i++) take(cursor)
  if (isBraced) accepts(cursor, "}")
  return isDegrees ? inDegrees(cursor, base) : quantity(base, "ordinal")
}

const ordinals: ReadonlySet<string> = new Set("st nd rd th".split(" "))

const unary = (cursor: Cursor): Expression => {
  if (!sees(cursor, "-") && !sees(cursor, "+")) return powerOf(cursor)
  const sign = take(cursor).text === "-" ? "-" : "+"
  const operand = scalar(cursor, nestedHere(cursor, unary))
  return operand._tag === "Quantity"
    ? quantity(signed(sign, operand.value), operand.unit)
    : signed(sign, operand)
}

/** One level deeper without a bracket: bars outside still close. */
const nestedHere = (cursor: Cursor, rule: (cursor: Cursor) => Expression): Expression => {
  const { bars, inSet } = cursor
  return nested(
    cursor,
    (inside) => {
      inside.bars = bars
      inside.inSet = inSet
      return rule(inside)
    },
    nothing,
  )
}

// products

/** Whether an operand comes next, without an operator before it. */
const beginsFactor = (cursor: Cursor): boolean => {
  const token = peek(cursor)
  switch (token.kind) {
    case "number":
    case "digits":
      return cursor.previous?.text === "}" || cursor.previous?.text === ")"
    case "word":
      return token.text !== "and" && token.text !== "or" && !isWordy(token)
    case "name":
      return beginsOperand(token)
    case "begin":
      return true
    case "symbol":
      if (token.text === "|") return cursor.bars === 0 && !cursor.inSet
      if (token.text === "[") return !closesReversed(cursor)
      return (token.text === "(" && !beginsRemark(cursor)) || token.text === "{"
    case "finish":
    case "end":
      return false
  }
}

/** (approximately 4.1), (see above): words in parentheses. */
export const isAside = (cursor: Cursor): boolean => {
  const [first, second] = [peek(cursor, 1), peek(cursor, 2)]
  return (
    isWordy(first) || (first.kind === "word" && first.text.length > 1 && second.spaced && isWordy(second))
  )
}

/** (approximately 4.1), (mod 7) */
const beginsRemark = (cursor: Cursor): boolean =>
  isAside(cursor) || peek(cursor, 1).text === "mod" || peek(cursor, 1).text === "bmod"

export const isSetLike = ({ _tag }: Expression): boolean =>
  _tag === "Tuple" || _tag === "Set" || _tag === "SetOperation" || _tag === "NamedSet"

/** A unit before an operator belongs to the result: \$1/2 is half a dollar. */
const multiplied = (operator: "*" | "/", left: Expression, right: Expression): Expression =>
  left._tag === "Quantity" && right._tag !== "Quantity"
    ? quantity(binary(operator, left.value, right), left.unit)
    : binary(operator, left, right)

/** The 6 inches of 5 feet 6 inches. */
const nextMeasure = (cursor: Cursor): Expression => {
  const value = powerOf(cursor)
  return beginsUnit(cursor, value) ? measured(cursor, scalar(cursor, value)) : fail(cursor, "a unit")
}

/** 2^3 5^2: after an exponent a number is a factor. */
const endsWithPower = (e: Expression): boolean =>
  e._tag === "Power" || (e._tag === "Binary" && e.operator === "*" && e.right._tag === "Power")

/** Goes on as long as it gets on: each round reads a token at least. */
export const product = (cursor: Cursor): Expression => {
  let left = unary(cursor)
  for (let before = -1; cursor.at > before;) {
    before = cursor.at
    const next = peek(cursor)
    if (accepts(cursor, "*")) left = multiplied("*", scalar(cursor, left), scalar(cursor, unary(cursor)))
    else if (accepts(cursor, "/")) left = multiplied("/", scalar(cursor, left), scalar(cursor, unary(cursor)))
    else if (next.text === "bmod" || next.text === "mod") {
      take(cursor)
      left = apply("mod", scalar(cursor, left), scalar(cursor, unary(cursor)))
    } else if (next.text === "U" && isSetLike(left)) return left
    else if (beginsUnit(cursor, left)) left = measured(cursor, scalar(cursor, left))
    else if (next.kind === "number" && left._tag === "Quantity") left = binary("+", left, nextMeasure(cursor))
    else if (beginsFactor(cursor) || (endsWithPower(left) && next.kind === "number")) {
      const right = powerOf(cursor)
      // A condition, 2k\pi (k \in \mathbb{Z}), is no factor.
      if (right._tag === "Relation" && next.spaced) mend(cursor, "DroppedRemark", next)
      else left = multiplied("*", scalar(cursor, left), scalar(cursor, right))
    }
  }
  return left
}

/** The argument of a function without parentheses: a product, up to the next function or bracket. */
export const functionArgument = (cursor: Cursor): Expression => {
  let left = unary(cursor)
  while (beginsFactor(cursor) && !endsArgument(cursor) && !beginsUnit(cursor, left))
    left = binary("*", scalar(cursor, left), scalar(cursor, powerOf(cursor)))
  return left
}

const endsArgument = (cursor: Cursor): boolean => {
  const { kind, text } = peek(cursor)
  if (kind === "word" || kind === "name") return functions.has(text) || functions.has(segments(text)[0] ?? "")
  return kind === "begin" || (kind === "symbol" && text !== "{")
}

// sums

const term = (cursor: Cursor): Expression => scalar(cursor, product(cursor))

export const sum = (cursor: Cursor): Expression => {
  let left = accepts(cursor, "±") ? plusMinus(undefined, term(cursor)) : product(cursor)
  for (;;) {
    if (accepts(cursor, "±")) left = plusMinus(scalar(cursor, left), term(cursor))
    else if (accepts(cursor, "+")) left = added("+", scalar(cursor, left), term(cursor))
    else if (accepts(cursor, "-")) left = added("-", scalar(cursor, left), term(cursor))
    else return left
  }
}

/** A unit after a sum belongs to all of it, unless another term has its own. ℝ − {0} is a difference of sets. */
const added = (operator: "+" | "-", left: Expression, right: Expression): Expression => {
  if (operator === "-" && isSetLike(left) && right._tag === "Set")
    return setOperation("difference", left, right)
  return right._tag === "Quantity" && left._tag !== "Quantity"
    ? quantity(binary(operator, left, right.value), right.unit)
    : binary(operator, left, right)
}
