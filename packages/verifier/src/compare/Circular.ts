/**
 * The trigonometric functions and their inverses on canonical forms.
 */
import type { FunctionName } from "../Expression.ts"
import * as Rational from "../Rational.ts"
import * as Atoms from "./Atoms.ts"
import type { Fuel } from "./Fuel.ts"
import type { Polynomial } from "./Polynomial.ts"
import * as P from "./Polynomial.ts"
import * as Power from "./Power.ts"
import * as Trigonometry from "./Trigonometry.ts"

type Form = Polynomial | undefined

/**
 * A function of a form.
 *
 * @category models
 * @since 0.1.0
 */
export type Unary = (p: Polynomial, fuel: Fuel) => Form

const minusOne = Rational.fromInteger(-1n)
const half = Rational.fromDecimal(5n, 1)

/** sin and cos: exact at multiples of π, else with the sign taken out of the argument. */
const circular =
  (name: "sin" | "cos") =>
  (p: Polynomial): Form => {
    const turns = Trigonometry.multipleOfPi(p)
    if (turns !== undefined) return name === "sin" ? Trigonometry.sine(turns) : Trigonometry.cosine(turns)
    const [content] = Power.split(p, true)
    const positive = content.numerator < 0n ? P.negate(p) : p
    const atom = P.fromAtom(Atoms.value(name, [positive]))
    return name === "sin" && positive !== p ? P.negate(atom) : atom
  }

const sine: Unary = circular("sin")
const cosine: Unary = circular("cos")

/**
 * The quotient of two functions.
 *
 * @category combinators
 * @since 0.1.0
 */
export const quotient =
  (above: Unary, below: Unary): Unary =>
  (p, fuel) => {
    const [a, b] = [above(p, fuel), below(p, fuel)]
    return a && b && Power.divide(a, b, fuel)
  }

const one: Unary = () => P.one

const arccosine: Unary = (p) => {
  const q = Trigonometry.arccosine(p)
  return q === undefined ? P.subtract(rightAngle, arcsineAtom(p)) : Trigonometry.piTimes(q)
}

const rightAngle = Trigonometry.piTimes(half)

/** An odd function of something, with the sign taken out. */
const oddAtom =
  (name: "arcsin" | "arctan") =>
  (p: Polynomial): Polynomial => {
    const negative = Power.split(p, true)[0].numerator < 0n
    const atom = P.fromAtom(Atoms.value(name, [negative ? P.negate(p) : p]))
    return negative ? P.negate(atom) : atom
  }

const arcsineAtom = oddAtom("arcsin")

const arcsine: Unary = (p) => {
  const q = Trigonometry.arccosine(p)
  return q === undefined ? arcsineAtom(p) : Trigonometry.piTimes(Rational.subtract(half, q))
}

const arctangent: Unary = (p) => {
  const q = Trigonometry.arctangent(p)
  return q === undefined ? oddAtom("arctan")(p) : Trigonometry.piTimes(q)
}

const ofReciprocal =
  (f: Unary): Unary =>
  (p, fuel) => {
    const inverse = Power.power(p, minusOne, fuel)
    return inverse && f(inverse, fuel)
  }

/**
 * The functions by name.
 *
 * @category combinators
 * @since 0.1.0
 */
export const functions: Readonly<Partial<Record<FunctionName, Unary>>> = {
  sin: sine,
  cos: cosine,
  tan: quotient(sine, cosine),
  cot: quotient(cosine, sine),
  sec: quotient(one, cosine),
  csc: quotient(one, sine),
  arcsin: arcsine,
  arccos: arccosine,
  arctan: arctangent,
  arccot: (p, fuel) => {
    const value = arctangent(p, fuel)
    return value && P.subtract(rightAngle, value)
  },
  arcsec: ofReciprocal(arccosine),
  arccsc: ofReciprocal(arcsine),
}
