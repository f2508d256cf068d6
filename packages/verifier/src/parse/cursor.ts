/**
 * Where the grammar stands in the tokens.
 *
 * A cursor is the one thing in this package that changes: it never leaves `parse`. The first failure decides: after it the
 * cursor stands at the end, where every rule stops at once, so no rule has to look whether the one before succeeded. What
 * rules give after a failure is never seen.
 */
import type { Expression } from "../expression/model.ts"
import type { Unexpected } from "../internal/grammar.ts"
import type { LimitExceeded, Limits } from "../Limits.ts"
import type { Lexed, Repair, Token } from "./token.ts"

// model

/** Reads an expression from where the cursor stands, and leaves the cursor after it. */
export type Rule = (cursor: Cursor) => Expression

/** The rules that refer to each other across files. */
export interface Rules {
  /** Several answers: items with commas, or words, between them. */
  readonly list: (cursor: Cursor) => ReadonlyArray<Expression>
  /** One answer: a relation, or anything below it. */
  readonly item: Rule
  /** A sum. */
  readonly sum: Rule
  /** A product. */
  readonly product: Rule
  /** A product of what may follow a function's name without parentheses. */
  readonly argument: Rule
  /** A number, a name, something in brackets; without what may be written after it. */
  readonly atom: Rule
}

/** @internal */
export interface Cursor {
  readonly text: string
  readonly limits: Limits
  readonly rules: Rules
  /** What is still to be read, the next token last: reading and splitting a token cost the same wherever it stands. */
  readonly rest: Array<Token>
  /** What stands first in the text. */
  readonly first: Token | undefined
  /** What was read last. */
  previous: Token | undefined
  readonly repairs: Array<Repair>
  /** How many tokens were read. */
  at: number
  depth: number
  /** Open bars: inside, the next bar closes. */
  bars: number
  /** Inside a set, before its conditions, where a bar or a colon stands for "such that". */
  inSet: boolean
  failure: Unexpected | LimitExceeded | undefined
}

// constructors

export const cursorOf = (text: string, lexed: Lexed, limits: Limits, rules: Rules): Cursor => ({
  text,
  limits,
  rules,
  rest: lexed.tokens.toReversed(),
  first: lexed.tokens[0],
  previous: undefined,
  repairs: [...lexed.repairs],
  at: 0,
  depth: 0,
  bars: 0,
  inSet: false,
  failure: undefined,
})

// reading

/** The token that comes next, or one further on; the end comes again and again. */
export const peek = (cursor: Cursor, ahead: number = 0): Token =>
  cursor.rest[Math.max(cursor.rest.length - 1 - ahead, 0)] as Token // the end is always there

/** Whether a symbol comes next. */
export const sees = (cursor: Cursor, symbol: string, ahead: number = 0): boolean => {
  const token = peek(cursor, ahead)
  return token.kind === "symbol" && token.text === symbol
}

/** The next token, read. */
export const take = (cursor: Cursor): Token => {
  const token = peek(cursor)
  if (cursor.rest.length > 1) {
    cursor.rest.pop()
    cursor.previous = token
    cursor.at++
  }
  return token
}

/** Reads a symbol if it comes next. */
export const accepts = (cursor: Cursor, symbol: string): boolean => {
  const isThere = sees(cursor, symbol)
  if (isThere) take(cursor)
  return isThere
}

/** Puts other tokens in the place of the next one. */
export const replaceNext = (cursor: Cursor, tokens: ReadonlyArray<Token>): void => {
  cursor.rest.pop()
  for (const token of tokens.toReversed()) cursor.rest.push(token)
}

// outcomes

/** What rules give where there is nothing to give; never seen. */
export const nothing: Expression = { _tag: "Ellipsis" }

/** Ends the reading: something else was expected at a token. */
export const fail = (cursor: Cursor, expected: string, token: Token = peek(cursor)): Expression => {
  const code = cursor.text.codePointAt(token.position)
  const found = code === undefined ? "" : String.fromCodePoint(code)
  return failWith(cursor, { _tag: "Unexpected", position: token.position, found, expected })
}

/** Ends the reading. */
export const failWith = (cursor: Cursor, failure: Unexpected | LimitExceeded): Expression => {
  cursor.failure ??= failure
  cursor.rest.length = 1
  return nothing
}

/** Statements and words are answers, but nothing to calculate with. */
export const scalar = (cursor: Cursor, e: Expression): Expression =>
  e._tag === "Relation" || e._tag === "Text" || e._tag === "List" || e._tag === "Choice"
    ? fail(cursor, "a formula before this")
    : e

/** Notes what was mended at a token. */
export const mend = (cursor: Cursor, tag: Repair["_tag"], token: Token = peek(cursor)): void => {
  cursor.repairs.push({ _tag: tag, position: token.position })
}

/** Reads a symbol that must come; at the end of the text it may be missing, which is mended. */
export const expects = (cursor: Cursor, symbol: string, repair?: Repair["_tag"]): void => {
  if (accepts(cursor, symbol)) return
  if (repair !== undefined && peek(cursor).kind === "end" && cursor.failure === undefined)
    mend(cursor, repair)
  else fail(cursor, `"${symbol}"`)
}

/** Runs a rule one level deeper, within the limit; bars and sets outside mean nothing inside. */
export const nested = <A>(cursor: Cursor, rule: (cursor: Cursor) => A, otherwise: A): A => {
  if (cursor.depth >= cursor.limits.maxDepth) {
    failWith(cursor, {
      _tag: "TooDeep",
      position: peek(cursor).position,
      bound: cursor.limits.maxDepth,
    })
    return otherwise
  }
  const { bars, inSet } = cursor
  cursor.depth++
  cursor.bars = 0
  cursor.inSet = false
  const result = rule(cursor)
  cursor.depth--
  cursor.bars = bars
  cursor.inSet = inSet
  return result
}
