/**
 * The whole of an answer: what stands before and after it is dropped, and what remains must be read to its end.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { list, text as textOf } from "../expression/make.ts"
import type { Expression } from "../expression/model.ts"
import type { Unexpected } from "../internal/grammar.ts"
import type { LimitExceeded, Limits } from "../Limits.ts"
import { accepts, type Cursor, cursorOf, fail, mend, peek, type Rules, sees, take } from "./cursor.ts"
import { isWordy } from "./letters.ts"
import { announcements, remarks } from "./names.ts"
import { atom, functionArgument, isAside, product, sum } from "./operators.ts"
import { choiceOf, isProse, wordsOf } from "./phrases.ts"
import { item, series } from "./relations.ts"
import { isSymbol, type Lexed, type Repair, type Token } from "./token.ts"

/** What a text says, and what had to be mended to read it. */
export interface Parsed {
  readonly expression: Expression
  readonly repairs: ReadonlyArray<Repair>
}

const rules: Rules = {
  list: (cursor) => series(cursor).items,
  item,
  sum,
  product,
  argument: functionArgument,
  atom,
}

/** The answer that tokens spell. Words that are no formula are a text. */
export const answer = (
  text: string,
  lexed: Lexed,
  limits: Limits,
): Either<Unexpected | LimitExceeded, Parsed> => {
  const cursor = cursorOf(text, trimmed(lexed), limits, rules)
  const expression = whole(cursor)
  const { failure, repairs } = cursor
  if (failure === undefined) return E.right({ expression, repairs })
  const words = trimmed(lexed).tokens.slice(0, -1)
  return failure._tag === "Unexpected" && isProse(words)
    ? E.right({ expression: textOf(wordsOf(words)), repairs: [] })
    : E.left(failure)
}

const whole = (cursor: Cursor): Expression => {
  const choice = choiceOf(cursor)
  if (choice !== undefined) {
    const rest = peek(cursor, sees(cursor, "(") ? 3 : 2)
    if (rest.kind !== "end") mend(cursor, "DroppedRemark", rest)
    return choice
  }
  skipAnnouncement(cursor)
  const { items, connective } = series(cursor)
  if (isRemark(cursor)) {
    mend(cursor, "DroppedRemark")
    let conditions = 0
    for (; peek(cursor).kind !== "end"; take(cursor)) if (cases.has(peek(cursor).text)) conditions++
    if (conditions > 1) return fail(cursor, "one answer, not one for each case")
  }
  while (sees(cursor, "}")) {
    mend(cursor, "StrayBrace")
    take(cursor)
    accepts(cursor, ".")
  }
  const [first] = items
  if (peek(cursor).kind !== "end") return fail(cursor, "an operator or the end")
  return items.length === 1 && first !== undefined ? first : list(items, connective)
}

/** "5 if n is even, 6 if n is odd": two of these words make two answers. */
const cases: ReadonlySet<string> = new Set("if when whenever otherwise else".split(" "))

/** Punctuation around an answer belongs to the sentence that it stands in. */
const trimmed = ({ tokens, repairs }: Lexed): Lexed => {
  let last = tokens.length - 1
  while (last > 0 && isEnding(tokens[last - 1])) last--
  const dropped = tokens[last]
  return last === tokens.length - 1 || dropped === undefined
    ? { tokens, repairs }
    : {
        tokens: [...tokens.slice(0, last), ...tokens.slice(-1)],
        repairs: [...repairs, { _tag: "DroppedPunctuation", position: dropped.position }],
      }
}

const isEnding = (token: Token | undefined): boolean =>
  token !== undefined &&
  [".", ",", ";", ":", "\\\\", "?", "*", "`", '"'].some((sign) => isSymbol(token, sign))

/** Steps over a sentence before the answer, "the area is": words up to the last verb, with no word after it. */
const skipAnnouncement = (cursor: Cursor): void => {
  if (!isWordy(peek(cursor))) return
  let announced = 0
  for (let ahead = 0; ; ahead++) {
    const token = peek(cursor, ahead)
    if (token.kind !== "word" && token.kind !== "number" && !isSymbol(token, ",") && !isSymbol(token, ":")) {
      if (announced !== ahead || token.kind === "end") break
    }
    if (announced === ahead && ahead > 0 && !isWordy(token) && !token.prose && token.kind !== "end") {
      mend(cursor, "DroppedProse")
      for (let i = 0; i < announced; i++) take(cursor)
      return
    }
    if (token.kind !== "word" && token.kind !== "number" && !isSymbol(token, ",") && !isSymbol(token, ":"))
      break
    if (announcements.has(token.text) || isSymbol(token, ":")) announced = ahead + 1
  }
}

/** A remark after an answer: "(approximately 4.1)", "for all n". */
const isRemark = (cursor: Cursor): boolean =>
  (peek(cursor).kind === "word" && remarks.has(peek(cursor).text)) || (sees(cursor, "(") && isAside(cursor))
