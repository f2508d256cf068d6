/**
 * The value of an expression, enclosed: a rectangle that contains it, at a working precision of p bits.
 *
 *     value(e) ∈ enclose(e, p)          always;   width → 0 as p → ∞, where e is continuous
 *
 * `undefined` where e is no scalar, is not defined (1/0, ln 0), or where p bits do not tell (a divisor near 0).
 *
 * Conventions: an odd root of a negative real number is real (∛−8 = −2), all else is principal.
 */
import * as Make from "../Expression.ts"
import type { Expression, Operator } from "../Expression.ts"
import * as Rational from "../Rational.ts"
import * as Elementary from "./Elementary.ts"
import { apply, costOfFunction, exactInteger } from "./EncloseFunctions.ts"
import { isFormula, valuesOf } from "./Formula.ts"
import { type Fuel, spend } from "./Fuel.ts"
import * as Interval from "./Interval.ts"
import * as Rectangle from "./Rectangle.ts"

type R = Rectangle.Rectangle

// model

/**
 * What stands for the names, and where to compute: with `real`, nothing on the way may leave the real numbers.
 *
 * @category models
 * @since 0.1.0
 */
export interface Environment {
  /** The value of a variable, or of an unknown function's call. */
  readonly valueOf: (name: Expression) => Rational.Rational | undefined
  readonly real: boolean
}

/**
 * No names, complex numbers.
 *
 * @category constructors
 * @since 0.1.0
 */
export const closed: Environment = { valueOf: () => undefined, real: false }

// combinators

/**
 * The enclosure.
 *
 * @category combinators
 * @since 0.1.0
 */
export const enclose = (
  expression: Expression,
  p: number,
  fuel: Fuel,
  environment: Environment = closed,
): R | undefined => {
  if (!spend(fuel, 500 + p * 2)) return undefined
  const value = rectangle(expression, p, fuel, environment)
  return environment.real && value?.im !== undefined ? undefined : value
}

const rectangle = (
  expression: Expression,
  p: number,
  fuel: Fuel,
  environment: Environment,
): R | undefined => {
  const value = (e: Expression): R | undefined => enclose(e, p, fuel, environment)
  if (!isFormula(expression)) return undefined
  switch (expression._tag) {
    case "Number":
    case "InBase":
      return fromRational(expression.value, p)
    case "Constant":
      switch (expression.name) {
        case "pi":
          return { re: Interval.round(Elementary.pi(p), p) }
        case "e":
          return Rectangle.exp({ re: Interval.fromInteger(1n) }, p)
        case "i":
          return { re: Interval.zero, im: Interval.fromInteger(1n) }
        case "infinity":
          return undefined
      }
    case "Variable":
    case "Call": {
      const number = environment.valueOf(expression)
      return number && fromRational(number, p)
    }
    case "Signed": {
      const operand = value(expression.operand)
      return operand && (expression.sign === "-" ? Rectangle.negate(operand) : operand)
    }
    case "Binary": {
      const left = value(expression.left)
      const right = left && value(expression.right)
      return left && right && operations[expression.operator](left, right, p)
    }
    case "Power":
      return power(expression.base, expression.exponent, p, fuel, environment)
    case "Percent": {
      const number = value(expression.value)
      return number && Rectangle.divide(number, { re: Interval.fromInteger(100n) }, p)
    }
    case "Apply": {
      if (expression.function === "root") {
        const [degree, radicand] = expression.arguments
        if (degree === undefined || radicand === undefined) return undefined
        const k = rationalOf(degree)
        if (k === undefined) return power(radicand, Make.binary("/", one, degree), p, fuel, environment)
        if (k.numerator === 0n) return undefined
        const base = value(radicand)
        return base && rationalPower(base, reciprocal(k), p)
      }
      const items = valuesOf(expression.arguments, value)
      return items && apply(expression.function, items, p, fuel)
    }
    case "Quantity":
      return undefined
  }
}

const operations: Record<Operator, (left: R, right: R, p: number) => R | undefined> = {
  "+": Rectangle.add,
  "-": (left, right, p) => Rectangle.add(left, Rectangle.negate(right), p),
  "*": Rectangle.multiply,
  "/": Rectangle.divide,
}

/**
 * The sign of a real number, by intervals of rising precision; `undefined` where 512 bits do not tell, as for 0.
 *
 * @category combinators
 * @since 0.1.0
 */
export const signOf = (expression: Expression, fuel: Fuel): -1 | 0 | 1 | undefined => {
  for (const p of [64, 128, 512]) {
    const value = enclose(expression, p, fuel)
    if (value === undefined && p === 512) return undefined
    if (value?.im !== undefined) return undefined
    const sign = value && Interval.sign(value.re)
    if (sign !== undefined) return sign
  }
  return undefined
}

/**
 * The floor of a real number, where 512 bits tell it.
 *
 * @category combinators
 * @since 0.1.0
 */
export const floorOf = (expression: Expression, fuel: Fuel): bigint | undefined => {
  for (const p of [64, 512]) {
    const value = enclose(expression, p, fuel)
    if (value === undefined || value.im !== undefined || Interval.magnitude(value.re) > 4096) continue
    const [low, high] = Interval.floors(value.re)
    if (low === high) return low
  }
  return undefined
}

// numerics

const fromRational = (q: Rational.Rational, p: number): R => ({ re: Interval.fromRational(q, p) })

const one = Make.number(Rational.one)

const reciprocal = (q: Rational.Rational): Rational.Rational => Rational.Field.div(Rational.one, q)

/** The rational that an expression spells. */
const rationalOf = (e: Expression): Rational.Rational | undefined => {
  if (e._tag === "Number") return e.value
  if (e._tag === "Signed") {
    const value = rationalOf(e.operand)
    return value && (e.sign === "-" ? Rational.negate(value) : value)
  }
  if (e._tag === "Binary" && e.operator === "/") {
    const [left, right] = [rationalOf(e.left), rationalOf(e.right)]
    return left && right && right.numerator !== 0n ? Rational.Field.div(left, right) : undefined
  }
  return undefined
}

const power = (
  base: Expression,
  exponent: Expression,
  p: number,
  fuel: Fuel,
  environment: Environment,
): R | undefined => {
  const number =
    rationalOf(exponent) ??
    (exponent._tag === "Variable" || exponent._tag === "Call" ? environment.valueOf(exponent) : undefined)
  if (base._tag === "Constant" && base.name === "e") {
    const n = enclose(exponent, p, fuel, environment)
    return n && spend(fuel, costOfFunction(p)) ? Rectangle.exp(n, p) : undefined
  }
  const value = enclose(base, p, fuel, environment)
  if (value === undefined || !spend(fuel, costOfFunction(p))) return undefined
  if (number !== undefined && (Rational.isInteger(number) || isShort(number)))
    return spend(fuel, costOfRoot(Number(number.denominator), p))
      ? rationalPower(value, number, p)
      : undefined
  const n = enclose(exponent, p, fuel, environment)
  if (n === undefined) return undefined
  const integer = exactInteger(n)
  if (integer !== undefined) return Rectangle.integerPower(value, integer, p)
  const logarithm = Rectangle.ln(value, p)
  return logarithm && Rectangle.exp(Rectangle.multiply(n, logarithm, p), p)
}

/** The k-th root at p bits is taken of an integer of kp bits: some six products of that length, for each end of an interval. */
const costOfRoot = (k: number, p: number): number => (k <= 2 ? 0 : 3000 + (k * p) ** 2 / 300)

const isShort = (q: Rational.Rational): boolean => q.denominator <= 64n && Rational.size(q) < 12

const rationalPower = (base: R, q: Rational.Rational, p: number): R | undefined => {
  const [n, d] = [Number(q.numerator), Number(q.denominator)]
  if (Math.abs(n) > 2 ** 40 || d > 2 ** 20) return undefined
  if (n < 0) {
    const opposite = rationalPower(base, Rational.negate(q), p)
    return opposite && Rectangle.divide({ re: Interval.fromInteger(1n) }, opposite, p)
  }
  const root = d === 1 ? base : d === 2 ? Rectangle.squareRoot(base, p) : oddRoot(base, d, p)
  return root && Rectangle.integerPower(root, n, p)
}

const oddRoot = (base: R, d: number, p: number): R | undefined => {
  const sign = base.im === undefined ? Interval.sign(base.re) : undefined
  if (sign === 0) return base
  if (d <= 64 && (sign === 1 || (sign === -1 && d % 2 === 1))) {
    const root = Interval.root(sign === 1 ? base.re : Interval.negate(base.re), d, p)
    return root && { re: sign === 1 ? root : Interval.negate(root) }
  }
  const logarithm = Rectangle.ln(base, p)
  return (
    logarithm &&
    Rectangle.exp(Rectangle.multiply(logarithm, fromRational(reciprocal(Rational.fromInteger(d)), p), p), p)
  )
}
