/**
 * Formulas over several rows: what goes on in the next row, and what ends.
 *
 * Models write a formula down a column, a symbol or a few in each row, and there put blank rows between symbols as well as
 * between answers. What stands where is decided as a reader does: two numbers one below the other are no product.
 *
 *     2 ⏎ ⏎ 3 ⏎ ⏎ \frac{3}{2} ⏎ + ⏎ ⏎ i      is   2, 3, \frac{3}{2} + i
 *     8 ⏎ ⏎ \times ⏎ ⏎ \sqrt{ ⏎ 10 ⏎ }        is   8 \times \sqrt{10}
 *     3 ⏎ 3 ⏎ 7 ⏎ 5                           is   3375
 *
 * The conventions are ours.
 */
import { isSymbol, type Token } from "./token.ts"

// model

/** The tokens of each row; a blank row has none. */
export type Rows = ReadonlyArray<ReadonlyArray<Token>>

/** Whether a new item begins in a row: surely, if the rows are items at all, or never. */
type Boundary = "item" | "item of a list" | "none"

// refinements

/** Whether rows are no items: some begin or end with a sign that wants an operand there. */
export const isTorn = (rows: Rows): boolean =>
  rows.some((row) => {
    const [first, last] = [row[0], row.at(-1)]
    if (first === undefined || last === undefined) return false
    return isOneOf(infix, last) || (isOneOf(infix, first) && !isOneOf(prefix, first))
  })

// combinators

/** The items of a column that is read as a line. Brackets around it say that it is a list. */
export const onOneLine = (rows: Rows, bracketed: boolean): ReadonlyArray<ReadonlyArray<Token>> => {
  const filled = rows.flatMap((row, i) =>
    row.length === 0 ? [] : [{ row, spaced: i > 0 && rows[i - 1]?.length === 0 }],
  )
  const heads = headsOf(filled.map(({ row }) => row))
  const boundaries = filled.map(({ row, spaced }, i): Boundary => {
    const previous = filled[i - 1]?.row
    if (previous === undefined) return "none"
    if (areStatements(previous, row) || areNumbers(previous, row)) return "item"
    return spaced ? boundary(previous, heads[i - 1], row) : "none"
  })
  const isList = bracketed || boundaries.includes("item")
  const items: Array<Array<Token>> = []
  for (const [i, { row }] of filled.entries()) {
    const last = items.at(-1)
    if (last === undefined || boundaries[i] === "item" || (isList && boundaries[i] === "item of a list"))
      items.push([...row])
    else append(last, row)
  }
  return items
}

/** Lines of a text: a comma between statements and between numbers, nothing otherwise. */
export const separated = (lines: Rows): ReadonlyArray<Token> => {
  const filled = lines.filter((line) => line.length > 0)
  return filled.flatMap((line, i) => {
    const [previous, next] = [filled[i - 1], line[0]]
    if (previous === undefined || next === undefined) return line
    const isNew =
      areStatements(previous, line) || (previous.at(-1)?.kind === "number" && next.kind === "number")
    return isNew ? [{ ...next, kind: "symbol", text: ",", prose: false }, ...line] : line
  })
}

// rows

const areStatements = (previous: ReadonlyArray<Token>, row: ReadonlyArray<Token>): boolean =>
  isStatement(previous) && isStatement(row)

/** Two numbers, and the second is no digit of the first. */
const areNumbers = (previous: ReadonlyArray<Token>, row: ReadonlyArray<Token>): boolean =>
  previous.at(-1)?.kind === "number" && row[0]?.kind === "number" && row[0].text.length > 1

/** x = 1, with both of its sides. */
const isStatement = (row: ReadonlyArray<Token>): boolean =>
  row.slice(1, -1).some((token) => isOneOf(relations, token)) &&
  !isOneOf(infix, row[0], prefix) &&
  !isOneOf(infix, row.at(-1))

/** Below a number, beyond a blank row: a number is no factor of it, a fraction may be one. */
const boundary = (
  previous: ReadonlyArray<Token>,
  head: Token | undefined,
  row: ReadonlyArray<Token>,
): Boundary => {
  const [last, before, next] = [previous.at(-1), previous.at(-2), row[0]]
  if (last === undefined || next === undefined) return "none"
  const isNumber =
    last.kind === "number"
      ? before === undefined || !isSymbol(before, "_")
      : isSymbol(last, "}") && head !== undefined && isFractionOrRoot(head)
  if (!isNumber) return "none"
  return next.kind === "number" ? "item" : isFraction(next) ? "item of a list" : "none"
}

/** Of each row that ends with a brace, what stands before the group that it closes: \sqrt of \sqrt{2}, \frac of \frac{1}{2}. */
const headsOf = (rows: Rows): ReadonlyArray<Token | undefined> => {
  const open: Array<Token | undefined> = []
  let previous: Token | undefined
  let closed: Token | undefined
  return rows.map((row) => {
    for (const token of row) {
      if (isSymbol(token, "{"))
        open.push(previous !== undefined && isSymbol(previous, "}") ? closed : previous)
      else if (isSymbol(token, "}")) closed = open.pop()
      previous = token
    }
    return closed
  })
}

/** Puts a row after another. A number that is written down a column, a digit a row, is one number. */
const append = (line: Array<Token>, row: ReadonlyArray<Token>): void => {
  const [previous, first] = [line.at(-1), row[0]]
  if (previous?.kind === "number" && first?.kind === "number" && first.text.length === 1) {
    line[line.length - 1] = { ...previous, text: previous.text + first.text }
    line.push(...row.slice(1))
  } else line.push(...row)
}

// tokens

const prefix: ReadonlySet<string> = new Set("+ - ±".split(" "))
const relations: ReadonlySet<string> = new Set("= < > <= >= != ≈ ∈".split(" "))
const infix: ReadonlySet<string> = new Set([...prefix, ...relations, ..."* / ^ _".split(" ")])

const isOneOf = (set: ReadonlySet<string>, token: Token | undefined, except?: ReadonlySet<string>): boolean =>
  token?.kind === "symbol" && set.has(token.text) && except?.has(token.text) !== true

const isFraction = ({ kind, text }: Token): boolean => kind === "name" && text.endsWith("frac")
const isFractionOrRoot = (token: Token): boolean =>
  isFraction(token) || (token.kind === "name" && token.text === "sqrt")
