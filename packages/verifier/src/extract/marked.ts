/**
 * Answers that the response announces: `<answer>…</answer>`, `#### …`, "the answer is …", "Answer: …".
 */
import * as E from "fp-ts/lib/Either.js"
import { beginsWithWord } from "./prose.ts"
import { blank, type Finder, type Found, last, nonEmpty, type Span, trimmed, unpunctuated } from "./span.ts"

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
    const inner = nonEmpty(trimmed(text, span, blank, blank))
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
  /\b(?:answers?|solution|(?:correct|right|best) (?:choice|option))\b(?:\s+(?:to|for|of)\b[^.\n:]{0,80}?)?(?:[\s*_]*(?:\b(?:is|are|was|equals|should be|would be|must be)\b|[:=：])|[*_]*[ \t]*\n)|(?:réponse|respuesta|resposta|risposta|Antwort|ответ|cevap|odpowiedź|câu trả lời|jawaban)(?:[\s*_]+\p{L}{4,}){0,2}[\s*_]*(?:\b(?:est|es|é|è|ist|lautet|это|là|adalah)\b(?:\s+(?:donc|alors|pues|also))?|[:=：])|(?:^|\n)[ \t]*A:(?=[^\n]*\s*$)|(?:答案|答え|答|정답|答えは)[\s*_]*(?:是|为|為|は|은|는|[:：])+|(?:الإجابة|الجواب)[\s*_]*(?:النهائية)?[\s*_]*(?:هي|هو|[:：])/giu

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

/**
 * What "the final answer is" announces after the last box: whoever writes both means the last. Only mathematics counts:
 * "the final answer is in the box" announces nothing.
 */
export const final: Finder = (text) => {
  const tail = Math.max(0, text.length - finalReach)
  const marker = last(text.slice(tail), /\bfinal\s+answer\b[\s*_]*(?:is\b|[:：])/giu)
  if (marker === undefined) return undefined
  const span = { start: marker.start + tail, end: marker.end + tail }
  const box = Math.max(text.lastIndexOf("\\boxed"), text.lastIndexOf("\\fbox"))
  if (box < 0 || box > span.start) return undefined
  const found = announced(text, span)
  if (found === undefined || E.isLeft(found)) return undefined
  const says = found.right.map(({ start, end }) => text.slice(start, end)).join()
  return /\d|\$|\\/.test(says) && !beginsWithWord(says) ? found : undefined
}

/** So much of the end of a response is looked at for its final answer. */
const finalReach = 500

/** An announcement may announce nothing ("the final answer is:" at the end); so many are looked at. */
const mostAttempts = 8

const announced = (text: string, marker: Span | undefined): Found => {
  if (marker === undefined) return undefined
  const blank = trimmed(text, { start: marker.end, end: text.length }, /[\s:：*_#}]/, /(?!)/).start
  // "- 7" on a line of its own is an item of a list.
  const bullet = /^[-•]\s+(?=\S)/.exec(text.slice(blank, blank + 4))
  const isItem = bullet !== null && text.slice(marker.end, blank).includes("\n")
  const start = blank + (isItem ? bullet[0].length : 0)
  const from = start + formulaLength(text, start)
  const stop = text.slice(from).search(sentenceEnd)
  const span = nonEmpty(unpunctuated(text, { start, end: stop < 0 ? text.length : from + stop }))
  if (span === undefined) return undefined
  const letter = /^\(?[A-J](?=\)?(?:[,.:;)]|\s+(?!(?:and|or|et|ou|und|oder|y|o|e)\b)\p{L}{2}))/u.exec(
    text.slice(start, start + 8),
  )
  if (letter === null) return E.right([span])
  const end = span.start + letter[0].length
  return E.right([{ start: end - 1, end }])
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
