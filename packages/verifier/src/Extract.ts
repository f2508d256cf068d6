/**
 * The final answer of a response: what it says, where, and by which sign it was recognised.
 *
 * | source | the answer is | example |
 * |---|---|---|
 * | `final` | what follows the last "final answer is", where that stands after the last box | `The final answer is $7$.` |
 * | `boxed` | the last `\boxed{…}` or `\fbox{…}`, or the last few that one sentence joins | `so \boxed{\frac{1}{2}}` |
 * | `tagged` | between the last `<answer>…</answer>` or `<|begin_of_box|>…<|end_of_box|>` | `<answer>7</answer>` |
 * | `hashes` | what follows the last `####` (GSM8K) | `#### 72` |
 * | `phrase` | what follows the last "answer is", "answer:", "答案是", …, up to the end of its sentence | `The answer is 5.` |
 * | `bare` | the whole response, when it is mathematics, perhaps with a unit, or a single word | `\frac{1}{2}` |
 * | `choice` | a letter of a multiple choice, at the beginning or the end | `B. Because …` |
 * | `line` | what follows the last "is", "=" or ":" of the last line | `AD = h = 3 + 2√2.` |
 * | `math` | the last `$$…$$`, `\[…\]`, `\(…\)` or `$…$` | `hence $7$` |
 * | `number` | the last number, with its calculation and unit | `that makes 12 apples` |
 * | `whole` | everything; not in the default order: for text that is known to be an answer | `Evelyn Smith` |
 *
 * The sources are tried in a given order and the first that finds something decides, even when what it found turns out
 * not to be readable: nobody looks for a nicer answer elsewhere. A last box that never closes means that the response
 * was cut off; it is an error and not an invitation to look at earlier boxes. What a model thinks aloud is not looked at:
 * where `</think>` occurs, the response begins after the last one; where the next turn of a chat begins, it ends.
 *
 * Laws (`Laws.ts`)
 * 1. The spans are where the text is: the slices of the response, joined by ", ", are the text.
 * 2. Text in front of the response does not change what its last box says.
 * 3. Total on any string, in time linear in its length: boxes and tags are looked for in its last 100,000 characters (`reach`),
 *    everything else in the last 10,000.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { boxed } from "./extract/boxed.ts"
import { final, hashes, phrase, tagged } from "./extract/marked.ts"
import { math } from "./extract/math.ts"
import { narrower } from "./extract/narrow.ts"
import type { Finder, Span, UnclosedBox } from "./extract/span.ts"
import { bare, choice, line, number, whole } from "./extract/unmarked.ts"
import { visible } from "./extract/visible.ts"
import { match } from "./internal/match.ts"

export type { Span, UnclosedBox } from "./extract/span.ts"

// model

/** @category models */
export type Source =
  | "final"
  | "boxed"
  | "tagged"
  | "hashes"
  | "phrase"
  | "bare"
  | "choice"
  | "line"
  | "math"
  | "number"
  | "whole"

/**
 * An answer as text. It has several spans where the response gives it in several boxes.
 *
 * @category models
 * @since 0.1.0
 */
export interface Extraction {
  readonly source: Source
  readonly text: string
  readonly spans: ReadonlyArray<Span>
}

/** @category models */
export interface NothingFound {
  readonly _tag: "NothingFound"
  readonly tried: ReadonlyArray<Source>
}

/** @category models */
export type ExtractError = NothingFound | UnclosedBox

/**
 * From the most to the least explicit sign. Ours; graders differ, so it is data.
 *
 * @category models
 * @since 0.1.0
 */
export const defaultOrder: ReadonlyArray<Source> = [
  "final",
  "boxed",
  "tagged",
  "hashes",
  "phrase",
  "bare",
  "choice",
  "line",
  "math",
  "number",
]

// constructors

/**
 * The final answer of a response.
 *
 * ```ts import.meta.vitest
 * import { Extract } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * const text = E.map((found: Extract.Extraction) => found.text)
 * text(Extract.extract("First \\boxed{1}. Then \\boxed{\\frac{1}{2}}.")) // => E.right("\\frac{1}{2}")
 * text(Extract.extract("So \\boxed{2} and \\boxed{3}.")) // => E.right("2, 3")
 * text(Extract.extract("The answer is 0.5. Check: 0.5 + 0.5 = 1.")) // => E.right("0.5")
 * text(Extract.extract("I do not know")) // => E.left({ _tag: "NothingFound", tried: Extract.defaultOrder })
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
  const skipped = Math.max(0, response.length - reach)
  const seen = visible(response.slice(skipped))
  const [start, end] = [skipped + seen.start, skipped + seen.end]
  const text = response.slice(start, end)
  const conclusion = text.slice(-nearReach)
  for (const source of order) {
    const part = scans.has(source) ? conclusion : text
    const offset = end - part.length
    const found = finders[source](part)
    if (found === undefined) continue
    if (E.isLeft(found)) return E.left({ ...found.left, position: found.left.position + offset })
    const spans = found.right.map((span) => ({ start: span.start + offset, end: span.end + offset }))
    return E.right(at(response, source, spans))
  }
  return E.left({ _tag: "NothingFound", tried: order })
}

/**
 * Responses are looked at from their end, so many characters of them. Ours: some 25,000 tokens; no answer stands that far from
 * the end, and a text of a million characters costs no more than one of this length.
 *
 * @category constructors
 */
export const reach = 100_000

// combinators

/**
 * The same answer, and then narrower readings of it, for an answer that is a sentence: "the number of points is 19" can be
 * read as 19. From the least to the most daring; only for answers of one span.
 *
 * ```ts import.meta.vitest
 * import { Extract } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * const readings = E.map((found: Extract.Extraction) => Extract.readings(found).map(({ text }) => text))
 * readings(Extract.extract("Answer: the number of points is 19")) // => E.right(["the number of points is 19", "19"])
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const readings = (extraction: Extraction): ReadonlyArray<Extraction> => {
  const [only, ...others] = extraction.spans
  if (only === undefined || others.length > 0) return [extraction]
  const parts = narrower(extraction.text).map(({ start, end }): Extraction => ({
    source: extraction.source,
    text: extraction.text.slice(start, end),
    spans: [{ start: only.start + start, end: only.start + end }],
  }))
  const seen = new Set([extraction.text])
  return [extraction, ...parts.filter(({ text }) => !seen.has(text) && seen.add(text))]
}

// destructors

/** @category destructors */
export const showError: (error: ExtractError) => string = match<ExtractError, string>({
  NothingFound: ({ tried }) => `no answer was found (looked for: ${tried.join(", ")})`,
  UnclosedBox: ({ position }) => `the box at position ${position} never closes`,
})

// finders

const finders: Record<Source, Finder> = {
  final,
  boxed,
  tagged,
  hashes,
  phrase,
  bare,
  choice,
  line,
  math,
  number,
  whole,
}

/** Sources that read every character, and so only the end of a long response. */
const scans: ReadonlySet<Source> = new Set(["final", "hashes", "phrase", "line", "math", "number"])

/** Ours, in characters: the conclusion of a response is far shorter. */
const nearReach = 10_000

const at = (response: string, source: Source, spans: ReadonlyArray<Span>): Extraction => ({
  source,
  text: spans.map(({ start, end }) => response.slice(start, end)).join(", "),
  spans,
})
