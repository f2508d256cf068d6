/**
 * The functions of the syntax on canonical forms: exact values where they are known, atoms where not.
 */
import * as Expression from "../Expression.ts"
import * as Rational from "../Rational.ts"
import * as Atoms from "./Atoms.ts"
import * as Circular from "./Circular.ts"
import * as Enclose from "./Enclose.ts"
import { type Fuel, spend } from "./Fuel.ts"
import * as Integers from "./Integers.ts"
import * as Logarithm from "./Logarithm.ts"
import type { Polynomial, Term } from "./Polynomial.ts"
import * as P from "./Polynomial.ts"
import * as Power from "./Power.ts"
import * as Trigonometry from "./Trigonometry.ts"

type Form = Polynomial | undefined
type Q = Rational.Rational

// combinators

/**
 * The value of a function.
 *
 * @category combinators
 * @since 0.1.0
 */
export const apply = (name: Expression.FunctionName, items: ReadonlyArray<Polynomial>, fuel: Fuel): Form => {
  const [first, second] = items
  if (first === undefined) return undefined
  if (second !== undefined || name === "min" || name === "max") return several(name, items, fuel)
  return (unary[name] ?? (() => P.fromAtom(Atoms.value(name, items))))(first, fuel)
}

// numerics

const half = Rational.fromDecimal(5n, 1)
const degree = Rational.Field.div(Rational.one, Rational.fromInteger(180n))

const several = (name: Expression.FunctionName, items: ReadonlyArray<Polynomial>, fuel: Fuel): Form => {
  const [first = P.zero, second = P.zero] = items
  const symbol = (): Polynomial => P.fromAtom(Atoms.value(name, items))
  if (name === "root") {
    const degree = P.rationalOf(first)
    if (degree === undefined || degree.numerator === 0n) return undefined
    return Power.power(second, Rational.Field.div(Rational.one, degree), fuel)
  }
  if (name === "log") {
    const [base, argument] = [Logarithm.ln(first, fuel), Logarithm.ln(second, fuel)]
    return base && argument && Power.divide(argument, base, fuel)
  }
  if (name === "binomial") return binomial(first, P.rationalOf(second), fuel) ?? symbol()
  if (name === "min" || name === "max") return extreme(name, items, fuel) ?? symbol()
  if (name !== "gcd" && name !== "lcm" && name !== "mod") return symbol()
  const numbers = items.map(P.rationalOf)
  if (!numbers.every((n): n is Q => n !== undefined && Rational.isInteger(n))) return symbol()
  const values = numbers.map((n) => n.numerator)
  const size = values.reduce((sum, n) => sum + 100 * Integers.bits(n), 0)
  const value = spend(fuel, size) ? integerFunctions[name](values) : undefined
  return value === undefined ? undefined : P.constant(Rational.fromInteger(value))
}

const integerFunctions: Record<"gcd" | "lcm" | "mod", (values: ReadonlyArray<bigint>) => bigint | undefined> =
  {
    gcd: (values) => values.reduce(Integers.gcd, 0n),
    lcm: (values) =>
      values.reduce((a, b) => (a === 0n || b === 0n ? 0n : (a / Integers.gcd(a, b)) * Integers.abs(b)), 1n),
    mod: ([a = 0n, b = 0n]) => (b === 0n ? undefined : ((a % b) + b) % b),
  }

/** C(x, k) = x (x − 1) ⋯ (x − k + 1) / k! for a small natural k and any x. */
const binomial = (x: Polynomial, k: Q | undefined, fuel: Fuel): Form => {
  if (k === undefined || !Rational.isInteger(k)) return undefined
  const n = P.rationalOf(x)
  const natural = n !== undefined && Rational.isInteger(n) && n.numerator >= 0n
  if (k.numerator < 0n || (natural && k.numerator > n.numerator)) return P.zero
  const count = natural && k.numerator * 2n > n.numerator ? n.numerator - k.numerator : k.numerator
  if (count > (n === undefined ? 20n : 2000n)) return undefined
  // the j-th product has j times the bits of x, and is reduced
  const steps = Number(count)
  if (!spend(fuel, steps * (500 + (steps * (n === undefined ? 0 : Rational.size(n))) / 10))) return undefined
  let result: Form = P.one
  for (let j = 0n; j < count && result !== undefined; j++)
    result = P.multiply(
      result,
      P.scale(
        Rational.Field.div(Rational.one, Rational.fromInteger(j + 1n)),
        P.subtract(x, P.constant(Rational.fromInteger(j))),
      ),
      fuel,
    )
  return result
}

const extreme = (name: "min" | "max", items: ReadonlyArray<Polynomial>, fuel: Fuel): Form => {
  let [best, ...rest] = items
  for (const item of rest) {
    if (best === undefined) return undefined
    const sign = signOf(P.subtract(item, best), fuel)
    if (sign === undefined) return undefined
    if (name === "max" ? sign > 0 : sign < 0) best = item
  }
  return best
}

/** The sign of a real constant, certified. */
const signOf = (p: Polynomial, fuel: Fuel): -1 | 0 | 1 | undefined => {
  const number = P.rationalOf(p)
  if (number !== undefined) return number.numerator > 0n ? 1 : number.numerator < 0n ? -1 : 0
  return P.isClosed(p) ? Enclose.signOf(Atoms.toExpression(p), fuel) : undefined
}

const absolute = (p: Polynomial, fuel: Fuel): Form => {
  const sign = signOf(p, fuel)
  if (sign !== undefined) return sign < 0 ? P.negate(p) : p
  const parts = cartesian(p)
  if (parts !== undefined && !P.isZero(parts[1]) && P.isClosed(p)) {
    const [x, y] = [P.multiply(parts[0], parts[0], fuel), P.multiply(parts[1], parts[1], fuel)]
    return x && y && Power.squareRoot(P.add(x, y), fuel)
  }
  const term = P.onlyTerm(p)
  return term === undefined ? absoluteOfSum(p) : absoluteOfTerm(term, fuel)
}

const magnitudeOf = (q: Q): Q => (q.numerator < 0n ? Rational.negate(q) : q)

/** |c P| = |c| · |P| */
const absoluteOfSum = (p: Polynomial): Polynomial => {
  const [content, primitive] = Power.split(p, true)
  return P.scale(magnitudeOf(content), P.fromAtom(Atoms.absolute(primitive)))
}

/** |c Π a^q| = |c| Π |a|^q, and |x|^{2k} = x^{2k}. */
const absoluteOfTerm = ({ coefficient, factors }: Term, fuel: Fuel): Form =>
  P.product(
    [
      P.constant(magnitudeOf(coefficient)),
      ...factors.map(({ atom, exponent }) => {
        if (atom.kind._tag === "Imaginary") return P.one
        const even = Rational.isInteger(exponent) && exponent.numerator % 2n === 0n
        return Atoms.isPositive(atom) || even
          ? P.fromAtom(atom, exponent)
          : P.fromAtom(Atoms.absolute(P.fromAtom(atom)), exponent)
      }),
    ],
    fuel,
  )

/** The real and the imaginary part of a form whose atoms but for i are real constants. */
const cartesian = (p: Polynomial): readonly [Polynomial, Polynomial] | undefined => {
  let [re, im] = [P.zero, P.zero]
  for (const { coefficient, factors } of p.values()) {
    const rest = factors.filter(({ atom }) => atom.kind._tag !== "Imaginary")
    if (!rest.every(({ atom }) => Atoms.isPositive(atom) || isRealSum(atom))) return undefined
    const part = P.fromTerm({ coefficient, factors: rest })
    if (rest.length === factors.length) re = P.add(re, part)
    else im = P.add(im, part)
  }
  return [re, im]
}

/** A power of a positive real sum: real, whatever the exponent. */
const isRealSum = (atom: P.Atom): boolean =>
  atom.kind._tag === "Sum" &&
  P.isClosed(atom.kind.base) &&
  Atoms.isReal(atom.kind.base) &&
  Array.from(atom.kind.base.values()).every(
    ({ coefficient, factors }) =>
      coefficient.numerator > 0n && factors.every((f) => Atoms.isPositive(f.atom)),
  )

const floor = (p: Polynomial, fuel: Fuel): Form => {
  const number = P.rationalOf(p)
  const value =
    number !== undefined
      ? P.floor(number)
      : P.isClosed(p)
        ? Enclose.floorOf(Atoms.toExpression(p), fuel)
        : undefined
  return value === undefined ? P.fromAtom(Atoms.value("floor", [p])) : P.constant(Rational.fromInteger(value))
}

const factorial = (p: Polynomial, fuel: Fuel): Form => {
  const n = P.rationalOf(p)
  if (n === undefined || !Rational.isInteger(n)) return P.fromAtom(Atoms.value("factorial", [p]))
  if (n.numerator < 0n) return undefined
  if (n.numerator > 3000n) return P.fromAtom(Atoms.value("factorial", [p]))
  const count = Number(n.numerator)
  if (!spend(fuel, count * (100 + count / 4))) return undefined
  let value = 1n
  for (let k = 2n; k <= n.numerator; k++) value *= k
  return P.constant(Rational.fromInteger(value))
}

type Unary = Circular.Unary

/** (e^x ± e^{−x})/2 */
const hyperbolic =
  (minus: boolean): Unary =>
  (p, fuel) => {
    const [a, b] = [Logarithm.exponential(p, fuel), Logarithm.exponential(P.negate(p), fuel)]
    return a && b && P.scale(half, minus ? P.subtract(a, b) : P.add(a, b))
  }

const part =
  (name: "real" | "imaginary" | "conjugate"): Unary =>
  (p, fuel) => {
    const parts = cartesian(p)
    if (parts === undefined) return P.fromAtom(Atoms.value(name, [p]))
    if (name !== "conjugate") return parts[name === "real" ? 0 : 1]
    const rotated = P.multiply(P.fromAtom(Atoms.imaginary), parts[1], fuel)
    return rotated && P.subtract(parts[0], rotated)
  }

const unary: Partial<Record<Expression.FunctionName, Unary>> = {
  sqrt: Power.squareRoot,
  ln: Logarithm.ln,
  exp: Logarithm.exponential,
  abs: absolute,
  floor,
  ceiling: (p, fuel) => {
    const value = floor(P.negate(p), fuel)
    return value && P.negate(value)
  },
  factorial,
  ...Circular.functions,
  sinh: hyperbolic(true),
  cosh: hyperbolic(false),
  tanh: Circular.quotient(hyperbolic(true), hyperbolic(false)),
  real: part("real"),
  imaginary: part("imaginary"),
  conjugate: part("conjugate"),
  degrees: (p, fuel) => P.multiply(p, Trigonometry.piTimes(degree), fuel),
}
