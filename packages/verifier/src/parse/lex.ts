/**
 * From text to tokens, in one pass: spelling, spacing, styles and sizes end here.
 *
 * Each character is looked at a bounded number of times. Nothing is an error yet: a character that means nothing becomes a
 * symbol that no rule expects.
 */
import { layOut } from "./layout.ts"
import { type Conventions, numeralAt } from "./numerals.ts"
import {
  characters,
  commands,
  hiddenCommands,
  silentCommands,
  sizeCommands,
  subscripts,
  superscripts,
  textCommands,
  vulgarFractions,
} from "./symbols.ts"
import type { Kind, Lexed, Repair, Token } from "./token.ts"
import { isNamed } from "./names.ts"

/** The tokens of a text; the last one, and no other, is its `end`. */
export const lex = (source: string, conventions: Conventions): Lexed => {
  const text = halfWidth(source)
  const tokens: Array<Token> = []
  const repairs: Array<Repair> = []
  const dollars = dollarsOf(text)
  /** For each open brace: whether its content is prose, and so its braces are no tokens. */
  const braces: Array<boolean> = []
  let prose = 0
  let brackets = 0
  let environments = 0
  let sizes = 0
  let proseNext = false
  let spaced = false
  let at = 0

  const push = (kind: Kind, content: string, position: number = at): void => {
    tokens.push({ kind, text: content, position, spaced, prose: prose > 0 })
    spaced = false
  }
  const repair = (tag: Repair["_tag"]): void => {
    repairs.push({ _tag: tag, position: at })
  }
  const symbol = (content: string): void => {
    if (content === "(" || content === "[" || content === "\\{") brackets++
    else if ((content === ")" || content === "]" || content === "\\}") && brackets > 0) brackets--
    push("symbol", content)
  }
  const script = (mark: string, table: ReadonlyMap<string, string>): void => {
    const start = at
    while (table.has(text[at] ?? "")) at++
    const inner = Array.from(text.slice(start, at), (digit) => table.get(digit) ?? "").join("")
    repair("UnicodeSign")
    push("symbol", mark, start)
    push("symbol", "{", start)
    for (const part of inner.match(/\d+|\D/g) ?? [])
      push(/\d/.test(part) ? "number" : /[a-z]/.test(part) ? "word" : "symbol", part, start)
    push("symbol", "}", start)
  }
  /** Reads a command at its backslash, or at what a string literal made of `\\f` and its like, and leaves `at` after it. */
  const command = (escaped = ""): void => {
    const start = at
    const rest = match(commandName, text, at + 1) ?? (escaped === "" ? text.slice(at + 1, at + 2) : "")
    const name = escaped + rest
    if (name === "\\") {
      const doubled = environments === 0 ? match(commandName, text, at + 2) : undefined
      if (doubled !== undefined && isCommand(doubled)) {
        repair("DoubledBackslash")
        at += 1
        return command()
      }
      push("symbol", "\\\\")
      at += 2
      const skip = match(rowSkip, text, at)
      if (skip !== undefined) at += skip.length
      return
    }
    at += 1 + rest.length
    if (name === "begin" || name === "end") {
      const environment = match(environmentName, text, at)
      if (environment === undefined) return push("name", name, start)
      environments += name === "begin" ? 1 : -1
      at += environment.length
      const kind = name === "begin" ? "begin" : "finish"
      return push(kind, environment.replaceAll(/[{}*\s]/g, ""), start)
    }
    if (sizeCommands.has(name)) {
      if (name === "left") sizes++
      if (name === "right") sizes--
      const rest = match(/\s*\./y, text, at)
      if (rest !== undefined) at += rest.length
      spaced = true
      return
    }
    if (hiddenCommands.has(name)) {
      at += match(/\s*\{[^{}]*\}/y, text, at)?.length ?? 0
      spaced = true
      return
    }
    if (textCommands.has(name)) {
      at += match(/\s*/y, text, at)?.length ?? 0
      if (text[at] === "{") proseNext = true
      return
    }
    if (name === "" || name === " " || name === "\n" || silentCommands.has(name)) {
      spaced = true
      return
    }
    const spelling = commands.get(name)
    if (spelling === undefined) return push("name", name, start)
    if (spelling[1] === "\\{" || spelling[1] === "[" || spelling[1] === "(") brackets++
    if (spelling[1] === "\\}" && brackets > 0) brackets--
    push(spelling[0], spelling[1], start)
  }

  while (at < text.length) {
    const code = text.charCodeAt(at)
    const character = text[at] ?? ""
    if (isSpace(code)) {
      const letter = escapes.get(character)
      if (letter !== undefined && isLetter(text.charCodeAt(at + 1))) {
        repair("LostBackslash")
        command(letter)
      } else {
        spaced = true
        at++
      }
    } else if (isDigit(code) || (character === "." && isDigit(text.charCodeAt(at + 1)))) {
      const start = at
      const based = prose > 0 ? undefined : match(digitsBeforeBase, text, at)
      if (based !== undefined && /[A-Z]/.test(based)) {
        at += based.length
        push("digits", based, start)
      } else {
        const numeral = numeralAt(text, at, brackets > 0, conventions)
        at = numeral.next
        // 0.\overline{3}
        const repeats = !numeral.text.includes(".") && match(repeatingPart, text, at) !== undefined
        push("number", repeats ? `${numeral.text}.` : numeral.text, start)
        if (repeats) at++
      }
    } else if (isLetter(code)) {
      const start = at
      while (isLetter(text.charCodeAt(at))) at++
      const word = text.slice(start, at)
      const sign = operatorWord(word, tokens.at(-1))
      if (sign !== undefined && match(digitsNext, text, at) !== undefined) push("symbol", sign, start)
      else if (fractionWord.test(word) && text[at] === "{") {
        repair("LostBackslash")
        push("name", word, start)
      } else push("word", word, start)
    } else if (character === "\\") command()
    else if (character === "{") {
      if (proseNext) prose++
      else push("symbol", "{")
      braces.push(proseNext)
      spaced = spaced || proseNext
      proseNext = false
      at++
    } else if (character === "}") {
      const wasProse = braces.pop()
      if (wasProse === true) prose--
      else push("symbol", "}")
      at++
    } else if (character === "$") {
      if (dollars === at) push("symbol", "$")
      else spaced = true
      at++
    } else if (code < 128) {
      const sign = match(signs, text, at) ?? character
      symbol(canonical.get(sign) ?? sign)
      at += sign.length
    } else if (superscripts.has(character)) script("^", superscripts)
    else if (subscripts.has(character)) script("_", subscripts)
    else if (vulgarFractions.has(character)) {
      repair("UnicodeSign")
      push("name", "frac")
      for (const digit of vulgarFractions.get(character) ?? "") push("number", digit)
      at++
    } else {
      const spelling = characters.get(character)
      if (spelling !== undefined) {
        repair("UnicodeSign")
        push(spelling[0], spelling[1])
        at++
      } else {
        const letters = match(otherLetters, text, at)
        const content = letters ?? String.fromCodePoint(text.codePointAt(at) ?? 0)
        push(letters === undefined ? "symbol" : "word", content)
        at += content.length
      }
    }
  }
  if (sizes !== 0) repair("UnpairedLeftRight")
  push("end", "")
  return layOut({ tokens, repairs })
}

// lexis

const commandName = /[a-zA-Z]+/y
/** 1.2 x 10^5: an x between two numbers is a cross. "negative 5" and "3 plus 4" are what they say. */
const digitsNext = /[\s}]*\d/y
const operatorWord = (word: string, previous: Token | undefined): string | undefined =>
  previous?.kind === "number" ? between.get(word) : previous === undefined ? before.get(word) : undefined
const between: ReadonlyMap<string, string> = new Map([
  ["x", "*"],
  ["X", "*"],
  ["times", "*"],
  ["plus", "+"],
  ["minus", "-"],
])
const before: ReadonlyMap<string, string> = new Map([
  ["minus", "-"],
  ["negative", "-"],
])
const fractionWord = /^[dtc]?frac$/
/**
 * What a string literal makes of \frac, \beta and \varphi where the backslash was not doubled: characters that nobody types. A tab
 * and a carriage return are spaces, whatever they were.
 */
const escapes: ReadonlyMap<string, string> = new Map([
  ["\f", "f"],
  ["\b", "b"],
  ["\v", "v"],
])
const environmentName = /\s*\{[a-zA-Z]+\*?\}/y
const rowSkip = /\s*\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in)\s*\]/y
/** At most 64 digits, so that looking for the base costs a bounded time. */
const digitsBeforeBase = /\d[\dA-Z]{1,63}(?=_\{?\d\d)/y
const repeatingPart = /\.\s*\\(?:overline|bar|dot|overset)(?![a-zA-Z])/y
const signs = /\.\.\.|<=|>=|=<|=>|!=|==|\*\*|->|<|>|[^]/y
const otherLetters = /[\p{L}\p{M}]+/uy

const canonical: ReadonlyMap<string, string> = new Map([
  ["...", "…"],
  ["=<", "<="],
  ["=>", ">="],
  ["==", "="],
  ["**", "^"],
  ["->", "→"],
])

/** The text that a sticky pattern matches at a position. */
const match = (pattern: RegExp, text: string, position: number): string | undefined => {
  pattern.lastIndex = position
  return pattern.exec(text)?.[0]
}

const isCommand = (name: string): boolean =>
  commands.has(name) ||
  silentCommands.has(name) ||
  sizeCommands.has(name) ||
  textCommands.has(name) ||
  isNamed(name) ||
  name.endsWith("frac") ||
  name === "boxed" ||
  name === "begin"

const isSpace = (code: number): boolean =>
  code <= 32 ||
  code === 126 ||
  code === 160 ||
  (code >= 0x2000 && code <= 0x200d) ||
  code === 0x202f ||
  code === 0x3000 ||
  code === 0xfeff

const isDigit = (code: number): boolean => code >= 48 && code <= 57

const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90)

/** Full-width letters, digits and signs are ASCII ones, 0xFEE0 further on; every character keeps its place. */
const halfWidth = (text: string): string =>
  fullWidth.test(text)
    ? text.replaceAll(/[！-～。]/g, (c) => (c === "。" ? "." : String.fromCharCode(c.charCodeAt(0) - 0xfee0)))
    : text

const fullWidth = /[！-～。]/

/** The first bare dollar sign where it is no delimiter: the signs are not paired, and an amount follows. */
const dollarsOf = (text: string): number => {
  let count = 0
  let first = -1
  for (let i = text.indexOf("$"); i >= 0; i = text.indexOf("$", i + 1))
    if (text[i - 1] !== "\\") {
      count++
      if (first < 0) first = i
    }
  return count % 2 === 1 && /^\$\s?[\d.]/.test(text.slice(first, first + 3)) ? first : -1
}
