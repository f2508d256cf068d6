/**
 * What one side says about how the other is to be read, where a text has two readings.
 *
 * | one side is            | the other reads as              | is read as       |
 * |------------------------|---------------------------------|------------------|
 * | a number               | two numbers and a comma: 3,14   | a decimal: 3.14  |
 * | (reference) a number   | (answer) what it is: a + b = 5  | its value: 5     |
 *
 * Only the kind of the other side counts, never its value.
 */
import { isRight } from "fp-ts/lib/Either.js"
import * as Syntax from "../compare/Syntax.ts"
import * as Expression from "../Expression.ts"
import type * as Limits from "../Limits.ts"
import * as Parse from "../Parse.ts"
import type { Answer } from "../Verdict.ts"

/** Where one side is a number and the other two, joined by a comma: the comma of 3,14. */
export const withDecimalCommas = (
  gold: Answer,
  answer: Answer,
  limits: Limits.Limits,
): readonly [Answer, Answer] => {
  if (isPair(answer.expression) && isNumber(gold.expression)) return [gold, withDecimalComma(answer, limits)]
  if (isPair(gold.expression) && isNumber(answer.expression)) return [withDecimalComma(gold, limits), answer]
  return [gold, answer]
}

const withDecimalComma = (answer: Answer, limits: Limits.Limits): Answer => {
  const again = Parse.parse(answer.text, limits, { decimalComma: true })
  return isRight(again) && isNumber(again.right.expression) ? { ...answer, ...again.right } : answer
}

const isPair = (e: Expression.Expression): boolean =>
  e._tag === "List" && e.items.length === 2 && e.items.every((item) => item._tag === "Number")

const isNumber = (e: Expression.Expression): boolean =>
  e._tag === "Number" || (e._tag === "Signed" && e.operand._tag === "Number")

/**
 * The value at the end of a chain of equations, where a number is asked for: `a + b = 5`, `2 + 3 = 1 + 4 = 5`. The first
 * side has to be free of numbers or a number itself: `x^2 = 4` does not say what 4 is, nor does `2x = 4`.
 */
export const withStatedValue = (gold: Answer, answer: Answer): Answer => {
  const { expression } = answer
  if (expression._tag !== "Relation" || !expression.operators.every((operator) => operator === "="))
    return answer
  if (!isConstant(gold.expression)) return answer
  const [first, last] = [expression.operands[0], expression.operands.at(-1)]
  if (first === undefined || last === undefined || !isConstant(last)) return answer
  const isNamed = isConstant(first) || !Syntax.contains(first, "Number") || named.test(answer.text)
  return isNamed ? { ...answer, expression: last } : answer
}

/** Names with numbers in them: P(3) is a value of P, AB² the square over a segment. */
const named = /^[\s$]*(?:\p{L}(?:_\{?\w+\}?)?\([^()]*\)|[A-Z]{2}\^\{?2\}?)\s*=/u

/** Whether an expression is a number, however it is written. */
const isConstant = (e: Expression.Expression): boolean =>
  Syntax.isScalar(e) && !Syntax.contains(e, "Variable", "Call", "PlusMinus")
