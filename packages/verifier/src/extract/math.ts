/**
 * Mathematics between delimiters: `$$…$$`, `\[…\]`, `\(…\)`, `$…$`.
 *
 * A dollar is also a currency. A pair of single dollars is a formula only when both stand on one line, no digit follows
 * the second, and what is between them is not prose: "$5 and $7" has no formula.
 */
import * as E from "fp-ts/lib/Either.js"
import { isDenied } from "./denied.ts"
import { countWords } from "./prose.ts"
import { blank, type Finder, nonEmpty, type Span, trimmed } from "./span.ts"

const pairs = [
  ["$$", "$$"],
  ["\\[", "\\]"],
  ["\\(", "\\)"],
] as const

/** The content of the last formula; of the last two, where they give two values of one name: "$x = 5$ or $x = -3$". */
export const math: Finder = (text) => {
  const span = lastFormula(text)
  if (span === undefined || isDenied(text.slice(0, span.start), text.slice(span.end))) return undefined
  const name = nameOf(text, span)
  const link =
    name === undefined
      ? null
      : /\$?,?\s+(?:or|and)\s+\$$/.exec(text.slice(Math.max(0, span.start - 9), span.start))
  if (link === null) return E.right([span])
  const before = lastFormula(text.slice(0, span.start - link[0].length + 1))
  return E.right(before !== undefined && nameOf(text, before) === name ? [before, span] : [span])
}

/** What a formula gives a value to. */
const nameOf = (text: string, span: Span): string | undefined =>
  /^\s*(\p{L})(?:_\{?\w+\}?)?\s*=/u.exec(text.slice(span.start, span.start + 20))?.[1]

/** The span of what the last formula contains. */
export const lastFormula = (text: string): Span | undefined => {
  let best = lastInline(text)
  for (const [opening, closing] of pairs) {
    const end = text.lastIndexOf(closing)
    const start = end <= 0 ? -1 : text.lastIndexOf(opening, end - opening.length)
    if (start < 0 || start + opening.length > end) continue
    const span = nonEmpty(content(text, { start: start + opening.length, end }))
    if (span !== undefined && (best === undefined || span.end > best.end)) best = span
  }
  return best
}

const content = (text: string, span: Span): Span => trimmed(text, span, blank, /[\s.,;]/)

/** The last pair of single dollars that is a formula. */
const lastInline = (text: string): Span | undefined => {
  for (let end = dollarBefore(text, text.length); end > 0;) {
    const start = dollarBefore(text, end)
    if (start < 0) return undefined
    const span = content(text, { start: start + 1, end })
    if (span.start < span.end && !/\d/.test(text.charAt(end + 1)) && isFormula(text.slice(start + 1, end)))
      return span
    end = start
  }
  return undefined
}

/** The last dollar before a position that no backslash hides; -1 if there is none. */
const dollarBefore = (text: string, position: number): number => {
  let at = position <= 0 ? -1 : text.lastIndexOf("$", position - 1)
  while (at > 0 && text[at - 1] === "\\") at = text.lastIndexOf("$", at - 1)
  return at
}

const isFormula = (inside: string): boolean =>
  inside.length <= longestFormula &&
  !inside.includes("\n") &&
  !/^\s*[)*/=,.?!]|[-+*/=(,]\s*$|<</.test(inside) &&
  countWords(inside) < 2 &&
  !(inside.startsWith(" ") && /^\s*\p{L}{2,}\s*$/u.test(inside))

/** Longer texts between dollars are prose between two prices. */
const longestFormula = 500
