/**
 * The answer within a sentence that gives it: "The number of points is 19" says 19.
 *
 * The narrower readings of a text, from the least to the most daring. Only prose has any: mathematics that cannot be read
 * as a whole is not read in part, or a part of a wrong answer would be a right one. Whoever reads takes the first reading
 * that is mathematics; the choice never looks at the reference answer. What the sentence denies is no reading of it.
 */
import * as E from "fp-ts/lib/Either.js"
import { lastFormula } from "./math.ts"
import { hasProse } from "./prose.ts"
import { isDenied } from "./denied.ts"
import type { Span } from "./span.ts"
import { afterVerb, head, number } from "./unmarked.ts"

/** See the module header. */
export const narrower = (text: string): ReadonlyArray<Span> => {
  if (text.length > longestSentence || !hasProse(text)) return []
  const numeric = number(text)
  const spans = [
    afterVerb(text),
    head(text),
    lastFormula(text),
    ...(numeric !== undefined && E.isRight(numeric) ? numeric.right : []),
  ]
  return spans.flatMap((span) =>
    span !== undefined &&
    span.end - span.start < text.length &&
    isBalanced(text.slice(span.start, span.end)) &&
    !isDenied(text.slice(0, span.start), text.slice(span.end))
      ? [span]
      : [],
  )
}

const longestSentence = 2000

/** Whether brackets are closed in the order of their opening, of whatever kind: [0, 1) is an interval. */
const isBalanced = (text: string): boolean => {
  let depth = 0
  for (const character of text) {
    if ("([{".includes(character)) depth++
    else if (")]}".includes(character) && --depth < 0) return false
  }
  return depth === 0
}
