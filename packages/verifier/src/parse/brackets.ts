/**
 * Brackets: groups, tuples and intervals, sets, absolute values, floors, matrices, cases.
 *
 *     (x + 1)   (1, 2]   ]1, 2[   \{1, 2\}   \{x \mid x > 0\}   |x|   \lfloor x \rfloor   \begin{pmatrix} … \end{pmatrix}
 */
import { apply, call, ellipsis, list, matrix, set, setBuilder, tuple } from "../expression/make.ts"
import type { Expression, Opening } from "../expression/model.ts"
import { accepts, type Cursor, expects, fail, mend, nested, nothing, peek, sees, take } from "./cursor.ts"
import { remarks } from "./names.ts"
import { isName } from "./token.ts"

// groups and tuples

/** What stands between ( [ ] and ) ] [. One item is a group, several are a tuple. */
export const bracketed = (cursor: Cursor): Expression => {
  const open = take(cursor).text as Opening
  if (open === "(" && accepts(cursor, ")")) return tuple([])
  if (open === "[" && accepts(cursor, "]")) return tuple([], "[", "]")
  const items = nested(cursor, cursor.rules.list, [])
  const [first = nothing] = items
  const token = peek(cursor)
  if (items.length === 1) {
    if (first._tag === "Matrix" && (accepts(cursor, "]") || accepts(cursor, ")"))) return first
    if (open === "]") return fail(cursor, "an item")
    expects(cursor, open === "(" ? ")" : "]", "MissingParenthesis")
    return first
  }
  if (token.kind === "end" && open !== "]" && cursor.failure === undefined) {
    mend(cursor, "MissingParenthesis")
    return tuple(items, open, open === "(" ? ")" : "]")
  }
  if (token.kind !== "symbol" || (token.text !== ")" && token.text !== "]" && token.text !== "["))
    return fail(cursor, '")"')
  take(cursor)
  return tuple(items, open, token.text)
}

/** Whether a `[` closes a reversed interval [1, 2[: nothing follows that it could open. */
export const closesReversed = (cursor: Cursor): boolean => {
  const next = peek(cursor, 1)
  return (
    next.kind === "end" || (next.kind === "symbol" && !"([{|+-".includes(next.text) && next.text !== "\\{")
  )
}

/** What stands between braces that TeX does not show. A list in them is meant as a set: {1, 2}. */
export const braced = (cursor: Cursor): Expression => {
  const start = take(cursor)
  if (accepts(cursor, "}")) return fail(cursor, "something in the braces", start)
  const items = nested(cursor, cursor.rules.list, [])
  const [first = nothing] = items
  if (items.length === 1 && infixCommand(cursor)) {
    const command = take(cursor).text
    const second = nested(cursor, cursor.rules.item, nothing)
    expects(cursor, "}", "MissingBrace")
    return command === "choose"
      ? apply("binomial", first, second)
      : { _tag: "Binary", operator: "/", left: first, right: second }
  }
  expects(cursor, "}", "MissingBrace")
  if (items.length === 1) return first
  mend(cursor, "PlainBraces", start)
  return set(items)
}

/** {n \choose k}, {a \over b} */
const infixCommand = (cursor: Cursor): boolean =>
  isName(peek(cursor), "choose") || isName(peek(cursor), "over")

// sets

/** A set: its items, or an element and its conditions. */
export const setOf = (cursor: Cursor): Expression => {
  take(cursor)
  if (accepts(cursor, "\\}")) return set([])
  return nested(cursor, peek(cursor).kind === "begin" ? system : setContent, nothing)
}

/** \left\{ before an environment and nothing after it: a system of equations, or cases. */
const system = (cursor: Cursor): Expression => {
  const inside = environment(cursor)
  return accepts(cursor, "\\}") ? set([inside]) : inside
}

const setContent = (cursor: Cursor): Expression => {
  cursor.inSet = true
  const items = cursor.rules.list(cursor)
  cursor.inSet = false
  const [first = nothing] = items
  if (items.length === 1 && (accepts(cursor, "|") || accepts(cursor, "∣") || accepts(cursor, ":"))) {
    const conditions = cursor.rules.list(cursor)
    expects(cursor, "\\}", "MissingBrace")
    return setBuilder(first, conditions)
  }
  if (!accepts(cursor, "}")) expects(cursor, "\\}", "MissingBrace")
  return set(items)
}

// bars

/** |x|, at its first bar. */
export const absolute = (cursor: Cursor): Expression => {
  take(cursor)
  const inner = nested(
    cursor,
    (inside) => {
      inside.bars = 1
      return inside.rules.sum(inside)
    },
    nothing,
  )
  expects(cursor, "|")
  return apply("abs", inner)
}

/** \lfloor x \rfloor and \lceil x \rceil, after their first sign. */
export const rounded = (cursor: Cursor, name: "floor" | "ceiling"): Expression => {
  const inner = nested(cursor, cursor.rules.sum, nothing)
  const close = name === "floor" ? "rfloor" : "rceil"
  if (isName(peek(cursor), close)) take(cursor)
  else fail(cursor, `"\\${close}"`)
  return apply(name, inner)
}

/** \langle x, y \rangle, after its first sign. */
export const angled = (cursor: Cursor): Expression => {
  const items = nested(cursor, cursor.rules.list, [])
  if (isName(peek(cursor), "rangle")) take(cursor)
  else fail(cursor, '"\\rangle"')
  return tuple(items)
}

// environments

const matrices: ReadonlySet<string> = new Set(
  "matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix psmallmatrix array tabular".split(" "),
)

/** An environment, at its beginning. */
export const environment = (cursor: Cursor): Expression => {
  const { text: name } = take(cursor)
  if (name === "array" || name === "tabular") skipColumns(cursor)
  const rows = nested(cursor, rowsOf, [])
  if (peek(cursor).kind === "finish") take(cursor)
  else if (peek(cursor).kind === "end") mend(cursor, "MissingBrace")
  else fail(cursor, `"\\end{${name}}"`)
  if (name === "vmatrix") return call("det", matrix(rows))
  const lines = rows.map((row) => row[0] ?? ellipsis)
  const isColumn = rows.every((row) => row.length === 1)
  // No matrix is made of equations: they are a system.
  if (matrices.has(name) && !(isColumn && lines.length > 1 && lines.every(isRelation))) return matrix(rows)
  if (!isColumn) return call("piecewise", ...rows.flat())
  return lines.length === 1 && lines[0] !== undefined ? lines[0] : list(lines)
}

const isRelation = ({ _tag }: Expression): boolean => _tag === "Relation"

/** {c|c} after \begin{array} */
const skipColumns = (cursor: Cursor): void => {
  if (!sees(cursor, "{")) return
  while (peek(cursor).kind !== "end" && !accepts(cursor, "}")) take(cursor)
}

/** Cells between `&`, rows between `\\`; what is empty at the end of a row or of all is none. */
const rowsOf = (cursor: Cursor): ReadonlyArray<ReadonlyArray<Expression>> => {
  const rows: Array<ReadonlyArray<Expression>> = []
  while (peek(cursor).kind !== "finish" && peek(cursor).kind !== "end") {
    const row: Array<Expression> = []
    while (!sees(cursor, "\\\\") && peek(cursor).kind !== "finish" && peek(cursor).kind !== "end") {
      if (accepts(cursor, "&")) continue
      while (remarks.has(peek(cursor).text)) take(cursor)
      row.push(cursor.rules.item(cursor))
      accepts(cursor, ",")
    }
    accepts(cursor, "\\\\")
    if (row.length > 0) rows.push(row)
  }
  return rows
}
