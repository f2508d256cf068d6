/**
 * Answers in words, and the letters of choices.
 *
 * Words are equal without regard to case, spaces, punctuation and articles: "The Ellipse." is "ellipse". What a parser reads as a
 * product of letters is also the word that they spell: "odd". A choice (B) is its letter.
 */
import type { Expression } from "../Expression.ts"
import * as Rational from "../Rational.ts"
import { type Comparison, decided, different } from "./Comparison.ts"
import * as NumberWords from "./NumberWords.ts"

// refinements

/** Whether an answer is a word or a choice. */
export const isWord = (e: Expression): boolean => e._tag === "Text" || e._tag === "Choice"

// combinators

/**
 * Whether two answers, one of which is a word or a choice, are equal.
 *
 * @category combinators
 * @since 0.1.0
 */
export const compareWords = (gold: Expression, answer: Expression): Comparison => {
  const rule = gold._tag === "Choice" || answer._tag === "Choice" ? "choice" : "text"
  const [g, a] = [wordsOf(gold), wordsOf(answer)]
  return g === undefined || a === undefined ? different("structure") : decided(g === a, rule)
}

/**
 * Whether words say that there is no solution: the empty set.
 *
 * @category refinements
 * @since 0.1.0
 */
export const isNoSolution = (e: Expression): boolean =>
  e._tag === "Text" &&
  /^(?:there (?:is|are) )?(?:no (?:real |such )?(?:solutions?|values?|numbers?|roots?)|empty set)$/.test(
    normal(e.text),
  )

/**
 * Whether words name the set of the real numbers.
 *
 * @category refinements
 * @since 0.2.0
 */
export const isAllReals = (e: Expression): boolean =>
  e._tag === "Text" && /^(?:all|set of(?: all)?|any) (?:real numbers?|reals?)$/.test(normal(e.text))

// destructors

type Text = Extract<Expression, { readonly _tag: "Text" }>

/**
 * The number that words spell: twelve, two thirds.
 *
 * @category destructors
 * @since 0.3.0
 */
export const numberIn = ({ text }: Text): Rational.Rational | undefined => NumberWords.numberOf(normal(text))

/**
 * The number that "all real numbers except 1" leaves out.
 *
 * @category destructors
 * @since 0.3.0
 */
export const exceptionOf = ({ text }: Text): Rational.Rational | undefined => {
  const [, sign = "", digits] =
    /^all (?:real numbers?|reals?)(?: \w)?,? (?:except(?: for)?|other than|but|excluding) ([-−]?)(\d{1,9})$/i.exec(
      text.trim(),
    ) ?? []
  if (digits === undefined) return undefined
  const value = Rational.fromInteger(Number(digits))
  return sign === "" ? value : Rational.negate(value)
}

// numerics

const wordsOf = (e: Expression): string | undefined => {
  if (e._tag === "Text") return normal(e.text)
  return e._tag === "Choice" ? e.letter.toLowerCase() : lettersOf(e)?.toLowerCase()
}

/** The letters and digits of a name or of a product of names. */
const lettersOf = (e: Expression): string | undefined => {
  if (e._tag === "Variable") return e.name
  if (e._tag === "Constant") return e.name === "e" || e.name === "i" ? e.name : undefined
  if (e._tag === "Number") return e.decimals === undefined ? `${e.value.numerator}` : undefined
  if (e._tag !== "Binary" || e.operator !== "*") return undefined
  const [left, right] = [lettersOf(e.left), lettersOf(e.right)]
  return left === undefined || right === undefined ? undefined : left + right
}

/** Abbreviations. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ["dne", "does not exist"],
  ["doesn t exist", "does not exist"],
])

const normal = (text: string): string => {
  const words = text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{S}]+/gu, " ")
    .trim()
  const bare = words.replaceAll(/\b(?:an?|the) (?=\S)/g, "")
  return bare === "" ? text.trim() : (synonyms.get(bare) ?? bare)
}
