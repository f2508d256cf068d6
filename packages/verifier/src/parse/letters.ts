/**
 * Letters: names, variables with subscripts and primes, products of variables, calls of unknown functions.
 *
 *     x   x_1   a_{n+1}   f'   \alpha   2abc   f(x)   f^{-1}(x)
 */
import { call, constant, variable } from "../expression/make.ts"
import type { Expression } from "../expression/model.ts"
import { accepts, type Cursor, fail, mend, nested, peek, replaceNext, sees, take } from "./cursor.ts"
import { application } from "./functions.ts"
import { calls, constants, functions, greek, isNamed, plainFunctions, shortWords } from "./names.ts"
import { based, lettersBeforeBase } from "./numbers.ts"
import { root, three } from "./roots.ts"
import type { Token } from "./token.ts"

/** Letters that are functions wherever parentheses follow; others are only where the call is being defined. */
const functionLetters: ReadonlySet<string> = new Set("fghFGH")

/** A run of letters in a formula: the first name in it; the rest is left for the rules that follow. */
export const letters = (cursor: Cursor): Expression => {
  const token = peek(cursor)
  const word = token.text
  if (word === "sqrt" || word === "cbrt") {
    mend(cursor, "PlainName")
    take(cursor)
    return root(cursor, word === "sqrt" ? undefined : three)
  }
  const parenthesis = sees(cursor, "(", 1)
  const known = functions.get(word) ?? (parenthesis ? plainFunctions.get(word) : undefined)
  if (known !== undefined) {
    if (!token.prose) mend(cursor, "PlainName")
    take(cursor)
    return application(cursor, known)
  }
  if (parenthesis && calls.has(word)) {
    take(cursor)
    return call(word, ...callArguments(cursor))
  }
  const name = constants.get(word)
  if (name !== undefined) {
    take(cursor)
    if (!token.prose) mend(cursor, "PlainName", token)
    return constant(name)
  }
  const digits = lettersBeforeBase(cursor)
  if (digits > 0)
    return based(cursor, Array.from({ length: digits }, () => take(cursor).text).join(""), token)
  if (isCapitalised(word)) return fail(cursor, "mathematics")
  const pieces = segments(word)
  if (pieces.length === 1 || greek.has(word)) return single(cursor)
  replaceNext(
    cursor,
    pieces.map((text, i) => ({
      ...token,
      text,
      position: token.position + word.indexOf(text),
      spaced: i === 0 && token.spaced,
      prose: false,
    })),
  )
  return letters(cursor)
}

/** A run as names: a known name with at most two letters around it, else single letters. */
export const segments = (word: string): ReadonlyArray<string> => {
  for (let before = 0; before <= Math.min(2, word.length - 2); before++)
    for (let after = 0; after <= 2 && before + after <= word.length - 2; after++) {
      const inner = word.slice(before, word.length - after)
      if (isPartOfRun(inner, word))
        return [...Array.from(word.slice(0, before)), inner, ...Array.from(word.slice(word.length - after))]
    }
  return Array.from(word)
}

/** Short names would be found in many words: only in a run of three letters are they meant. */
const isPartOfRun = (name: string, run: string): boolean =>
  name.length < run.length &&
  (name.length > 2
    ? name === "sqrt" || (functions.has(name) && !extremes.has(name)) || (greek.has(name) && name.length > 3)
    : run.length === 3 && (name === "pi" || name === "ln"))

const extremes: ReadonlySet<string> = new Set("min max gcd lcm exp".split(" "))

/** The last code of the Latin letters; letters of other alphabets make words (Greek ones have become names before). */
const lastLatin = 0x24f

/** Letters of other alphabets, which are no variables. */
export const isForeign = (token: Token): boolean =>
  token.kind === "word" && token.text.charCodeAt(0) > lastLatin

/** Whether a run of letters is a word of a language rather than a name or a product. */
export const isWordy = (token: Token): boolean => {
  const { kind, text, prose } = token
  if (kind !== "word") return false
  if (isForeign(token)) return true
  if (text.length < 2) return false
  if (isNamed(text)) return false
  if (prose || shortWords.has(text.toLowerCase())) return true
  if (isCapitalised(text)) return true
  return text.length > 3 && segments(text).length === text.length
}

/** "The", "Evelyn": no product of variables is written so. */
const isCapitalised = (word: string): boolean => /^[A-Z][a-z]{2,}$/.test(word)

/** One letter, with what is written around it. */
const single = (cursor: Cursor): Expression => {
  const token = take(cursor)
  return named(cursor, token.text, token)
}

/** A letter or Greek name that has been read: a constant, a call, or a variable with its subscript and primes. */
export const named = (cursor: Cursor, letter: string, token: Token): Expression => {
  const name = `${letter}${subscript(cursor)}${primes(cursor)}`
  if (name === "e") return constant("e")
  if (name === "i") return constant("i")
  if (sees(cursor, "(") && isCalled(cursor, letter, token)) return call(name, ...callArguments(cursor))
  if (functionLetters.has(letter) && isInverse(cursor)) {
    for (let i = 0; i < 5; i++) take(cursor)
    return call(`${name}^{-1}`, ...callArguments(cursor))
  }
  return variable(name)
}

/** f^{-1}( */
const isInverse = (cursor: Cursor): boolean =>
  sees(cursor, "^") &&
  sees(cursor, "{", 1) &&
  sees(cursor, "-", 2) &&
  peek(cursor, 3).text === "1" &&
  sees(cursor, "}", 4) &&
  sees(cursor, "(", 5)

/** f(x) is a call; p(x) is one where it is what an equation defines: at the beginning, of plain names, before `=`. */
const isCalled = (cursor: Cursor, letter: string, token: Token): boolean => {
  if (functionLetters.has(letter)) return true
  if (cursor.first !== token) return false
  for (let ahead = 1; ; ahead += 2) {
    const { kind, text } = peek(cursor, ahead)
    if ((kind !== "word" || text.length > 1) && kind !== "name") return false
    if (sees(cursor, ")", ahead + 1)) return sees(cursor, "=", ahead + 2)
    if (!sees(cursor, ",", ahead + 1)) return false
  }
}

const callArguments = (cursor: Cursor): ReadonlyArray<Expression> => {
  take(cursor)
  const items = nested(cursor, cursor.rules.list, [])
  if (!accepts(cursor, ")")) fail(cursor, '")"')
  return items
}

/** `_1`, `_{n+1}`: the tokens of the subscript, as the name shows them. */
export const subscript = (cursor: Cursor): string => {
  if (!accepts(cursor, "_")) return ""
  if (!accepts(cursor, "{")) {
    const token = take(cursor)
    if (token.kind !== "word" && token.kind !== "number" && token.kind !== "name")
      fail(cursor, "a subscript", token)
    return `_${token.text}`
  }
  let depth = 1
  let text = ""
  while (peek(cursor).kind !== "end") {
    const token = take(cursor)
    const isBrace = token.kind === "symbol" && (token.text === "{" || token.text === "}")
    if (isBrace) depth += token.text === "{" ? 1 : -1
    if (depth === 0) break
    if (!isBrace) text += token.text
  }
  if (text === "") fail(cursor, "a subscript")
  return text.length === 1 || /^\d+$/.test(text) ? `_${text}` : `_{${text}}`
}

const primes = (cursor: Cursor): string => {
  let text = ""
  while (accepts(cursor, "'")) text += "'"
  if (sees(cursor, "^") && sees(cursor, "{", 1) && sees(cursor, "'", 2)) {
    take(cursor)
    take(cursor)
    while (accepts(cursor, "'")) text += "'"
    accepts(cursor, "}")
  }
  return text
}
