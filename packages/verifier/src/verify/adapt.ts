/**
 * What one side says about how the other is to be read, where a text has two readings.
 *
 * | one side is            | the other reads as              | is read as       |
 * |------------------------|---------------------------------|------------------|
 * | a number               | two numbers and a comma: 3,14   | a decimal: 3.14  |
 * | no letter of a choice  | a choice and its text: (B) 12   | the text: 12     |
 * | numbers                | with Fibonacci's numbers: F_30  | 832040           |
 * | a number               | C(n, k) and P(n, k)             | how many choices |
 * | (reference) a number   | (answer) what it is: a + b = 5  | its value: 5     |
 *
 * Only the kind of the other side counts, never its value.
 */
import { isRight } from "fp-ts/lib/Either.js"
import * as Syntax from "../compare/Syntax.ts"
import * as Expression from "../Expression.ts"
import type * as Limits from "../Limits.ts"
import * as Parse from "../Parse.ts"
import * as Rational from "../Rational.ts"
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

/** What a choice says, where the other side is no choice: the 12 of "(B) 12". */
export const withChoiceContents = (
  gold: Answer,
  answer: Answer,
  limits: Limits.Limits,
): readonly [Answer, Answer] => {
  const [g, a] = [gold, answer].map(({ expression }) => expression._tag === "Choice")
  if (g === a) return [gold, answer]
  if (isLetter((g ? answer : gold).expression)) return [gold, answer]
  return g ? [withContent(gold, limits), answer] : [gold, withContent(answer, limits)]
}

const withContent = (answer: Answer, limits: Limits.Limits): Answer => {
  const remark = answer.repairs.find(({ _tag }) => _tag === "DroppedRemark")
  if (remark === undefined) return answer
  const again = Parse.parse(answer.text.slice(remark.position), limits)
  return isRight(again) ? { ...answer, expression: again.right.expression } : answer
}

const isLetter = (e: Expression.Expression): boolean =>
  e._tag === "Variable" || e._tag === "Constant" || (e._tag === "Text" && e.text.length < 2)

/**
 * Fibonacci's numbers by their usual name, F₁ = F₂ = 1, where the other side has numbers only. F₁ and F₂ themselves, and an
 * F that the answer defines (`F_3 = 7`), are names like others. An answer may leave one uncomputed, as it may 2^30.
 */
export const withFibonacciNumbers = (
  gold: Answer,
  answer: Answer,
  limits: Limits.Limits,
): readonly [Answer, Answer] => {
  const [g, a] = [isNumeric(gold.expression), isNumeric(answer.expression)]
  if (g === a) return [gold, answer]
  return g ? [gold, withFibonacci(answer, limits)] : [withFibonacci(gold, limits), answer]
}

const withFibonacci = (answer: Answer, { maxBits }: Limits.Limits): Answer => {
  const { expression } = answer
  if (expression._tag === "Relation" && isFibonacci(expression.operands[0])) return answer
  const indices = Syntax.variablesOf(expression)
    .map(fibonacciIndex)
    .filter((n) => n > 2 && n * Math.log2(goldenRatio) <= maxBits)
  if (indices.length === 0) return answer
  const numbers = fibonacciNumbers(Math.max(...indices))
  return {
    ...answer,
    expression: Syntax.mapNodes(expression, (node) => {
      const n = node._tag === "Variable" ? fibonacciIndex(node.name) : 0
      const value = n > 2 ? numbers[n] : undefined
      return value === undefined ? node : Expression.number(Rational.fromInteger(value))
    }),
  }
}

/** C(5, 2) and P(5, 2) beside a number: how many ways there are to choose, and to arrange, 2 of 5. Beside a pair they are points. */
export const withCounts = (gold: Answer, answer: Answer): readonly [Answer, Answer] => {
  const [g, a] = [isConstant(gold.expression), isConstant(answer.expression)]
  if (g && Syntax.contains(answer.expression, "Tuple")) return [gold, counted(answer)]
  return a && Syntax.contains(gold.expression, "Tuple") ? [counted(gold), answer] : [gold, answer]
}

const counted = (answer: Answer): Answer => ({
  ...answer,
  expression: Syntax.mapNodes(answer.expression, (node) => {
    if (node._tag !== "Binary" || node.operator !== "*" || node.right._tag !== "Tuple") return node
    const [n, k, more] = node.right.items
    if (n?._tag !== "Number" || k?._tag !== "Number" || more !== undefined) return node
    // 2 C(5, 2) is read from the left: (2 C)(5, 2).
    const factor = node.left._tag === "Binary" && node.left.operator === "*" ? node.left.left : undefined
    const name = node.left._tag === "Binary" && factor !== undefined ? node.left.right : node.left
    if (name._tag !== "Variable" || (name.name !== "C" && name.name !== "P")) return node
    const choices = Expression.apply("binomial", n, k)
    const ways =
      name.name === "C" ? choices : Expression.binary("*", choices, Expression.apply("factorial", k))
    return factor === undefined ? ways : Expression.binary("*", factor, ways)
  }),
})

/** The n of F_n, or 0. */
const fibonacciIndex = (name: string): number => Number(/^F_(\d{1,5})$/.exec(name)?.[1] ?? 0)

const isFibonacci = (e: Expression.Expression | undefined): boolean =>
  e?._tag === "Variable" && fibonacciIndex(e.name) > 0

/** F_n < φⁿ bounds its length before it is computed. */
const goldenRatio = (1 + Math.sqrt(5)) / 2

/** F_0 to F_n, all of them at once: an answer may name many. */
const fibonacciNumbers = (n: number): ReadonlyArray<bigint> => {
  const numbers = [0n, 1n]
  for (let k = 2; k <= n; k++) numbers.push((numbers[k - 1] ?? 0n) + (numbers[k - 2] ?? 0n))
  return numbers
}

/** Whether an answer has numbers and no names. */
const isNumeric = (e: Expression.Expression): boolean =>
  !Syntax.contains(e, "Variable", "Call", "Text", "Choice")

/**
 * The value at the end of a chain of equations, where a number is asked for: `a + b = 5`, `2 + 3 = 1 + 4 = 5`. The first
 * side has to be free of numbers, or a number itself, or a root or logarithm, which is solved for nothing: `\sqrt{2x} = 4` says
 * what 4 is; `x^2 = 4` does not, nor does `2x = 4`.
 */
export const withStatedValue = (gold: Answer, answer: Answer): Answer => {
  const { expression } = answer
  if (expression._tag !== "Relation" || !expression.operators.every((operator) => operator === "="))
    return answer
  if (!isConstant(gold.expression)) return answer
  const [first, last] = [expression.operands[0], expression.operands.at(-1)]
  if (first === undefined || last === undefined || !isConstant(last)) return answer
  const isNamed =
    isConstant(first) ||
    !Syntax.contains(first, "Number") ||
    (first._tag === "Apply" && first.function !== "abs") ||
    named.test(answer.text)
  return isNamed ? { ...answer, expression: last } : answer
}

/** Names with numbers in them: P(3) is a value of P, AB² the square over a segment. */
const named = /^[\s$]*(?:\p{L}(?:_\{?\w+\}?)?\([^()]*\)|[A-Z]{2}\^\{?2\}?)\s*=/u

/** Whether an expression is a number, however it is written. */
const isConstant = (e: Expression.Expression): boolean =>
  Syntax.isScalar(e) && !Syntax.contains(e, "Variable", "Call", "PlusMinus")
