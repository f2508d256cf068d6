/**
 * Arithmetic expressions over the rationals.
 *
 *     e ::= number | ± e | e + e | e − e | e × e | e ÷ e | e ^ e
 *
 * Everything about an expression is read off its reverse Polish notation: `numbersOf` are its numbers, `fold` runs it
 * on a stack. No function here recurses on the structure, so none can overflow the call stack, however deep it is.
 *
 * Laws (`Laws.ts`)
 * 1. `parse(show(e)) = e` (with `Parse.parse`).
 * 2. `evaluate` is a homomorphism: the value of `a + b` is the sum of the values, where they exist.
 * 3. `numbersOf` lists the numbers in the order of the text.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import * as O from "fp-ts/lib/Option.js"
import { match } from "./internal/match.ts"
import * as Limits from "./Limits.ts"
import * as Rational from "./Rational.ts"

// model

/** @category models */
export type Sign = "+" | "-"

/** @category models */
export type Operator = "+" | "-" | "*" | "/"

/**
 * An arithmetic expression. A negative number is a `Signed` one: a `Number` is what digits spell, so never negative.
 *
 * @category models
 * @since 0.1.0
 */
export type Expression =
  | { readonly _tag: "Number"; readonly value: Rational.Rational }
  | { readonly _tag: "Signed"; readonly sign: Sign; readonly operand: Expression }
  | {
      readonly _tag: "Binary"
      readonly operator: Operator
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly _tag: "Power"; readonly base: Expression; readonly exponent: Expression }

/**
 * Why an expression has no value.
 *
 * @category models
 * @since 0.1.0
 */
export type EvaluationError = Rational.DivisionByZero | Rational.ExponentOutOfRange | Limits.TooLarge

// constructors

/** @category constructors */
export const number = (value: Rational.Rational): Expression => ({ _tag: "Number", value })

/** @category constructors */
export const signed = (sign: Sign, operand: Expression): Expression => ({ _tag: "Signed", sign, operand })

/** @category constructors */
export const binary = (operator: Operator, left: Expression, right: Expression): Expression => ({
  _tag: "Binary",
  operator,
  left,
  right,
})

/** @category constructors */
export const power = (base: Expression, exponent: Expression): Expression => ({
  _tag: "Power",
  base,
  exponent,
})

// destructors

/**
 * The nodes in reverse Polish notation: operands in the order of the text, each operation after its operands.
 *
 * @category destructors
 * @since 0.1.0
 */
export const nodesOf = (expression: Expression): ReadonlyArray<Expression> => {
  // A node before its operands, those from right to left: the reverse of the order wanted.
  const reversed: Array<Expression> = []
  const pending: Array<Expression> = [expression]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    reversed.push(node)
    pending.push(...operandsOf(node))
  }
  return reversed.toReversed()
}

/**
 * The numbers of an expression, in the order of the text.
 *
 * ```ts import.meta.vitest
 * import { Expression, Parse, Rational } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * const numbers = E.map((e) => Expression.numbersOf(e).map(Rational.show))
 * numbers(Parse.parse("2*8+(5-0.5)")) // => E.right(["2", "8", "5", "1/2"])
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const numbersOf = (expression: Expression): ReadonlyArray<Rational.Rational> =>
  nodesOf(expression).flatMap((node) => (node._tag === "Number" ? [node.value] : []))

/**
 * The meaning of each kind of node, given the meanings of its operands.
 *
 * @category models
 * @since 0.1.0
 */
export interface Algebra<A> {
  readonly number: (value: Rational.Rational) => A
  readonly signed: (sign: Sign, operand: A) => A
  readonly binary: (operator: Operator, left: A, right: A) => A
  readonly power: (base: A, exponent: A) => A
}

/**
 * The meaning of an expression in an algebra: one pass over its reverse Polish notation.
 *
 * @category destructors
 * @since 0.1.0
 */
export const fold =
  <A>(algebra: Algebra<A>) =>
  (expression: Expression): A => {
    const stack: Array<A> = []
    const pop = (): A => stack.pop() as A // there by the order of `nodesOf`
    for (const node of nodesOf(expression)) {
      switch (node._tag) {
        case "Number":
          stack.push(algebra.number(node.value))
          break
        case "Signed":
          stack.push(algebra.signed(node.sign, pop()))
          break
        case "Binary": {
          const right = pop()
          stack.push(algebra.binary(node.operator, pop(), right))
          break
        }
        case "Power": {
          const exponent = pop()
          stack.push(algebra.power(pop(), exponent))
          break
        }
      }
    }
    return pop()
  }

/**
 * The exact value of an expression.
 *
 * ```ts import.meta.vitest
 * import { Expression, Parse, Rational } from "@rapo/verifier"
 * import { flow } from "fp-ts/lib/function.js"
 * import * as E from "fp-ts/lib/Either.js"
 * const value = flow(Parse.parse, E.chainW(Expression.evaluate()), E.map(Rational.show))
 * value("1/3 + 1/6") // => E.right("1/2")
 * value("1/(2-2)") // => E.left({ _tag: "DivisionByZero" })
 * ```
 *
 * **Fails with** `DivisionByZero`; `ExponentOutOfRange` where an exponent is no small integer; `TooLarge` where a number
 * on the way needs more than `bound` bits.
 *
 * @category destructors
 * @since 0.1.0
 */
export const evaluate =
  (bound: number = Limits.defaultLimits.maxBits) =>
  (expression: Expression): Either<EvaluationError, Rational.Rational> =>
    fold<Value>({
      number: held(bound),
      signed: (sign, operand) => (sign === "-" ? E.map(Rational.negate)(operand) : operand),
      binary: (operator, left, right) => {
        if (E.isLeft(left)) return left
        if (E.isLeft(right)) return right
        const result = operations[operator](left.right, right.right)
        return E.isLeft(result) ? result : held(bound)(result.right)
      },
      power: (base, exponent) => {
        if (E.isLeft(base)) return base
        return E.isLeft(exponent) ? exponent : boundedPower(bound)(base.right, exponent.right)
      },
    })(expression)

/**
 * The text of an expression, every operation in parentheses. A number without a finite decimal, which no digits spell,
 * is written as the quotient that it is.
 *
 * @category destructors
 * @since 0.1.0
 */
export const show: (expression: Expression) => string = fold<string>({
  number: (value) => O.getOrElse(() => `(${Rational.show(value)})`)(Rational.showDecimal(value)),
  signed: (sign, operand) => `(${sign}${operand})`,
  binary: (operator, left, right) => `(${left}${operator}${right})`,
  power: (base, exponent) => `(${base}^${exponent})`,
})

/**
 * A sentence about an error.
 *
 * @category destructors
 * @since 0.1.0
 */
export const showEvaluationError: (error: EvaluationError) => string = match<EvaluationError, string>({
  DivisionByZero: () => "it divides by zero",
  ExponentOutOfRange: ({ exponent, bound }) =>
    `the exponent ${exponent} is not an integer between -${bound} and ${bound}`,
  TooLarge: Limits.showError,
})

// numerics

type Value = Either<EvaluationError, Rational.Rational>

const operandsOf: (node: Expression) => ReadonlyArray<Expression> = match<
  Expression,
  ReadonlyArray<Expression>
>({
  Number: () => [],
  Signed: ({ operand }) => [operand],
  Binary: ({ left, right }) => [left, right],
  Power: ({ base, exponent }) => [base, exponent],
})

const operations: Record<Operator, (a: Rational.Rational, b: Rational.Rational) => Value> = {
  "+": (a, b) => E.right(Rational.add(a, b)),
  "-": (a, b) => E.right(Rational.subtract(a, b)),
  "*": (a, b) => E.right(Rational.multiply(a, b)),
  "/": Rational.divide,
}

/** A value, unless it is over the budget. */
const held =
  (bound: number) =>
  (value: Rational.Rational): Value =>
    Rational.size(value) <= bound ? E.right(value) : E.left({ _tag: "TooLarge", bound })

/** Refuses a power by its size before it is computed. */
const boundedPower =
  (bound: number) =>
  (a: Rational.Rational, n: Rational.Rational): Value => {
    const exponent = Rational.isInteger(n) ? Number(n.numerator) : Number.NaN
    if (Math.abs(exponent) > Rational.maxExponent || Number.isNaN(exponent))
      return E.left({
        _tag: "ExponentOutOfRange",
        exponent: Rational.show(n),
        bound: Rational.maxExponent,
      })
    return Rational.size(a) * Math.abs(exponent) > bound
      ? E.left({ _tag: "TooLarge", bound })
      : Rational.power(a, exponent)
  }
