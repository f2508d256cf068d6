/**
 * Equal answers under one name: 0.5 and 1/2 are one vote each for the same answer.
 *
 *     the name of an answer  =  its rational value;  or else the first answer that the verifier finds equal;  or else its own text
 *
 * Answers are taken by falling count and then by text, so that the result depends on the answers alone. Of those without a rational
 * value only the `mostCompared` most frequent ones that differ are compared with: the others are told apart by their text, and
 * have few votes to lose.
 */
import { Expression, Limits, Parse, Rational, Verdict, Verify } from "@rapo/verifier"
import { isLeft, isRight } from "fp-ts/lib/Either.js"

// constants

/** Classes that an answer is compared with, at some microseconds to a millisecond each. */
const mostCompared = 16

// destructors

/** Counts by name, of counts by text. */
export const joinAnswers = (counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> => {
  const joined = new Map<string, number>()
  const compared: Array<Verdict.Answer> = []
  const sorted = [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  for (const [text, count] of sorted) {
    const name = nameOf(text, compared)
    joined.set(name, (joined.get(name) ?? 0) + count)
  }
  return joined
}

// numerics

/** Enlarges `compared` by the answer where it is a new one. */
const nameOf = (text: string, compared: Array<Verdict.Answer>): string => {
  if (plainInteger.test(text)) return text
  const parsed = Parse.parse(text)
  if (isLeft(parsed)) return text
  const value = Expression.evaluate(Limits.defaultLimits.maxBits)(parsed.right.expression)
  if (isRight(value)) return Rational.show(value.right)
  const own = { ...Verdict.answer(text, parsed.right.expression), repairs: parsed.right.repairs }
  const equal = compared.find((other) => Verdict.isCorrect(Verify.compare(other, own)))
  if (equal !== undefined) return equal.text
  if (compared.length < mostCompared) compared.push(own)
  return text
}

/** As `Rational.show` writes it: most answers need no parser. */
const plainInteger = /^(?:0|-?[1-9]\d{0,14})$/u
