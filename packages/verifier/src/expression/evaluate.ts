/**
 * The exact value of arithmetic: `Number`, `Signed`, `Binary` and `Power` over the rationals.
 *
 *     value(a ∘ b) = value(a) ∘ value(b)
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { match } from "../internal/match.ts"
import * as Limits from "../Limits.ts"
import * as Rational from "../Rational.ts"
import { type Algebra, fold } from "./fold.ts"
import type { Expression, Operator } from "./model.ts"

// model

/**
 * An expression has a part that is not arithmetic over the rationals: a variable, a root, a set, …
 *
 * @category models
 * @since 0.1.0
 */
export interface NotArithmetic {
  readonly _tag: "NotArithmetic"
  /** The kind of the first such node. */
  readonly node: Expression["_tag"]
}

/**
 * Why an expression has no value.
 *
 * @category models
 * @since 0.1.0
 */
export type EvaluationError =
  Rational.DivisionByZero | Rational.ExponentOutOfRange | Limits.TooLarge | NotArithmetic

// destructors

/**
 * The exact value of an expression.
 *
 * ```ts import.meta.vitest
 * import { Expression, Parse, Rational } from "@rapo/verifier"
 * import { flow } from "fp-ts/lib/function.js"
 * import * as E from "fp-ts/lib/Either.js"
 * const value = flow(Parse.arithmetic, E.chainW(Expression.evaluate()), E.map(Rational.show))
 * value("1/3 + 1/6") // => E.right("1/2")
 * value("1/(2-2)") // => E.left({ _tag: "DivisionByZero" })
 * Expression.evaluate()(Expression.variable("x")) // => E.left({ _tag: "NotArithmetic", node: "Variable" })
 * ```
 *
 * **Fails with** `DivisionByZero`; `ExponentOutOfRange` where an exponent is no small integer; `TooLarge` where a number
 * on the way needs more than `bound` bits; `NotArithmetic` where a part is not rational arithmetic.
 *
 * @category destructors
 * @since 0.1.0
 */
export const evaluate = (
  bound: number = Limits.defaultLimits.maxBits,
): ((expression: Expression) => Either<EvaluationError, Rational.Rational>) => fold(meaning(bound))

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
  NotArithmetic: ({ node }) => `it holds a ${node}, which is not arithmetic`,
})

// numerics

type Value = Either<EvaluationError, Rational.Rational>

const meaning =
  (bound: number): Algebra<Value> =>
  (node, operands) => {
    const failed = operands.find(E.isLeft)
    if (failed !== undefined) return failed
    const [a = Rational.zero, b = Rational.zero] = operands.map(E.getOrElse(() => Rational.zero))
    if (node._tag === "Number") return held(bound)(node.value)
    if (node._tag === "Signed") return E.right(node.sign === "-" ? Rational.negate(a) : a)
    if (node._tag === "Binary") return E.chain(held(bound))(operations[node.operator](a, b))
    return node._tag === "Power"
      ? boundedPower(bound)(a, b)
      : E.left({ _tag: "NotArithmetic", node: node._tag })
  }

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
