/**
 * The last box, or the last boxes where one sentence boxes several parts.
 *
 *     \boxed{2}, \boxed{3} and \boxed{5}   is   2, 3, 5
 *
 * Two boxes belong together when nothing stands between them but spacing, delimiters, at most two words of text, and a
 * comma or an "and" or "or" in front of the second: `\boxed{1} papers and \boxed{2} bins` has two parts; in
 * `\boxed{5}. Check: \boxed{5}` the second stands alone.
 */
import * as E from "fp-ts/lib/Either.js"
import { blank, type Finder, nonEmpty, type Span, trimmed } from "./span.ts"

interface Box {
  /** Of the whole command. */
  readonly outer: Span
  /** Of what is inside. */
  readonly inner: Span
}

/** See the module header. */
export const boxed: Finder = (text) => {
  const final = boxBefore(text, text.length)
  if (final === undefined) return undefined
  if (E.isLeft(final)) return final
  const parts: Array<Box> = [final.right]
  for (let first = final.right; parts.length < mostParts;) {
    const previous = boxBefore(text, first.outer.start)
    if (previous === undefined || E.isLeft(previous)) break
    const between = { start: previous.right.outer.end, end: first.outer.start }
    if (between.start > between.end || between.end - between.start > longestLink) break
    if (!links(text.slice(between.start, between.end))) break
    parts.unshift(previous.right)
    first = previous.right
  }
  return E.right(parts.map(({ inner }) => inner))
}

/** More boxes than this in one sentence are no answer of several parts but a text about boxes. */
const mostParts = 64

/** More empty boxes than this are no quotations of the task but noise. */
const mostEmpty = 64

/** The longest text between two boxes that belong together, in characters. */
const longestLink = 80

/** The last box that begins before a position. Empty boxes are quotations of the task ("put it in \boxed{}"). */
const boxBefore = (text: string, position: number): E.Either<Unclosed, Box> | undefined => {
  // One search for what \boxed and \fbox share: linear, however many there are of either.
  let empty = 0
  for (let at = text.lastIndexOf("box", position - 1); at > 0; at = text.lastIndexOf("box", at - 1)) {
    if (empty > mostEmpty) return undefined
    const digits = boxedDigits(text, at)
    if (digits !== undefined) return E.right(digits)
    const command = opening(text, at)
    if (command === undefined) continue
    const end = closingBrace(text, command.end)
    if (end === undefined) return E.left({ _tag: "UnclosedBox", position: command.start })
    const inner = nonEmpty(trimmed(text, { start: command.end, end }, blank, blank))
    if (inner !== undefined) return E.right({ outer: { start: command.start, end: end + 1 }, inner })
    empty++
  }
  return undefined
}

type Unclosed = { readonly _tag: "UnclosedBox"; readonly position: number }

/** So many blanks may stand between the command and its brace. */
const mostBlanks = 8

/** `\boxed{` or `\fbox{`, blanks before the brace allowed, around the letters "box" at a position. */
const opening = (text: string, at: number): Span | undefined => {
  const isFrame = text.startsWith("\\f", at - 2)
  if (!isFrame && !(text.startsWith("\\", at - 1) && text.startsWith("ed", at + 3))) return undefined
  let end = at + (isFrame ? 3 : 5)
  for (let blanks = 0; blanks < mostBlanks && /\s/.test(text.charAt(end)); blanks++) end++
  return text[end] === "{" ? { start: at - (isFrame ? 2 : 1), end: end + 1 } : undefined
}

/** `\boxed 7`: TeX would box the first digit only, which nobody means. */
const boxedDigits = (text: string, at: number): Box | undefined => {
  digits.lastIndex = at - 1
  const found = digits.exec(text)
  if (found === null) return undefined
  const end = digits.lastIndex
  return { outer: { start: at - 1, end }, inner: { start: end - (found[1]?.length ?? 0), end } }
}

const digits = /\\boxed ?(-?\d+(?:\.\d+)?)/y

/** The brace that closes a group whose content begins at `start`; a backslash hides the character after it. */
export const closingBrace = (text: string, start: number): number | undefined => {
  let depth = 1
  braces.lastIndex = start
  for (let found = braces.exec(text); found !== null; found = braces.exec(text)) {
    if (found[0] === "{") depth++
    else if (found[0] === "}" && --depth === 0) return found.index
  }
  return undefined
}

/** Braces, and backslashes with what they hide. */
const braces = /[{}]|\\[^]/g

/** Whether a text between two boxes makes them parts of one answer. */
const links = (between: string): boolean => {
  const plain = between
    .replaceAll(/\\(?:text|mbox|mathrm|textbf)\s*\{([^{}]*)\}/g, " $1 ")
    .replace(/[\p{L}](?:_\{?\w+\}?)?\s*=\s*$/u, "")
    .replaceAll(/\\(?:quad|qquad|[()[\],;:! ])|\$+|[*~&]/g, " ")
    .trim()
  return /^(?:[,;]|(?:[\p{L}']+ *){0,2}(?:,? *(?:and|or|und|oder|et|ou|y|和|或)))$/iu.test(plain)
}
