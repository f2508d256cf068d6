/**
 * Everything about an expression is read off its reverse Polish notation, so nothing here recurses on the structure and
 * nothing can overflow the call stack, however deep an expression is.
 */
import { match } from "../internal/match.ts"
import type { Rational } from "../Rational.ts"
import type { Expression } from "./model.ts"

/**
 * The expressions that a node is made of, in the order of the text.
 *
 * @category destructors
 * @since 0.1.0
 */
export const operandsOf: (node: Expression) => ReadonlyArray<Expression> = match<
  Expression,
  ReadonlyArray<Expression>
>({
  Number: () => none,
  Constant: () => none,
  Variable: () => none,
  Signed: ({ operand }) => [operand],
  Binary: ({ left, right }) => [left, right],
  Power: ({ base, exponent }) => [base, exponent],
  Apply: (node) => node.arguments,
  Call: (node) => node.arguments,
  PlusMinus: ({ left, right }) => (left === undefined ? [right] : [left, right]),
  Percent: ({ value }) => [value],
  Quantity: ({ value }) => [value],
  InBase: () => none,
  Time: () => none,
  Tuple: ({ items }) => items,
  List: ({ items }) => items,
  Set: ({ items }) => items,
  SetBuilder: ({ element, conditions }) => [element, ...conditions],
  NamedSet: () => none,
  SetOperation: ({ left, right }) => [left, right],
  Relation: ({ operands }) => operands,
  Matrix: ({ rows }) => rows.flat(),
  Ellipsis: () => none,
  Text: () => none,
  Choice: () => none,
})

const none: ReadonlyArray<Expression> = []

/**
 * The nodes in reverse Polish notation: operands in the order of the text, each node after its operands.
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
    for (const operand of operandsOf(node)) pending.push(operand)
  }
  return reversed.toReversed()
}

/**
 * The numbers of an expression, in the order of the text.
 *
 * ```ts import.meta.vitest
 * import { Expression, Parse, Rational } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * const numbers = E.map((e: Expression.Expression) => Expression.numbersOf(e).map(Rational.show))
 * numbers(Parse.arithmetic("2*8+(5-0.5)")) // => E.right(["2", "8", "5", "1/2"])
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const numbersOf = (expression: Expression): ReadonlyArray<Rational> =>
  nodesOf(expression).flatMap((node) => (node._tag === "Number" ? [node.value] : []))

/**
 * What a node means, given the meanings of its operands (those of `operandsOf`, in that order).
 *
 * @category models
 * @since 0.1.0
 */
export type Algebra<A> = (node: Expression, operands: ReadonlyArray<A>) => A

/**
 * The meaning of an expression in an algebra: one pass over its reverse Polish notation.
 *
 * ```ts import.meta.vitest
 * import { Expression, Parse } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * const depth = Expression.fold<number>((_, operands) => 1 + Math.max(0, ...operands))
 * E.map(depth)(Parse.arithmetic("1+2*3")) // => E.right(3)
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const fold =
  <A>(algebra: Algebra<A>) =>
  (expression: Expression): A => {
    const stack: Array<A> = []
    for (const node of nodesOf(expression)) {
      const count = operandsOf(node).length
      const operands = count === 0 ? [] : stack.splice(stack.length - count, count)
      stack.push(algebra(node, operands))
    }
    return stack.pop() as A // there by the order of `nodesOf`
  }
