/**
 * The atoms of canonical forms, and forms as expressions.
 */
import type { Expression, FunctionName } from "../Expression.ts"
import * as Rational from "../Rational.ts"
import type { Atom, Polynomial, Term } from "./Polynomial.ts"
import * as P from "./Polynomial.ts"

// constructors

const number = (value: Rational.Rational): Expression => ({ _tag: "Number", value })

const apply = (name: FunctionName, ...items: ReadonlyArray<Expression>): Expression => ({
  _tag: "Apply",
  function: name,
  arguments: items,
})

/** @category constructors */
export const imaginary: Atom = {
  key: "i",
  kind: { _tag: "Imaginary" },
  expression: { _tag: "Constant", name: "i" },
}

/** @category constructors */
export const pi: Atom = { key: "π", kind: { _tag: "Pi" }, expression: { _tag: "Constant", name: "pi" } }

/** @category constructors */
export const euler: Atom = { key: "e", kind: { _tag: "Euler" }, expression: { _tag: "Constant", name: "e" } }

/** @category constructors */
export const variable = (name: string): Atom => ({
  key: `x:${name}`,
  kind: { _tag: "Variable" },
  expression: { _tag: "Variable", name },
})

/** @category constructors */
export const prime = (p: bigint): Atom => ({
  key: `√${p}`,
  kind: { _tag: "Prime", prime: p },
  expression: number(Rational.fromInteger(p)),
})

/** @category constructors */
export const logarithm = (p: bigint): Atom => ({
  key: `ln${p}`,
  kind: { _tag: "Logarithm", prime: p },
  expression: apply("ln", number(Rational.fromInteger(p))),
})

/** @category constructors */
export const sum = (base: Polynomial): Atom => ({
  key: `(${P.keyOf(base)})`,
  kind: { _tag: "Sum", base },
  expression: toExpression(base),
})

/** @category constructors */
export const power = (base: Polynomial, exponent: Polynomial): Atom => ({
  key: `[${P.keyOf(base)}^${P.keyOf(exponent)}]`,
  kind: { _tag: "Power", base, exponent },
  expression: { _tag: "Power", base: toExpression(base), exponent: toExpression(exponent) },
})

/**
 * The value of a function at canonical arguments.
 *
 * @category constructors
 * @since 0.1.0
 */
export const value = (
  name: FunctionName,
  items: ReadonlyArray<Polynomial>,
  positive: boolean = false,
): Atom => ({
  key: `${name}(${items.map(P.keyOf).join()})`,
  kind: { _tag: "Value", positive, closed: items.every(P.isClosed) },
  expression: apply(name, ...items.map(toExpression)),
})

/** The absolute value of a form of unknown sign. */
export const absolute = (p: Polynomial): Atom => {
  const atom = value("abs", [p], true)
  return { ...atom, kind: { _tag: "Value", positive: true, closed: P.isClosed(p), absoluteOf: p } }
}

/**
 * cos(qπ) for 0 < q < 1/2 where no root of rationals is known for it.
 *
 * @category constructors
 * @since 0.1.0
 */
export const cosine = (turns: Rational.Rational): Atom => {
  const angle = P.fromTerm({ coefficient: turns, factors: [{ atom: pi, exponent: Rational.one }] })
  return {
    key: `cos(${P.keyOf(angle)})`,
    kind: { _tag: "Value", positive: true, closed: true, cosineOf: turns },
    expression: apply("cos", toExpression(angle)),
  }
}

/** @category constructors */
export const call = (name: string, items: ReadonlyArray<Polynomial>): Atom => ({
  key: `call ${name}(${items.map(P.keyOf).join()})`,
  kind: { _tag: "Value", positive: false, closed: false },
  expression: { _tag: "Call", name, arguments: items.map(toExpression) },
})

// refinements

/**
 * Whether the atom is a nonnegative real number, whatever its variables are.
 *
 * @category refinements
 * @since 0.1.0
 */
export const isPositive = ({ kind }: Atom): boolean => {
  switch (kind._tag) {
    case "Pi":
    case "Euler":
    case "Prime":
    case "Logarithm":
      return true
    case "Value":
      return kind.positive
    case "Power": {
      const base = P.onlyTerm(kind.base)
      return (
        base !== undefined &&
        base.coefficient.numerator > 0n &&
        base.factors.every((f) => isPositive(f.atom)) &&
        isReal(kind.exponent)
      )
    }
    case "Variable":
    case "Imaginary":
    case "Sum":
      return false
  }
}

/**
 * Whether nothing in a form says that it is not real.
 *
 * @category refinements
 * @since 0.1.0
 */
export const isReal = (p: Polynomial): boolean => {
  for (const { kind } of P.atomsOf(p)) {
    if (kind._tag === "Imaginary") return false
    if (kind._tag === "Sum" && !isReal(kind.base)) return false
    if (kind._tag === "Power" && !(isReal(kind.base) && isReal(kind.exponent))) return false
  }
  return true
}

// destructors

/**
 * The expression that a form is the normal form of.
 *
 * @category destructors
 * @since 0.1.0
 */
export const toExpression = (p: Polynomial): Expression => {
  let sum: Expression | undefined
  for (const term of p.values()) {
    const part = termExpression(term)
    sum = sum === undefined ? part : { _tag: "Binary", operator: "+", left: sum, right: part }
  }
  return sum ?? number(Rational.zero)
}

const termExpression = ({ coefficient, factors }: Term): Expression => {
  let result = number(coefficient)
  for (const { atom, exponent } of factors) {
    const factor: Expression = Rational.Eq.equals(exponent, Rational.one)
      ? atom.expression
      : { _tag: "Power", base: atom.expression, exponent: number(exponent) }
    result = { _tag: "Binary", operator: "*", left: result, right: factor }
  }
  return result
}
