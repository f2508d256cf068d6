/**
 * Answers that the response announces: `<answer>…</answer>`, `#### …`, "the answer is …", "Answer: …".
 */
import * as E from "fp-ts/lib/Either.js"
import { type Finder, type Found, last, nonEmpty, type Span, trimmed, unpunctuated } from "./span.ts"

const tags = [
  ["<answer>", "</answer>"],
  ["<|begin_of_box|>", "<|end_of_box|>"],
] as const

/** The content of the last pair of tags that is not empty. */
export const tagged: Finder = (text) => {
  for (const [opening, closing] of tags) {
    const start = text.lastIndexOf(opening)
    if (start < 0) continue
    const end = text.indexOf(closing, start)
    const span = { start: start + opening.length, end: end < 0 ? text.length : end }
    const inner = nonEmpty(trimmed(text, span, /\s/, /\s/))
    if (inner !== undefined) return E.right([inner])
  }
  return undefined
}

/** What follows the last `####`, to the end of its sentence. */
export const hashes: Finder = (text) => announced(text, last(text, /####(?!#)/g))

/**
 * "Answer" and its verb or colon, in the languages of the multilingual suites. Between the noun and the verb may stand
 * what it is the answer to, within the sentence.
 */
const phrases =
  /\b(?:answers?|solution)\b(?:\s+(?:to|for|of)\b[^.\n:]{0,80}?)?(?:[\s*_]*(?:\b(?:is|are|was|equals|should be|would be|must be)\b|[:=：])|[*_]*[ \t]*\n)|(?:réponse|respuesta|resposta|risposta|Antwort|ответ|cevap|odpowiedź|câu trả lời|jawaban)[\s*_]*(?:finale?|final)?[\s*_]*(?:est|es|é|è|ist|lautet|это|là|adalah|[:=：])|(?:答案|答え|答|정답|答えは)[\s*_]*(?:是|为|為|は|은|는|[:：])+|(?:الإجابة|الجواب)[\s*_]*(?:النهائية)?[\s*_]*(?:هي|هو|[:：])/giu

/** What follows the last announcement that something follows. */
export const phrase: Finder = (text) => {
  const spans = [...text.matchAll(phrases)].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
  }))
  for (const marker of spans.slice(-mostAttempts).toReversed()) {
    const found = announced(text, marker)
    if (found !== undefined) return found
  }
  return undefined
}

/** An announcement may announce nothing ("the final answer is:" at the end); so many are looked at. */
const mostAttempts = 8

const announced = (text: string, marker: Span | undefined): Found => {
  if (marker === undefined) return undefined
  const start = trimmed(text, { start: marker.end, end: text.length }, /[\s:：*_#]/, /(?!)/).start
  const from = start + formulaLength(text, start)
  const stop = text.slice(from).search(sentenceEnd)
  const span = nonEmpty(unpunctuated(text, { start, end: stop < 0 ? text.length : from + stop }))
  return span === undefined ? undefined : E.right([span])
}

const sentenceEnd = /\n|[.!?;]+(?:\s|$)|。/

const environments = [
  ["$$", "$$"],
  ["\\[", "\\]"],
  ["\\(", "\\)"],
  ["\\begin{", "\\end{"],
  ["$", "$"],
] as const

/** How long the formula is that begins here, so that no full stop or new line inside it ends the sentence; else 0. */
const formulaLength = (text: string, start: number): number => {
  for (const [opening, closing] of environments) {
    if (!text.startsWith(opening, start)) continue
    const end = text.indexOf(closing, start + opening.length)
    return end < 0 ? 0 : end + closing.length - start
  }
  return 0
}
