/**
 * What is a word and what is mathematics, judged by spelling alone.
 */

/** Words that are part of an expression. */
const mathematical = new Set(
  (
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln lg exp sqrt cbrt root abs max min gcd lcm mod " +
    "pi theta alpha beta gamma infinity inf oo and or in to frac binom cup union cap pm dfrac tfrac cdot times div"
  ).split(" "),
)

/** Commands with an argument that is not mathematics. */
const labels =
  /\\(?:text|textbf|textit|textrm|mbox|mathrm|mathbf|operatorname|begin|end|bigl?|bigr?)\*?\s*\{[^{}]*\}/g

/** Control sequences; "\ " is a space. */
const commands = /\\[a-zA-Z]+/g

/** A text with its control sequences taken out, so that what letters remain are names and words. */
const bare = (text: string): string =>
  text.replaceAll("\\ ", " ").replaceAll(labels, " ").replaceAll(commands, " ")

/** How many words of prose a text has: two letters or more that spell no function; letters of other scripts count each run. */
export const countWords = (text: string): number => {
  let count = 0
  for (const [word] of bare(text).matchAll(/\p{L}{2,}|\p{Script=Han}/gu))
    if (!mathematical.has(word.toLowerCase())) count++
  return count
}

/** Whether a text has a digit or a mathematical sign, so that it can be more than words. */
export const hasMathematics = (text: string): boolean => /\d|\\[a-zA-Z]|[=<>≤≥^√π∞+×÷∪∩]/.test(text)

/** Whether a text begins with a word of prose. */
export const beginsWithWord = (text: string): boolean => {
  const word = /^\s*\p{L}{2,}/u.exec(text.replaceAll("\\ ", " "))
  return word !== null && !mathematical.has(word[0].trim().toLowerCase())
}

/** Whether there are words of prose in a text, as text or inside of `\text{…}`. */
export const hasProse = (text: string): boolean =>
  countWords(text) > 0 || /\\(?:text|mbox|textbf|mathrm)\s*\{\s*\(?\p{L}{2,}/u.test(text)
