/**
 * The laws of this package as predicates: values in, "it holds" out.
 */
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as O from "fp-ts/lib/Option.js"
import * as Expression from "./Expression.ts"
import * as Extract from "./Extract.ts"
import * as Parse from "./Parse.ts"
import * as Rational from "./Rational.ts"
import * as Verdict from "./Verdict.ts"
import * as Verify from "./Verify.ts"

export * from "./laws/comparing.ts"
export * from "./laws/parsing.ts"
export * from "./laws/rewarding.ts"

type Q = Rational.Rational

const equal = Rational.Eq.equals
const box = (text: string): string => `\\boxed{${text}}`

// rationals

const common = (x: bigint, y: bigint): bigint => (y === 0n ? x : common(y, x % y))

/** gcd(a, b) = 1 and b >= 1. */
export const isNormal = (a: Q): boolean => {
  const magnitude = a.numerator < 0n ? -a.numerator : a.numerator
  return a.denominator >= 1n && common(magnitude, a.denominator) === 1n
}

/** A common factor k ≠ 0 disappears: ka / kb = a / b. */
export const commonFactorsCancel = (a: bigint, b: bigint, k: bigint): boolean =>
  pipe(
    Rational.fromFraction(a, b),
    E.chain((short) => E.map((long: Q) => equal(short, long))(Rational.fromFraction(k * a, k * b))),
    E.getOrElse(() => b === 0n),
  )

export const showParses = (a: Q): boolean =>
  pipe(
    Rational.parse(Rational.show(a)),
    E.fold(
      () => false,
      (b) => equal(a, b),
    ),
  )

/** The decimal text means the number, and it exists exactly when the denominator divides a power of ten. */
export const decimalParses = (a: Q): boolean =>
  pipe(
    Rational.showDecimal(a),
    O.fold(
      () => 10n ** BigInt(Rational.size(a)) % a.denominator !== 0n,
      (text) =>
        pipe(
          Rational.parse(text),
          E.fold(
            () => false,
            (b) => equal(a, b),
          ),
        ),
    ),
  )

/** Associativity, commutativity, units, inverses, distributivity. */
export const isField = (a: Q, b: Q, c: Q): boolean => {
  const { add, sub, mul, div, zero, one } = Rational.Field
  return (
    equal(add(a, add(b, c)), add(add(a, b), c)) &&
    equal(add(a, b), add(b, a)) &&
    equal(add(a, zero), a) &&
    equal(sub(a, a), zero) &&
    equal(mul(a, mul(b, c)), mul(mul(a, b), c)) &&
    equal(mul(a, b), mul(b, a)) &&
    equal(mul(a, one), a) &&
    equal(mul(a, add(b, c)), add(mul(a, b), mul(a, c))) &&
    (equal(b, zero) ? equal(div(a, b), zero) : equal(mul(div(a, b), b), a))
  )
}

/** Antisymmetric, transitive, total, and kept by addition and by multiplication with a positive number. */
export const isOrdered = (a: Q, b: Q, c: Q): boolean => {
  const { compare } = Rational.Ord
  const leq = (x: Q, y: Q): boolean => compare(x, y) <= 0
  return (
    (leq(a, b) || leq(b, a)) &&
    (!(leq(a, b) && leq(b, a)) || equal(a, b)) &&
    (!(leq(a, b) && leq(b, c)) || leq(a, c)) &&
    compare(Rational.add(a, c), Rational.add(b, c)) === compare(a, b) &&
    (compare(c, Rational.zero) <= 0 ||
      compare(Rational.multiply(a, c), Rational.multiply(b, c)) === compare(a, b))
  )
}

/** a^(m + n) = a^m · a^n for a ≠ 0. */
export const exponentsAdd = (a: Q, m: number, n: number): boolean =>
  pipe(
    Rational.power(a, m),
    E.chain((left) => E.map((right: Q) => Rational.multiply(left, right))(Rational.power(a, n))),
    E.chain((product) => E.map((whole: Q) => equal(whole, product))(Rational.power(a, m + n))),
    E.getOrElse(() => equal(a, Rational.zero)),
  )

// expressions

/** parse(show(e)) = e, for expressions whose numbers have decimals. */
export const expressionParses = (e: Expression.Expression): boolean =>
  pipe(
    Parse.arithmetic(Expression.show(e)),
    E.fold(
      () => false,
      (again) => Expression.show(again) === Expression.show(e) && sameNodes(e, again),
    ),
  )

const sameNodes = (a: Expression.Expression, b: Expression.Expression): boolean => {
  const [left, right] = [Expression.nodesOf(a), Expression.nodesOf(b)]
  return left.length === right.length && left.every((node, i) => node._tag === right[i]?._tag)
}

/** value(a ∘ b) = value(a) ∘ value(b), where all three exist. */
export const evaluationIsHomomorphic = (
  operator: Expression.Operator,
  a: Expression.Expression,
  b: Expression.Expression,
): boolean => {
  const value = Expression.evaluate()
  const { add, sub, mul, div } = Rational.Field
  const meaning = { "+": add, "-": sub, "*": mul, "/": div }[operator]
  return pipe(
    value(Expression.binary(operator, a, b)),
    E.fold(
      () => true,
      (whole) =>
        pipe(
          value(a),
          E.chain((x) => E.map((y: Q) => equal(whole, meaning(x, y)))(value(b))),
          E.getOrElse(() => false),
        ),
    ),
  )
}

/** The numbers of `a ∘ b` are those of a, then those of b. */
export const numbersConcatenate = (
  operator: Expression.Operator,
  a: Expression.Expression,
  b: Expression.Expression,
): boolean => {
  const show = (e: Expression.Expression): string => Expression.numbersOf(e).map(Rational.show).join()
  return show(Expression.binary(operator, a, b)) === `${show(a)},${show(b)}`
}

// extraction

export const spanIsWhereTheTextIs = (response: string): boolean =>
  pipe(
    Extract.extract(response),
    E.fold(
      () => true,
      ({ text, spans }) => spans.map(({ start, end }) => response.slice(start, end)).join(", ") === text,
    ),
  )

/** The last box that is not empty. */
export const lastBoxDecides = (before: string, content: string, after: string): boolean =>
  content.trim() === "" ||
  pipe(
    Extract.extract(`${before} ${box(content)} ${after}`),
    E.fold(
      () => false,
      ({ source, text }) => source === "boxed" && text === content.trim(),
    ),
  )

// verification

export const isReflexive = (answer: string): boolean => Verdict.isCorrect(Verify.verify(answer, box(answer)))

export const isSymmetric = (a: string, b: string): boolean => {
  const [there, back] = [Verify.verify(a, box(b)), Verify.verify(b, box(a))]
  return (
    Verdict.isDecided(there) === Verdict.isDecided(back) &&
    (!Verdict.isDecided(there) || there._tag === back._tag)
  )
}

/** What can be read and shown verifies against what is shown. */
export const answerVerifiesItself = (answer: Expression.Expression): boolean =>
  isReflexive(Expression.show(answer))

/** Prose around a box changes neither the verdict nor the rule. */
export const proseChangesNothing = (gold: string, answer: string, before: string, after: string): boolean => {
  const [alone, within] = [
    Verify.verify(gold, box(answer)),
    Verify.verify(gold, `${before} ${box(answer)} ${after}`),
  ]
  return alone._tag === within._tag && Verdict.ruleOf(alone) === Verdict.ruleOf(within)
}

/** Two spellings of one number verify against each other. */
export const spellingsAgree = (a: string, b: string): boolean =>
  Verdict.isCorrect(Verify.verify(a, box(b))) && Verdict.isCorrect(Verify.verify(b, box(a)))

/** Correct exactly for equal numbers, Wrong otherwise. */
export const decidesEquality = (a: Q, b: Q): boolean =>
  Verify.verify(Rational.show(a), box(Rational.show(b)))._tag === (equal(a, b) ? "Correct" : "Wrong")

/** Any two strings get a verdict, and it can be shown. */
export const isTotal = (gold: string, response: string): boolean =>
  Verdict.show(Verify.verify(gold, response)).startsWith(Verify.verify(gold, response)._tag)
