/**
 * Everything looser than a sum: sets, ratios, relations, lists.
 *
 *     sets      = sum (("∪" | "∩" | "∖") sum)*
 *     ratio     = sets (":" sets)*
 *     item      = words  |  ratio (("=" | "<" | "∈" | …) ratio)*
 *     list      = item (("," | ";" | "and" | "or") item)*
 */
import { apply, binary, call, relation, setOperation, text, time, variable } from "../expression/make.ts"
import type { Expression, RelationOperator, SetOperator } from "../expression/model.ts"
import { accepts, type Cursor, fail, mend, nested, nothing, peek, scalar, sees, take } from "./cursor.ts"
import { argument } from "./functions.ts"
import { literal } from "./numbers.ts"
import { isSetLike, sum } from "./operators.ts"
import { phraseLength, wordsOf } from "./phrases.ts"
import { isName } from "./token.ts"

// sets and ratios

const setOperators: ReadonlyMap<string, SetOperator> = new Map([
  ["∪", "union"],
  ["∩", "intersection"],
  ["∖", "difference"],
  ["U", "union"],
])

const sets = (cursor: Cursor): Expression => {
  let left = sum(cursor)
  for (;;) {
    const { kind, text: sign } = peek(cursor)
    const operator = kind === "symbol" || sign === "U" ? setOperators.get(sign) : undefined
    if (operator === undefined || !maySet(left)) return left
    take(cursor)
    left = setOperation(operator, left, sum(cursor))
  }
}

/** A set or the name of one: in x < 1 ∪ x > 2 the union is of what the relations describe, not of 1 and x. */
const maySet = (e: Expression): boolean => isSetLike(e) || e._tag === "Variable" || e._tag === "SetBuilder"

const ratio = (cursor: Cursor): Expression => {
  if (isClock(cursor)) return clock(cursor)
  const terms = [sets(cursor)]
  while (!cursor.inSet && sees(cursor, ":") && peek(cursor, 1).kind !== "end") {
    take(cursor)
    terms.push(isClock(cursor) && terms.length === 1 ? clock(cursor) : scalar(cursor, sets(cursor)))
    if (terms.length === 2) scalar(cursor, terms[0] ?? nothing)
  }
  if (terms.length > mostTerms) return fail(cursor, "a ratio of fewer terms")
  const [first = nothing, second] = terms
  if (second === undefined) return first
  return terms.length === 2 ? binary("/", first, second) : call("ratio", ...terms)
}

/** Ours: nobody compares more things at once. */
const mostTerms = 64

/** 7:05, 7:05:30, 7 p.m. */
const isClock = (cursor: Cursor): boolean => {
  const hours = peek(cursor)
  if (hours.kind !== "number" || !/^\d{1,2}$/.test(hours.text) || Number(hours.text) > 24) return false
  return isSexagesimal(cursor)
    ? !isSexagesimal(cursor, 4) || halfDay(cursor, 5) !== undefined
    : halfDay(cursor, 1) !== undefined
}

/** A colon and two digits below 60. */
const isSexagesimal = (cursor: Cursor, ahead: number = 1): boolean => {
  const { kind, text: digits } = peek(cursor, ahead + 1)
  return sees(cursor, ":", ahead) && kind === "number" && /^[0-5]\d$/.test(digits)
}

/** `pm`, `p.m.`: which half of the day, and how many tokens say so. */
const halfDay = (
  cursor: Cursor,
  ahead: number,
): { readonly half: "am" | "pm"; readonly size: number } | undefined => {
  const { kind, text: word } = peek(cursor, ahead)
  if (kind !== "word" || !/^[ap]m?$/i.test(word)) return undefined
  const half = /^a/i.test(word) ? "am" : "pm"
  if (word.length === 2) return { half, size: 1 }
  return sees(cursor, ".", ahead + 1) && /^m$/i.test(peek(cursor, ahead + 2).text)
    ? { half, size: sees(cursor, ".", ahead + 3) ? 4 : 3 }
    : undefined
}

const clock = (cursor: Cursor): Expression => {
  const hours = Number(take(cursor).text)
  const [minutes = 0, seconds] = [sexagesimal(cursor), sexagesimal(cursor)]
  const day = halfDay(cursor, 0)
  for (let i = 0; i < (day?.size ?? 0); i++) take(cursor)
  return time(hours, minutes, day?.half, seconds)
}

const sexagesimal = (cursor: Cursor): number | undefined => {
  if (!isSexagesimal(cursor, 0)) return undefined
  take(cursor)
  return Number(take(cursor).text)
}

// relations

const relations: ReadonlyMap<string, RelationOperator> = new Map([
  ["=", "="],
  ["!=", "!="],
  ["<", "<"],
  ["<=", "<="],
  [">", ">"],
  [">=", ">="],
  ["∈", "in"],
  ["∉", "notin"],
  ["⊂", "subset"],
  ["≈", "approx"],
  ["≡", "equivalent"],
  ["∣", "divides"],
])

const negations: ReadonlyMap<RelationOperator, RelationOperator> = new Map([
  ["=", "!="],
  ["in", "notin"],
])

/** The relation that comes next, read; `\not` turns it round. */
const relationOperator = (cursor: Cursor): RelationOperator | undefined => {
  const isNegated = isName(peek(cursor), "not")
  const { kind, text: sign } = peek(cursor, isNegated ? 1 : 0)
  if (sign === "∣" && cursor.inSet) return undefined
  const operator =
    kind === "symbol" ? relations.get(sign) : sign === "in" && kind === "word" ? "in" : undefined
  if (operator === undefined) return undefined
  if (isNegated) take(cursor)
  take(cursor)
  return isNegated ? negations.get(operator) : operator
}

/** One answer. A sign of equality or an arrow before it means nothing. */
export const item = (cursor: Cursor): Expression => {
  const bare = bareItem(cursor)
  if (bare !== undefined) return bare
  const words = phraseLength(cursor)
  if (words > 0) return text(wordsOf(Array.from({ length: words }, () => take(cursor))))
  if (sees(cursor, "=") || sees(cursor, "≈") || sees(cursor, "→")) {
    mend(cursor, "DroppedPunctuation")
    take(cursor)
  }
  const first = moduloOf(cursor, ratio(cursor))
  const operands = [first]
  const operators: Array<RelationOperator> = []
  for (let operator = relationOperator(cursor); operator !== undefined; operator = relationOperator(cursor)) {
    operators.push(operator)
    operands.push(moduloOf(cursor, ratio(cursor)))
  }
  const whole = operators.length === 0 ? first : relation(operands, operators)
  const operator = peek(cursor).kind === "symbol" ? setOperators.get(peek(cursor).text) : undefined
  if (operator === undefined) return whole
  take(cursor)
  return setOperation(operator, whole, nested(cursor, item, nothing))
}

/** A number or a letter and nothing else, which most items of long lists are: the same as all rules below would say, sooner. */
const bareItem = (cursor: Cursor): Expression | undefined => {
  const { kind, text: spelled } = peek(cursor)
  if (!sees(cursor, ",", 1) && !sees(cursor, "&", 1) && !sees(cursor, "\\\\", 1)) return undefined
  if (kind === "number") return spelled.endsWith(".") ? undefined : literal(cursor, take(cursor).text)
  return kind === "word" && /^[a-df-hj-zA-Z]$/.test(spelled) ? variable(take(cursor).text) : undefined
}

/** a \pmod{n}, a (mod n) */
const moduloOf = (cursor: Cursor, value: Expression): Expression => {
  const { text: name } = peek(cursor)
  if (name === "pmod" || name === "pod") {
    take(cursor)
    return apply("mod", value, argument(cursor))
  }
  if (!sees(cursor, "(") || !/^b?mod$/.test(peek(cursor, 1).text)) return value
  take(cursor)
  take(cursor)
  const modulus = nested(cursor, cursor.rules.sum, nothing)
  if (!accepts(cursor, ")")) fail(cursor, '")"')
  return apply("mod", value, modulus)
}

// lists

/** Items, and the last word between them. */
export interface Series {
  readonly items: ReadonlyArray<Expression>
  readonly connective: "and" | "or" | undefined
}

const connectiveOf = (cursor: Cursor): "and" | "or" | undefined => {
  const { text: word } = peek(cursor)
  return word === "and" || word === "or" ? word : undefined
}

const isClosed = (cursor: Cursor): boolean => {
  const { kind, text: sign } = peek(cursor)
  return (
    kind === "end" || (kind === "symbol" && (sign === ")" || sign === "]" || sign === "\\}" || sign === "}"))
  )
}

export const series = (cursor: Cursor): Series => {
  const items = [item(cursor)]
  let connective: "and" | "or" | undefined
  for (;;) {
    const separated = accepts(cursor, ",") || accepts(cursor, ";")
    const word = connectiveOf(cursor)
    if (word !== undefined) take(cursor)
    connective = word ?? connective
    if ((!separated && word === undefined) || isClosed(cursor)) return { items, connective }
    items.push(item(cursor))
  }
}
