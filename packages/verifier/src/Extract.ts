/**
 * The final answer of a response: what it says, where, and by which sign it was recognised.
 *
 * | source | the answer is | example |
 * |---|---|---|
 * | `boxed` | the content of the last `\boxed{…}` or `\fbox{…}`, braces balanced | `so \boxed{\frac{1}{2}}` |
 * | `hashes` | what follows the last `####` (GSM8K) | `#### 72` |
 * | `phrase` | what follows the last "answer is", "answer:" or "answer =", up to the end of its sentence | `The answer is 5.` |
 * | `math` | the last `$$…$$`, `\[…\]`, `\(…\)` or `$…$` | `hence $7$` |
 * | `bare` | the whole response, when it is nothing but arithmetic | `\frac{1}{2}` |
 * | `number` | the last integer, decimal or fraction, when it stands alone | `that makes 12 apples` |
 *
 * The sources are tried in a given order and the first that finds something decides, even when what it found turns out
 * not to be readable: nobody looks for a nicer answer elsewhere. A last box that never closes means that the response
 * was cut off; it is an error and not an invitation to look at earlier boxes.
 *
 * Laws (`Laws.ts`)
 * 1. The span is where the text is: `response.slice(start, end) = text`.
 * 2. Text in front of the response does not change what its last box says.
 * 3. Total on any string, in time linear in its length.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { match } from "./internal/match.ts"

// model

/** @category models */
export type Source = "boxed" | "hashes" | "phrase" | "math" | "bare" | "number"

/**
 * A part of the response: the characters from `start` up to, not including, `end`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Span {
  readonly start: number
  readonly end: number
}

/** @category models */
export interface Extraction {
  readonly source: Source
  readonly text: string
  readonly span: Span
}

/** @category models */
export interface NothingFound {
  readonly _tag: "NothingFound"
  readonly tried: ReadonlyArray<Source>
}

/** @category models */
export interface UnclosedBox {
  readonly _tag: "UnclosedBox"
  readonly position: number
}

/** @category models */
export type ExtractError = NothingFound | UnclosedBox

/**
 * From the most to the least explicit sign. Ours; graders differ, so it is data.
 *
 * @category models
 * @since 0.1.0
 */
export const defaultOrder: ReadonlyArray<Source> = ["boxed", "hashes", "phrase", "math", "bare", "number"]

// constructors

/**
 * The final answer of a response.
 *
 * ```ts import.meta.vitest
 * import { Extract } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * const text = E.map((found: Extract.Extraction) => found.text)
 * text(Extract.extract("First \\boxed{1}, then \\boxed{\\frac{1}{2}}.")) // => E.right("\\frac{1}{2}")
 * text(Extract.extract("The answer is 0.5. Check: 0.5 + 0.5 = 1.")) // => E.right("0.5")
 * text(Extract.extract("no idea")) // => E.left({ _tag: "NothingFound", tried: Extract.defaultOrder })
 * ```
 *
 * **Fails with** `NothingFound`; `UnclosedBox` when the last box has no closing brace.
 *
 * @category constructors
 * @since 0.1.0
 */
export const extract = (
  response: string,
  order: ReadonlyArray<Source> = defaultOrder,
): Either<ExtractError, Extraction> => {
  for (const source of order) {
    const found = finders[source](response)
    if (found === undefined) continue
    return E.map((span: Span) => ({ source, text: response.slice(span.start, span.end), span }))(found)
  }
  return E.left({ _tag: "NothingFound", tried: order })
}

// destructors

/** @category destructors */
export const showError: (error: ExtractError) => string = match<ExtractError, string>({
  NothingFound: ({ tried }) => `no answer was found (looked for: ${tried.join(", ")})`,
  UnclosedBox: ({ position }) => `the box at position ${position} never closes`,
})

// finders

type Found = Either<UnclosedBox, Span> | undefined

const boxed = (response: string): Found => {
  const marker = last(response, /\\(?:boxed|fbox)\s*\{/g)
  if (marker === undefined) return undefined
  const end = closingBrace(response, marker.end)
  return end === undefined
    ? E.left({ _tag: "UnclosedBox", position: marker.start })
    : E.right(trimmed(response, { start: marker.end, end }, /\s/, /\s/))
}

/** The brace that closes a group whose content begins at `start`; a backslash hides the character after it. */
const closingBrace = (text: string, start: number): number | undefined => {
  let depth = 1
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (character === "\\") at++
    else if (character === "{") depth++
    else if (character === "}" && --depth === 0) return at
  }
  return undefined
}

const hashes = (response: string): Found => restOfLine(response, last(response, /####/g))

const phrase = (response: string): Found =>
  restOfLine(response, last(response, /\banswer(?:\s+is\b|\s*[:=])/gi))

/** Up to the end of the line or of the sentence, whichever comes first, without the marks of emphasis around it. */
const restOfLine = (response: string, marker: Span | undefined): Found => {
  if (marker === undefined) return undefined
  const start = trimmed(response, { start: marker.end, end: response.length }, /[\s:*_]/, /(?!)/).start
  const stop = response.slice(start).search(/\n|[.!?;]+(?:\s|$)/)
  return nonEmpty(
    trimmed(response, { start, end: stop < 0 ? response.length : start + stop }, /\s/, /[\s*_.,;:!?]/),
  )
}

const delimiters: ReadonlyArray<readonly [string, string]> = [
  ["$$", "$$"],
  ["\\[", "\\]"],
  ["\\(", "\\)"],
  ["$", "$"],
]

const math = (response: string): Found =>
  delimiters
    .flatMap(([opening, closing]) => {
      const end = response.lastIndexOf(closing)
      const start = end <= 0 ? -1 : response.lastIndexOf(opening, end - opening.length)
      const span = { start: start + opening.length, end }
      return start < 0 || start + opening.length > end ? [] : [trimmed(response, span, /\s/, /[\s.,;]/)]
    })
    .reduce<Found>((best, span) => {
      const later = best === undefined || (E.isRight(best) && span.end > best.right.end)
      return later ? (nonEmpty(span) ?? best) : best
    }, undefined)

/** What arithmetic is written with, as far as it is not a digit. */
const commands = /\\(?:[dtc]?frac|times|cdot|div|left|right)(?![a-zA-Z])|\\[,;:! $]/g
const symbols = /[\s.,+\-−*×·⋅∗/÷^(){}[\]$]/g

const bare = (response: string): Found =>
  /^\d+$/.test(response.replaceAll(commands, "").replaceAll(symbols, ""))
    ? nonEmpty(trimmed(response, { start: 0, end: response.length }, /\s/, /\s/))
    : undefined

const numerals = /(?:(?<![\d)\]}])[-−])?(?:(?:[1-9]\d{0,2}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:\/\d+)?|\.\d+)/g

const number = (response: string): Found => {
  const span = last(response, numerals)
  return span === undefined || !standsAlone(response, span) ? undefined : E.right(span)
}

/**
 * Whether a number is a word of prose, or the right side of an equation, and not a part of something larger (`\frac{1}{2}`,
 * `x^2`, `3y`, `10-5`, `1 000`, `A4`, `25%`): a part of an answer is a wrong answer.
 */
const standsAlone = (text: string, { start, end }: Span): boolean => {
  const before = text.slice(Math.max(0, start - reach), start)
  const word = before.trimEnd()
  const begins =
    word === before
      ? /(?:^|[=:$€£"'>]|\*\*|(?![−×÷·⋅∗√])\P{ASCII})$/u.test(before)
      : !/(?:[\d+\-−*/×÷·⋅∗√^_\\([{<>]|\\[a-zA-Z]+)$/.test(word)
  return (
    begins &&
    !/^(?:[a-zA-Z%]|\s*[\\^_{}(%]|\s*[+\-−*/×÷·⋅∗=]\s*[a-zA-Z\\(])/.test(text.slice(end, end + reach))
  )
}

/** How far around a number its context is looked at: longer than any command of LaTeX. */
const reach = 32

const finders: Record<Source, (response: string) => Found> = { boxed, hashes, phrase, math, bare, number }

// spans

/** Where a global pattern matches last. */
const last = (text: string, pattern: RegExp): Span | undefined => {
  let span: Span | undefined
  for (const found of text.matchAll(pattern))
    span = { start: found.index, end: found.index + found[0].length }
  return span
}

const trimmed = (text: string, span: Span, leading: RegExp, trailing: RegExp): Span => {
  let { start, end } = span
  while (start < end && leading.test(text.charAt(start))) start++
  while (end > start && trailing.test(text.charAt(end - 1))) end--
  return { start, end }
}

const nonEmpty = (span: Span): Found => (span.start < span.end ? E.right(span) : undefined)
