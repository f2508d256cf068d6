/**
 * Items that dots leave out, where two and more before the dots and the last one say which: 1, 3, …, 9 is 1, 3, 5, 7, 9.
 */
import * as Make from "../Expression.ts"
import type { Expression } from "../Expression.ts"
import * as Rational from "../Rational.ts"
import * as Syntax from "./Syntax.ts"

type Items = ReadonlyArray<Expression>

/** Ours: nobody writes out more. */
const mostItems = 200

/** The items with those of an arithmetic progression in place of its dots; as they are, where the dots stand for others. */
export const writtenOut = (items: Items): Items => {
  const at = items.findIndex(({ _tag }) => _tag === "Ellipsis")
  if (at < 2) return items
  const numbers = items.map(Syntax.numberOf)
  const [first, last, final] = [numbers[0], numbers[at - 1], numbers[at + 1]]
  const second = numbers[1]
  if (first === undefined || second === undefined || last === undefined || final === undefined) return items
  const step = Rational.subtract(second, first)
  const isRegular = numbers.every(
    (n, k) => k === 0 || k === at || k === at + 1 || isStep(numbers[k - 1], n, step),
  )
  const missing = Rational.Field.div(Rational.subtract(final, last), step)
  if (!isRegular || step.numerator === 0n || !Rational.isInteger(missing)) return items
  const count = Number(missing.numerator) - 1
  if (count < 0 || count > mostItems) return items
  const between = Array.from({ length: count }, (_, k) =>
    numeral(Rational.add(last, Rational.multiply(step, Rational.fromInteger(k + 1)))),
  )
  return [...items.slice(0, at), ...between, ...items.slice(at + 1)]
}

const isStep = (
  from: Rational.Rational | undefined,
  to: Rational.Rational | undefined,
  step: Rational.Rational,
): boolean => from !== undefined && to !== undefined && Rational.Eq.equals(Rational.subtract(to, from), step)

const numeral = (value: Rational.Rational): Expression =>
  value.numerator < 0n ? Make.signed("-", Make.number(Rational.negate(value))) : Make.number(value)
