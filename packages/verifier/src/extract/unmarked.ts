/**
 * Answers that nothing announces: a response that is nothing but its answer, a letter of a multiple choice, the end of the
 * last line, the last number.
 */
import * as E from "fp-ts/lib/Either.js"
import { isDenied } from "./denied.ts"
import { beginsWithWord, countWords, hasMathematics } from "./prose.ts"
import { emphasised, type Finder, nonEmpty, type Span, trimmed, unblanked, unpunctuated } from "./span.ts"

/** The whole response: one line of mathematics with at most a few words behind it (a unit), or one word, or "no solution". */
export const bare: Finder = (text) => {
  const blanks = unblanked(text)
  const sign = /^(?:=>|⇒|→|∴|=)\s*/.exec(text.slice(blanks.start, blanks.start + 4))?.[0].length ?? 0
  const outer = { start: blanks.start + sign, end: blanks.end }
  if (outer.end - outer.start > longestBare) return undefined
  const span = emphasis.test(text.slice(outer.start, outer.end)) ? unpunctuated(text, outer) : outer
  const whole = text.slice(span.start, span.end)
  return whole !== "" && isBare(whole) ? E.right([span]) : undefined
}

/** A whole text in Markdown's emphasis or as its code. */
const emphasis = /^(\*\*|[*_`])[^*_`]+\1\.?$/

/** Everything but the blanks around it. */
export const whole: Finder = (text) => {
  const span = nonEmpty(unblanked(text))
  return span === undefined ? undefined : E.right([span])
}

/** Longer responses are not bare answers, whatever they consist of. */
const longestBare = 2000

const isBare = (whole: string): boolean => {
  if (whole.includes("\n") && !whole.includes("\\begin{") && !/^\$\$|^\\\[/.test(whole)) return false
  if (/^[\p{L}'’-]+[.]?$/u.test(whole) || noSolution.test(whole)) return true
  if (/^\p{L}+\s*:/u.test(whole)) return false
  const words = countWords(whole)
  return words === 0 || (words <= mostWords && !beginsWithWord(whole) && hasMathematics(whole))
}

const noSolution = /^(?:there (?:is|are) )?no (?:real )?solutions?\.?$/i

/** "17 square units", "90 degrees", "5.4 cents each". */
const mostWords = 3

/** A letter at the beginning, "B. Because …", or at the end, "… so it is (C)". */
export const choice: Finder = (text) => {
  const tail = text.slice(-reach)
  const first = firstChoice.exec(text)
  const found = first ?? lastChoice.exec(tail) ?? praisedChoice.exec(tail)
  const at = found?.indices?.slice(1).find((span) => span !== undefined)
  if (at === undefined) return undefined
  const start = at[0] + (first === null ? text.length - tail.length : 0)
  return /[A-J]/.test(text.charAt(start)) ? E.right([{ start, end: start + 1 }]) : undefined
}

const firstChoice = /^\s*\(?([A-J])(?:\)|[.:。、，,]|\s*$)/du

const lastChoice =
  /(?:\(([A-J])\)|\b(?:is|be|it's|choose|pick|with|option|choice|est|es|ist)\s+\**([A-J])\**|(?:选择?|选项)([A-J]))(?:,?\s(?:because|since|not)\b[^\n]*)?[\s.。*]*$/diu

const praisedChoice = /(?:^|[\s(*])([A-J])[)*]*\s+is\s+(?:the\s+)?(?:correct|right|best)\b[^\n]{0,20}$/du

const reach = 40

/** What stands behind the last "is", "are", "=" or ":" of the last line, when it is mathematics and hardly prose. */
export const line: Finder = (text) => {
  const end = trimmed(text, { start: 0, end: text.length }, /(?!)/, /[\s□∎■]/).end
  const start = text.lastIndexOf("\n", end - 1) + 1
  if (end - start > longestLine) return undefined
  const found = afterVerb(text.slice(start, end))
  if (found === undefined) return undefined
  const span = { start: start + found.start, end: start + found.end }
  return isDenied(text.slice(start, span.start), text.slice(span.end, end)) ? undefined : E.right([span])
}

const longestLine = 2000

/** What stands behind the last verb or equals sign of a sentence, if that is mathematics. */
export const afterVerb = (sentence: string): Span | undefined => {
  const plain = sentence.replaceAll("\\ ", "  ")
  const verbs = [
    ...plain.matchAll(/\b(?:is|are|equals?|to|be|therefore|thus|hence)\b|[:：]\s|是|为|=(?![^{(]*[})])/giu),
  ]
  for (const verb of verbs.slice(-mostVerbs).toReversed()) {
    const start = verb.index + verb[0].length
    const behind = nonEmpty(unpunctuated(plain, { start, end: plain.length }))
    if (behind === undefined) continue
    const span = emphasised(plain, behind)
    const rest = plain.slice(span.start, span.end)
    if (unbalanced(rest)) continue
    if (!hasMathematics(rest) || beginsWithWord(rest)) return undefined
    const length = withLetterUnit.exec(rest)?.[0].length
    if (length !== undefined) return { start: span.start, end: span.start + length }
    return countWords(rest) <= 2 ? span : within(span, head(rest))
  }
  return undefined
}

/** A number in front of a unit of one letter, which prose does not mean as a factor. */
const withLetterUnit = /^[-−+]?\d[\d.,]*(?=\s?[mgshLN][²³]?$)/u

const within = (outer: Span, inner: Span | undefined): Span | undefined =>
  inner && { start: outer.start + inner.start, end: outer.start + inner.end }

/** The beginning of a text, up to the first comma or word: "72, because …", "D, not A", "12 distinct sequences". */
export const head = (text: string): Span | undefined => {
  const end = text.search(
    /[,;，。]\s|\s\(?(?:\\text\{\s*)?\(?\p{L}{2,}|\\(?:quad|qquad|;)\s*(?:\\text|\()|\p{Script=Han}/u,
  )
  if (end <= 0) return undefined
  const span = nonEmpty(unpunctuated(text, { start: 0, end }))
  const first = span === undefined ? "" : text.slice(span.start, span.end)
  return /^(?:[B-HJ](?![\p{L}'’])|[AI](?=$)|[-−+\\$([{√π]|\d)/u.test(first) ? span : undefined
}

const mostVerbs = 4

/** Whether a text ends a formula or a bracket that it does not begin: the verb was inside of it. */
const unbalanced = (text: string): boolean =>
  text.replaceAll("\\$", "").split("$").length % 2 === 0 ||
  text.split("\\)").length > text.split("\\(").length ||
  text.split("\\]").length > text.split("\\[").length ||
  text.split("}").length > text.split("{").length

/** The last number of the text, with the calculation that it belongs to and the unit written onto it. */
export const number: Finder = (text) => {
  const tail = Math.max(0, text.length - window)
  const near = text.slice(tail)
  const span = lastSaid(near)
  return span === undefined ? undefined : E.right([{ start: tail + span.start, end: tail + span.end }])
}

/** So much of the end of a response is looked at for its last number. */
const window = 2000

const numeral =
  "(?:\\d{1,3}(?:(?:,|[ \u00a0\u2009\u202f]|\\{,\\}|,?\\\\!)\\d{3})+(?:\\.\\d+)?|\\d+(?:[.,:]\\d+)*|\\.\\d+)(?:[eE][-+]?\\d+)?"
const fraction = "\\\\[dt]?frac\\s*(?:\\{[^{}]*\\}|\\d)\\s*(?:\\{[^{}]*\\}|\\d)"
const operand = `\\(?(?:${fraction}|√?${numeral}|\\\\sqrt\\{[^{}]*\\}|\\\\pi|π)(?:\\^\\{?\\d+\\}?)?!?\\)?`
const operator = "\\s*(?:[-+−×÷/·^]|\\*(?!\\*)|\\\\times|\\\\cdot|\\\\div|\\\\pi|π)\\s*"
/** 5m² in prose is a number of square metres, and no product; the letter is left out of what is read. */
const letterUnit = "[mgshLN][²³]?(?![\\p{L}\\d_^{])"
/** A sign or a currency, operands and operators, a unit written onto it. */
const runs = new RegExp(
  `(?<![\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}\\d_^\\\\{.])(?:[-−+]|\\\\?\\$|[€£])*${operand}(?:${operator}${operand})*(?:\\s?(?:\\\\?%|°|€|\\^\\\\circ)|\\p{L}{2,3}[²³]?(?![\\p{L}\\d]))?(?!(?!${letterUnit})[\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}\\d_{^\\\\]|\\s*[\\^=])`,
  "gu",
)

/** The last run, or of "5, not 7" the one before; none where the last is denied. */
const lastSaid = (text: string): Span | undefined => {
  const found = Array.from(text.matchAll(runs), ({ index, 0: run }): Span => ({
    start: index,
    end: index + run.length,
  }))
  const [before, final] = found.length > 1 ? found.slice(-2) : [undefined, found[0]]
  if (final === undefined) return undefined
  const contrasted = before !== undefined && contrast.test(text.slice(before.end, final.start))
  const said = contrasted ? before : final
  if (isDenied(text.slice(0, said.start), contrasted ? "" : text.slice(said.end))) return undefined
  // "a profit of $70,000!" is glad, and no factorial.
  const isAmount = /^[-−+]?\\?[$€£]/.test(text.slice(said.start, said.start + 3))
  return nonEmpty(trimmed(text, said, /\s/, isAmount ? /[\s,.:!]/ : /[\s,.:]/))
}

const contrast = /^[\s,;]*(?:(?:and|but)\s+)?not\s+$/iu
