/**
 * Line breaks that are no rows.
 *
 * `\\` ends a row of a matrix or of a list of cases. Between the braces of a fraction it is only space. Where models write a
 * formula down a column, symbol by symbol, it is space as well (`parse/column.ts`):
 *
 *     \begin{matrix} \frac{ \\ 1 \\ }{ \\ 2 \\ } \\ + \\ x \end{matrix}   is   \frac{1}{2} + x
 *
 * In a calculation over several lines `&` only aligns, and a line that begins with a sign goes on with the one before:
 *
 *     \begin{aligned} x &= 10 + 7 \\ &= 17 \end{aligned}                     is   x = 10 + 7 = 17
 *
 * Outside of environments it stands between statements, and is space otherwise:
 *
 *     x = 1 \\ y = 2                                                         is   x = 1, y = 2
 */
import { isTorn, onOneLine, type Rows, separated } from "./column.ts"
import { isSymbol, type Lexed, type Token } from "./token.ts"

/** The tokens without such line breaks. */
export const layOut = ({ tokens, repairs }: Lexed): Lexed => {
  if (!tokens.some((token) => isSymbol(token, "\\\\") || isSymbol(token, "&"))) return { tokens, repairs }
  const laidOut: Array<Token> = []
  /** Open environments: where each begins in `laidOut`, at which depth of braces, and what it has. */
  const open: Array<{
    readonly at: number
    readonly depth: number
    readonly aligned: boolean
    /** Whether brackets of its own, or brackets around it, say that its rows are items. */
    readonly bracketed: boolean
    columns: boolean
  }> = []
  /** Where the text breaks outside of environments and braces. */
  const breaks: Array<number> = []
  const mended: Array<Token> = []
  let depth = 0
  for (const [i, token] of tokens.entries()) {
    const environment = open.at(-1)
    if (environment?.aligned === true && (isSymbol(token, "&") || continues(tokens, i))) continue
    if (token.kind === "begin")
      open.push({
        at: laidOut.length,
        depth,
        aligned: alignments.has(token.text),
        bracketed: token.text !== "matrix" || isBracket(laidOut.at(-1)),
        columns: false,
      })
    else if (isSymbol(token, "{")) depth++
    else if (isSymbol(token, "}")) depth--
    else if (environment !== undefined && isSymbol(token, "&")) environment.columns = true
    if (isSymbol(token, "\\\\")) {
      if (environment === undefined && depth === 0) breaks.push(laidOut.length)
      if (environment === undefined || depth > environment.depth) continue
    }
    laidOut.push(token)
    if (token.kind !== "finish" || environment === undefined) continue
    open.pop()
    if (environment.columns || !matrices.has(token.text)) continue
    const column = columnOf(laidOut.slice(environment.at), environment.bracketed)
    if (column === undefined) continue
    mended.push(token)
    laidOut.splice(environment.at, laidOut.length, ...column)
  }
  return {
    tokens: breaks.length === 0 ? laidOut : separated(linesOf(laidOut, breaks)),
    repairs: [...repairs, ...mended.map(({ position }) => ({ _tag: "VerticalLayout" as const, position }))],
  }
}

// environments

/** Environments of rows that models write formulas down. */
const matrices: ReadonlySet<string> = new Set(
  "matrix pmatrix bmatrix Bmatrix smallmatrix psmallmatrix array".split(" "),
)

/** Environments for calculations over several lines. */
const alignments: ReadonlySet<string> = new Set(
  "align aligned alignat alignedat split gather gathered multline eqnarray".split(" "),
)

const isBracket = (token: Token | undefined): boolean =>
  token !== undefined && (isSymbol(token, "(") || isSymbol(token, "["))

/**
 * An environment without columns as what it shows: a formula, or several. None where its rows are items: in brackets, and
 * each can be read.
 */
const columnOf = (
  environment: ReadonlyArray<Token>,
  bracketed: boolean,
): ReadonlyArray<Token> | undefined => {
  const [begin, finish] = [environment[0], environment.at(-1)]
  if (begin === undefined || finish === undefined) return undefined
  const start = begin.text === "array" ? 1 + environment.findIndex((token) => isSymbol(token, "}")) : 1
  const rows = rowsOf(environment.slice(start, -1))
  if (bracketed && !isTorn(rows)) return undefined
  const items = onOneLine(rows, bracketed)
  const lineBreak = { ...finish, kind: "symbol" as const, text: bracketed ? "\\\\" : "," }
  const content = items.flatMap((item, i) => (i === 0 ? item : [lineBreak, ...item]))
  return bracketed && items.length > 1 ? [...environment.slice(0, start), ...content, finish] : content
}

const rowsOf = (content: ReadonlyArray<Token>): Rows => {
  const rows: Array<Array<Token>> = [[]]
  for (const token of content)
    if (isSymbol(token, "\\\\")) rows.push([])
    else rows.at(-1)?.push(token)
  return rows
}

/** A line break with a sign behind it. */
const continues = (tokens: ReadonlyArray<Token>, i: number): boolean => {
  const [token, next, second] = [tokens[i], tokens[i + 1], tokens[i + 2]]
  if (token === undefined || next === undefined || !isSymbol(token, "\\\\")) return false
  const sign = isSymbol(next, "&") ? second : next
  return sign?.kind === "symbol" && signs.has(sign.text)
}

const signs: ReadonlySet<string> = new Set("= < > <= >= + *".split(" "))

// lines

const linesOf = (tokens: ReadonlyArray<Token>, breaks: ReadonlyArray<number>): Rows =>
  [0, ...breaks].map((at, i) => tokens.slice(at, breaks[i] ?? tokens.length))
