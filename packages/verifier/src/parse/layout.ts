/**
 * Line breaks that are no rows.
 *
 * `\\` ends a row of a matrix or of a list of cases. Between the braces of a fraction it is only space. And where models
 * write one formula down a column, symbol by symbol, in an environment without brackets, it is space as well:
 *
 *     \begin{matrix} \frac{ \\ 1 \\ }{ \\ 2 \\ } \\ + \\ x \end{matrix}   is   \frac{1}{2} + x
 *
 * In a calculation over several lines `&` only aligns, and a line that begins with a sign goes on with the one before:
 *
 *     \begin{aligned} x &= 10 + 7 \\ &= 17 \end{aligned}                     is   x = 10 + 7 = 17
 */
import { isSymbol, type Lexed, type Token } from "./token.ts"

/** The tokens without such line breaks. */
export const layOut = ({ tokens, repairs }: Lexed): Lexed => {
  if (!tokens.some((token) => isSymbol(token, "\\\\"))) return { tokens, repairs }
  const laidOut: Array<Token> = []
  /** Open environments: where each begins in `laidOut`, at which depth of braces, and whether it has columns. */
  const open: Array<{
    readonly at: number
    readonly depth: number
    readonly aligned: boolean
    columns: boolean
  }> = []
  const columns: Array<Token> = []
  let depth = 0
  for (const [i, token] of tokens.entries()) {
    const environment = open.at(-1)
    if (environment?.aligned === true && (isSymbol(token, "&") || continues(tokens, i))) continue
    if (token.kind === "begin")
      open.push({ at: laidOut.length, depth, aligned: alignments.has(token.text), columns: false })
    else if (isSymbol(token, "{")) depth++
    else if (isSymbol(token, "}")) depth--
    else if (environment !== undefined && isSymbol(token, "&")) environment.columns = true
    if (isSymbol(token, "\\\\") && (environment === undefined || depth > environment.depth)) continue
    if (token.kind === "finish" && environment !== undefined) {
      open.pop()
      if (token.text === "matrix" && !environment.columns) {
        columns.push(token)
        const [, ...rest] = laidOut.splice(environment.at)
        laidOut.push(...stacked(rest))
        continue
      }
    }
    laidOut.push(token)
  }
  return {
    tokens: laidOut,
    repairs: [...repairs, ...columns.map(({ position }) => ({ _tag: "VerticalLayout" as const, position }))],
  }
}

/** Environments for calculations over several lines. */
const alignments: ReadonlySet<string> = new Set(
  "align aligned alignat alignedat split gather gathered multline eqnarray".split(" "),
)

/** A line break with a sign behind it. */
const continues = (tokens: ReadonlyArray<Token>, i: number): boolean => {
  const [token, next, second] = [tokens[i], tokens[i + 1], tokens[i + 2]]
  if (token === undefined || next === undefined || !isSymbol(token, "\\\\")) return false
  const sign = isSymbol(next, "&") ? second : next
  return sign?.kind === "symbol" && signs.has(sign.text)
}

const signs: ReadonlySet<string> = new Set("= < > <= >= + *".split(" "))

/** A column as a line. A number written down a column, a digit a row, is one number. */
const stacked = (column: ReadonlyArray<Token>): ReadonlyArray<Token> => {
  const line: Array<Token> = []
  for (const token of column) {
    const previous = line.at(-1)
    if (isSymbol(token, "\\\\")) continue
    if (previous?.kind === "number" && isDigit(token))
      line[line.length - 1] = { ...previous, text: previous.text + token.text }
    else line.push(token)
  }
  return line
}

const isDigit = (token: Token): boolean => token.kind === "number" && token.text.length === 1
