/**
 * Numbers in English words: twelve, twenty-one, one hundred and five, minus three, two thirds, half.
 */
import * as Rational from "../Rational.ts"

const names = (words: string, first: number, step = 1): ReadonlyArray<readonly [string, number]> =>
  words.split(" ").map((word, k) => [word, first + step * k] as const)

const small: ReadonlyMap<string, number> = new Map([
  ...names("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen", 0),
  ...names("fifteen sixteen seventeen eighteen nineteen", 15),
  ...names("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
])

const powers: ReadonlyMap<string, number> = new Map([
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
  ["trillion", 1e12],
])

const denominators: ReadonlyMap<string, number> = new Map([
  ...names("half third fourth fifth sixth seventh eighth ninth tenth", 2),
  ["halve", 2],
  ["quarter", 4],
  ["hundredth", 100],
  ["thousandth", 1000],
])

const isRound = (word: string): boolean => word === "hundred" || powers.has(word)

/** The number that words spell, in small letters. */
export const numberOf = (text: string): Rational.Rational | undefined => {
  const [first = "", ...rest] = text.split(" ")
  if (first === "minus" || first === "negative") {
    const value = numberOf(rest.join(" "))
    return value && Rational.negate(value)
  }
  if (text === "half") return quotient(1, 2)
  const words = text.split(" ")
  const denominator = denominators.get((words.at(-1) ?? "").replace(/s$/, ""))
  if (denominator === undefined || words.length < 2) return integer(words)
  const numerator = cardinal(words.slice(0, -1))
  return numerator === undefined ? undefined : quotient(numerator, denominator)
}

const integer = (words: ReadonlyArray<string>): Rational.Rational | undefined => {
  const value = cardinal(words)
  return value === undefined ? undefined : Rational.fromInteger(value)
}

const quotient = (a: number, b: number): Rational.Rational =>
  Rational.Field.div(Rational.fromInteger(a), Rational.fromInteger(b))

/** Larger parts come first: "five six" is no number. */
const cardinal = (words: ReadonlyArray<string>): number | undefined => {
  let [total, group] = [0, 0]
  /** What the next part of the group, and the next group, has to be smaller than. */
  let [room, space] = [1000, Infinity]
  for (const [k, word] of words.entries()) {
    const digit = small.get(word)
    const power = powers.get(word)
    if (digit !== undefined && digit < room && (digit > 0 || words.length === 1)) {
      group += digit
      room = digit >= 20 ? 10 : 0
    } else if (word === "hundred" && group > 0 && group < 10) {
      group *= 100
      room = 100
    } else if (power !== undefined && group > 0 && power < space) {
      total += group * power
      ;[group, room, space] = [0, 1000, power]
    } else if (word !== "and" || !isRound(words[k - 1] ?? "") || k === words.length - 1) return undefined
  }
  return words.length === 0 ? undefined : total + group
}
