/**
 * The canonical form of a scalar expression.
 *
 *     Expression  →  Polynomial          sound: equal forms are equal numbers, wherever both sides are defined
 *
 * "Wherever both are defined" is how answers with variables are meant: `(x² − 1)/(x − 1) = x + 1`, `√(1/n) = 1/√n`.
 *
 * `undefined` where an expression is no scalar, has no value (1/0), or costs more than the fuel: then others decide.
 */
import * as Rational from "../Rational.ts"
import type { Expression, Operator } from "../Expression.ts"
import * as Atoms from "./Atoms.ts"
import { isFormula, valuesOf } from "./Formula.ts"
import { type Fuel, spend } from "./Fuel.ts"
import * as Functions from "./Functions.ts"
import type { Polynomial } from "./Polynomial.ts"
import * as P from "./Polynomial.ts"
import * as Power from "./Power.ts"
import * as Logarithm from "./Logarithm.ts"
import * as Trigonometry from "./Trigonometry.ts"
import * as Syntax from "./Syntax.ts"
import * as Unit from "./Unit.ts"

/**
 * The canonical form.
 *
 * @category constructors
 * @since 0.1.0
 */
export const canonical = (expression: Expression, fuel: Fuel): Polynomial | undefined => {
  const result = spend(fuel, 300) ? canonicalNode(expression, fuel) : undefined
  if (result === undefined) return undefined
  const weight = P.weight(result)
  return weight <= maxWeight && spend(fuel, weight) ? result : undefined
}

/**
 * The longest form, in characters of its keys. A power of 10 names its exponent twice, for 2 and for 5: without a bound a
 * tower of n powers would be 2ⁿ long. Answers have a few hundred.
 */
const maxWeight = 20_000

const canonicalNode = (expression: Expression, fuel: Fuel): Polynomial | undefined => {
  const form = (e: Expression): Polynomial | undefined => canonical(e, fuel)
  if (!isFormula(expression)) return undefined
  switch (expression._tag) {
    case "Number":
      return P.constant(expression.value)
    case "InBase":
      return P.constant(expression.value)
    case "Constant":
      return constants[expression.name]
    case "Variable":
      return P.fromAtom(Atoms.variable(expression.name))
    case "Signed": {
      const operand = form(expression.operand)
      return operand && (expression.sign === "-" ? P.negate(operand) : operand)
    }
    case "Binary": {
      const left = form(expression.left)
      const right = left && form(expression.right)
      return left && right && operations[expression.operator](left, right, fuel)
    }
    case "Power": {
      const base = form(expression.base)
      const exponent = base && form(expression.exponent)
      if (base === undefined || exponent === undefined) return undefined
      return isEuler(expression.base)
        ? Logarithm.exponential(exponent, fuel)
        : Power.symbolicPower(base, exponent, fuel)
    }
    case "Percent": {
      const value = form(expression.value)
      return value && P.scale(Rational.fromDecimal(1n, 2), value)
    }
    case "Quantity": {
      const value = form(expression.value)
      return value && P.multiply(value, Unit.form(expression.unit), fuel)
    }
    case "Call": {
      const items = valuesOf(withoutIndex(expression.arguments), form)
      return items && P.fromAtom(Atoms.call(expression.name, items))
    }
    case "Apply": {
      const items = valuesOf(expression.arguments, form)
      return items && Functions.apply(expression.function, items, fuel)
    }
  }
}

const operations: Record<
  Operator,
  (left: Polynomial, right: Polynomial, fuel: Fuel) => Polynomial | undefined
> = {
  "+": P.addWithin,
  "-": (left, right, fuel) => P.addWithin(left, P.negate(right), fuel),
  "*": P.multiply,
  "/": Power.divide,
}

/** The arguments of a sum over k = 0, …, n, as scalars: the name of the index does not count. */
const withoutIndex = (items: ReadonlyArray<Expression>): ReadonlyArray<Expression> => {
  const [index, ...rest] = items
  if (index?._tag !== "Relation" || index.operators.join() !== "=") return items
  const [name, from] = index.operands
  if (name?._tag !== "Variable" || from === undefined) return items
  const rename = (e: Expression): Expression =>
    Syntax.mapNodes(e, (node) =>
      node._tag === "Variable" && node.name === name.name ? { ...node, name: "index" } : node,
    )
  return [from, ...rest.map(rename)]
}

const isEuler = (e: Expression): boolean => e._tag === "Constant" && e.name === "e"

const constants: Record<"pi" | "e" | "i" | "infinity", Polynomial | undefined> = {
  pi: Trigonometry.piTimes(Rational.one),
  e: P.fromAtom(Atoms.euler),
  i: P.fromAtom(Atoms.imaginary),
  infinity: undefined,
}
