/**
 * Answers in words: names, yes and no, "no solution", "all real numbers"; and the letters of multiple choice.
 */
import { choice } from "../expression/make.ts"
import type { Expression } from "../expression/model.ts"
import { type Cursor, peek, sees, take } from "./cursor.ts"
import { isWordy } from "./letters.ts"
import { isRound } from "./units.ts"
import { isSymbol, type Token } from "./token.ts"

const isConnective = ({ text }: Token): boolean => text === "and" || text === "or"

/**
 * How many tokens the words have that make up the item that begins here, or 0 where it is none of words: it begins with a
 * word of a language, and reaches to a comma, a bracket or the end.
 */
export const phraseLength = (cursor: Cursor): number => {
  const first = peek(cursor)
  if (first.kind !== "word" || !isPhraseStart(cursor)) return 0
  let length = 0
  for (;;) {
    const token = peek(cursor, length)
    const isPart =
      (token.kind === "word" && (!isConnective(token) || isInNumber(cursor, length))) ||
      token.kind === "number"
    if (isPart) length++
    else if (isJoin(token) && peek(cursor, length + 1).kind === "word") length++
    else break
  }
  return endsPhrase(peek(cursor, length)) ? length : 0
}

/** The "and" of one hundred and five. */
const isInNumber = (cursor: Cursor, ahead: number): boolean =>
  ahead > 0 && isRound(peek(cursor, ahead - 1).text.toLowerCase()) && peek(cursor, ahead + 1).kind === "word"

/** A word, or a sentence that begins with a letter: "I do not know". */
const isPhraseStart = (cursor: Cursor): boolean =>
  isWordy(peek(cursor)) || (isWordy(peek(cursor, 1)) && isWordy(peek(cursor, 2)))

/** A hyphen or an apostrophe inside a word. */
const isJoin = (token: Token): boolean => !token.spaced && (isSymbol(token, "-") || isSymbol(token, "'"))

const endings: ReadonlySet<string> = new Set([
  ",",
  ";",
  ".",
  ")",
  "]",
  "}",
  "\\}",
  "\\\\",
  "&",
  "!",
  "?",
  ":",
  "and",
  "or",
])

const endsPhrase = (token: Token): boolean =>
  token.kind === "end" || token.kind === "finish" || endings.has(token.text)

/** The text of tokens, with single spaces where there was space. */
export const wordsOf = (tokens: ReadonlyArray<Token>): string =>
  tokens.map((token, i) => (token.spaced && i > 0 ? ` ${token.text}` : token.text)).join("")

const punctuation: ReadonlySet<string> = new Set(
  [", ; . : ! ? ' - ( ) [ ] / & % \" ` # and or"].flatMap((signs) => signs.split(" ")),
)

/** Whether nothing but words, numbers and punctuation stands there, and at least one word of a language. */
export const isProse = (tokens: ReadonlyArray<Token>): boolean =>
  tokens.some(isWordy) &&
  tokens.every(
    ({ kind, text }) =>
      kind === "word" || kind === "number" || kind === "end" || (kind === "symbol" && punctuation.has(text)),
  )

/** (B), B) and B., alone or before the text of the choice. */
export const choiceOf = (cursor: Cursor): Expression | undefined => {
  if (peek(cursor).kind === "word" && /^(?:option|choice)$/i.test(peek(cursor).text)) return optionOf(cursor)
  const start = sees(cursor, "(") ? 1 : 0
  const { text: letter } = peek(cursor, start)
  if (!/^[A-J]$/.test(letter)) return undefined
  if (!sees(cursor, ")", start + 1) && (start === 1 || !sees(cursor, ".", 1))) return undefined
  const next = peek(cursor, start + 2)
  return next.kind === "end" || (next.spaced && next.kind !== "symbol") ? choice(letter) : undefined
}

/** "Option B", read. */
const optionOf = (cursor: Cursor): Expression | undefined => {
  const ahead = sees(cursor, ":", 1) ? 2 : 1
  const start = sees(cursor, "(", ahead) ? ahead + 1 : ahead
  const { text: letter } = peek(cursor, start)
  if (!/^[A-J]$/.test(letter) || peek(cursor, start > ahead ? start + 2 : start + 1).kind !== "end")
    return undefined
  for (let i = 0; i < ahead; i++) take(cursor)
  return choice(letter)
}
