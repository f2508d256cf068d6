/**
 * Compares the final answer of a response with the reference answer.
 *
 *     verify(gold, response) = Correct  if  read(gold) = read(answer(response)),  Wrong if both are read and differ
 *
 * `Extract` finds the answer, `Parse` reads both sides, `Compare` decides. What cannot be read, on either side, is
 * `Unparseable` and never `Wrong`; a comparison that would cost too much is `TimedOut`.
 *
 * An answer that is a sentence ("the area is 12") is read from the whole to its parts (`Extract.readings`): the first
 * reading that is mathematics counts. The choice depends on whether the reference is mathematics or words, never on its
 * value: nobody looks for the reading that would be right.
 *
 * Laws (`Laws.ts`)
 * 1. Reflexive: an answer in a box verifies against itself.
 * 2. Symmetric: exchanging the reference and the boxed answer keeps Correct and Wrong.
 * 3. Formatting noise changes nothing: 1,234 = 1234, 1/2 = 0.5 = \frac12.
 * 4. Sound and complete on rationals: Correct exactly for equal numbers.
 * 5. Text in front of a boxed answer changes nothing.
 * 6. Total: any two strings get a verdict, in bounded work.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as Compare from "./Compare.ts"
import type { Expression } from "./Expression.ts"
import * as Extract from "./Extract.ts"
import * as Limits from "./Limits.ts"
import * as CompareOptions from "./Options.ts"
import * as Parse from "./Parse.ts"
import * as Verdict from "./Verdict.ts"
import {
  withChoiceContents,
  withCounts,
  withDecimalCommas,
  withFibonacciNumbers,
  withStatedValue,
} from "./verify/adapt.ts"

// model

/**
 * What may differ between suites.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** Where to look for the answer of a response, and in which order. */
  readonly order: ReadonlyArray<Extract.Source>
  /** Which answers are equal. */
  readonly compare: CompareOptions.Options
  /** What reading an answer may cost. */
  readonly limits: Limits.Limits
  /** Whether 3,14 may be a decimal, where the other side is one number. */
  readonly decimalComma: boolean
  /** Whether F_30 is Fibonacci's number, and C(5, 2) a number of choices, where the other side has numbers only. */
  readonly fibonacci: boolean
}

/** @category models */
export type Preset = "mathematician" | "math-verify" | "prm800k" | "exact" | "strict-text"

// constructors

const withComparison = (compare: CompareOptions.Options): Options => ({
  order: Extract.defaultOrder,
  compare,
  limits: Limits.defaultLimits,
  decimalComma: true,
  fibonacci: true,
})

/**
 * Options by the suite whose conventions they follow; `Options.presets` says what they are.
 *
 * @category constructors
 * @since 0.2.0
 */
export const presets: Readonly<Record<Preset, Options>> = {
  mathematician: withComparison(CompareOptions.mathematician),
  "math-verify": withComparison(CompareOptions.mathVerify),
  prm800k: withComparison(CompareOptions.prm800k),
  exact: { ...withComparison(CompareOptions.exact), decimalComma: false, fibonacci: false },
  "strict-text": { ...withComparison(CompareOptions.strictText), decimalComma: false, fibonacci: false },
}

/** @category constructors */
export const defaultOptions: Options = presets.mathematician

// combinators

/**
 * The verdict on a response.
 *
 * ```ts import.meta.vitest
 * import { Verify } from "@rapo/verifier"
 * const tag = (gold: string, response: string) => Verify.verify(gold, response)._tag
 * tag("1/2", "Half of it, so \\boxed{\\frac12}.") // => "Correct"
 * tag("1234", "The answer is 1,234.") // => "Correct"
 * tag("\\sqrt{3+2\\sqrt2}", "Therefore $x = 1+\\sqrt 2$.") // => "Correct"
 * tag("1/3", "\\boxed{0.33}") // => "Wrong"
 * tag("1/3", "I do not know.") // => "Unparseable"
 * tag("1/3", `\\boxed{${"(".repeat(1000)}}`) // => "TimedOut"
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const verify = (gold: string, response: string, options: Partial<Options> = {}): Verdict.Verdict => {
  const settings = options === defaultOptions ? defaultOptions : { ...defaultOptions, ...options }
  const found = Extract.extract(response, settings.order)
  if (E.isLeft(found)) return Verdict.unparseable(found.left)
  const expected = goldAnswer(gold, settings.limits)
  if (E.isLeft(expected)) {
    const text = Verdict.answer(gold, words(gold))
    const answer = { ...Verdict.answer(found.right.text, words(found.right.text)), spans: found.right.spans }
    return isSameText(gold, found.right.text)
      ? Verdict.correct(text, answer, "same-text")
      : Verdict.unparseable({ _tag: "UnreadableGold", gold, reason: expected.left }, found.right.text)
  }
  const answer = readExtraction(
    found.right,
    settings.limits,
    isWords(expected.right.expression),
    expected.right,
  )
  return E.isLeft(answer)
    ? Verdict.fromError(answer.left, found.right.text)
    : compare(expected.right, answer.right, settings)
}

/**
 * The verdict on an answer that is known to be nothing else: no answer is looked for.
 *
 * ```ts import.meta.vitest
 * import { Verify } from "@rapo/verifier"
 * Verify.verifyAnswer("(1, 2]", "(1,2]")._tag // => "Correct"
 * ```
 *
 * @category combinators
 * @since 0.2.0
 */
export const verifyAnswer = (gold: string, answer: string, options: Partial<Options> = {}): Verdict.Verdict =>
  verify(gold, answer, { ...options, order: ["boxed", "whole"] })

/**
 * The final answer of a response, read.
 *
 * @category combinators
 * @since 0.1.0
 */
export const finalAnswer = (
  response: string,
  order: ReadonlyArray<Extract.Source> = Extract.defaultOrder,
  limits: Limits.Limits = Limits.defaultLimits,
): Either<Verdict.Reason | Limits.LimitExceeded, Verdict.Answer> =>
  pipe(
    Extract.extract(response, order),
    E.chainW((found) => readExtraction(found, limits, false)),
  )

/**
 * The comparison of two answers that are read.
 *
 * @category combinators
 * @since 0.1.0
 */
export const compare = (
  gold: Verdict.Answer,
  answer: Verdict.Answer,
  options: Partial<Options> = {},
): Verdict.Verdict => {
  const { compare: conventions, decimalComma, fibonacci, limits } = { ...defaultOptions, ...options }
  // What is too deep to be compared is too deep to be adapted.
  if (!Compare.isComparable(gold.expression) || !Compare.isComparable(answer.expression))
    return Verdict.fromComparison(gold, answer, Compare.tooDeep, conventions.fuel)
  const said = withChoiceContents(gold, answer, limits)
  const spelled = decimalComma ? withDecimalCommas(...said, limits) : said
  const [g, read] = fibonacci ? withFibonacciNumbers(...withCounts(...spelled), limits) : spelled
  const a = conventions.assignments ? withStatedValue(g, read) : read
  return Verdict.fromComparison(
    g,
    a,
    Compare.compare(g.expression, a.expression, conventions),
    conventions.fuel,
  )
}

// numerics

type Read = Either<Verdict.Reason | Limits.LimitExceeded, Verdict.Answer>

/** The first reading that is mathematics, or else the first at all; with words expected, the first at all. */
const readExtraction = (
  found: Extract.Extraction,
  limits: Limits.Limits,
  expectWords: boolean,
  known?: Verdict.Answer,
): Read => {
  let first: Read | undefined
  for (const reading of Extract.readings(found)) {
    const read = readAnswer(reading, limits, known)
    if (E.isRight(read) && (expectWords || !isWords(read.right.expression))) return read
    if (first === undefined || (E.isLeft(first) && E.isRight(read))) first = read
  }
  return first ?? E.left({ _tag: "NothingFound", tried: [found.source] })
}

/** What is written like an answer that has been read says the same. */
const readAnswer = (
  { text, spans }: Extract.Extraction,
  limits: Limits.Limits,
  known?: Verdict.Answer,
): Read =>
  known?.text === text
    ? E.right({ ...known, spans })
    : pipe(
        Parse.parse(text, limits),
        E.map(({ expression, repairs }) => ({ text, expression, repairs, spans })),
      )

/** A reference is itself an answer, or a solution that announces one, or at worst a text that has one. */
const goldAnswer = (gold: string, limits: Limits.Limits): Read => {
  if (gold.length > Extract.reach)
    return E.left({ _tag: "TooLong", length: gold.length, bound: Extract.reach })
  const announced = Extract.extract(gold, ["boxed", "tagged", "hashes", "phrase"])
  if (E.isRight(announced)) return readExtraction(announced.right, limits, false)
  if (announced.left._tag === "UnclosedBox") return announced
  const whole = Extract.extract(gold, ["whole"])
  if (E.isLeft(whole)) return whole
  const read = readAnswer(whole.right, limits)
  if (E.isRight(read) && (gold.length < longestPhrase || !isWords(read.right.expression))) return read
  const found = Extract.extract(gold)
  const narrow = E.isRight(found) ? readExtraction(found.right, limits, false) : found
  return E.isRight(narrow) ? narrow : read
}

/** Longer references in words, in characters, are solutions that have an answer somewhere. */
const longestPhrase = 400

const isWords = (e: Expression): boolean => e._tag === "Text" || (e._tag === "List" && e.items.some(isWords))

const words = (text: string): Expression => ({ _tag: "Text", text })

const isSameText = (a: string, b: string): boolean =>
  a.length <= Extract.reach && a.replaceAll(/\s+/g, "") === b.replaceAll(/\s+/g, "")
