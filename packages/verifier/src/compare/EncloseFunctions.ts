/**
 * The functions of the syntax on enclosures.
 */
import type { FunctionName } from "../Expression.ts"
import * as Elementary from "./Elementary.ts"
import { type Fuel, spend } from "./Fuel.ts"
import * as Interval from "./Interval.ts"
import * as Rectangle from "./Rectangle.ts"

type R = Rectangle.Rectangle

/**
 * The integer that an interval of width 0 is.
 *
 * @category destructors
 * @since 0.1.0
 */
export const exactInteger = ({ re, im }: R): number | undefined => {
  if (im !== undefined || re.low !== re.high || Interval.magnitude(re) > 50) return undefined
  const n = Number(re.low) * 2 ** re.exponent
  return Number.isInteger(n) ? n : undefined
}

const one: R = { re: Interval.fromInteger(1n) }

type Unary = (x: R, p: number) => R | undefined

const overReals =
  (f: (x: Interval.Interval, p: number) => Interval.Interval | undefined): Unary =>
  (x, p) => {
    if (x.im !== undefined) return undefined
    const value = f(x.re, p)
    return value && { re: value }
  }

const cosine: Unary = overReals((x, p) => Elementary.cosSin(x, p)?.[0])
const sine: Unary = overReals((x, p) => Elementary.cosSin(x, p)?.[1])
const arctangent: Unary = overReals(Elementary.arctan)

/** arcsin x = 2 arctan(x / (1 + √(1 − x²))) */
const arcsine: Unary = (x, p) => {
  if (x.im !== undefined) return undefined
  const rest = Interval.subtract(Interval.fromInteger(1n), Interval.square(x.re, p), p)
  const root = Interval.root(rest, 2, p)
  const slope = root && Interval.divide(x.re, Interval.add(Interval.fromInteger(1n), root, p), p)
  const half = slope && Elementary.arctan(slope, p)
  return half && { re: { ...half, exponent: half.exponent + 1 } }
}

const quotient =
  (above: Unary, below: Unary): Unary =>
  (x, p) => {
    const [a, b] = [above(x, p), below(x, p)]
    return a && b && Rectangle.divide(a, b, p)
  }

/** π/2 − f(x) */
const complement =
  (f: Unary): Unary =>
  (x, p) => {
    const value = f(x, p)
    const pi = Elementary.pi(p)
    return value && Rectangle.add({ re: { ...pi, exponent: pi.exponent - 1 } }, Rectangle.negate(value), p)
  }

const ofReciprocal =
  (f: Unary): Unary =>
  (x, p) => {
    const inverse = Rectangle.divide(one, x, p)
    return inverse && f(inverse, p)
  }

/** (e^x ± e^{−x})/2 */
const hyperbolic =
  (minus: boolean): Unary =>
  (x, p) => {
    const [a, b] = [Rectangle.exp(x, p), Rectangle.exp(Rectangle.negate(x), p)]
    const sum = a && b && Rectangle.add(a, minus ? Rectangle.negate(b) : b, p)
    return sum && Rectangle.divide(sum, { re: Interval.fromInteger(2n) }, p)
  }

const always =
  (value: R): Unary =>
  () =>
    value

const unary: Partial<Record<FunctionName, Unary>> = {
  sqrt: Rectangle.squareRoot,
  ln: Rectangle.ln,
  exp: Rectangle.exp,
  abs: Rectangle.absolute,
  sin: sine,
  cos: cosine,
  tan: quotient(sine, cosine),
  cot: quotient(cosine, sine),
  sec: quotient(always(one), cosine),
  csc: quotient(always(one), sine),
  arcsin: arcsine,
  arccos: complement(arcsine),
  arctan: arctangent,
  arccot: complement(arctangent),
  arcsec: ofReciprocal(complement(arcsine)),
  arccsc: ofReciprocal(arcsine),
  sinh: hyperbolic(true),
  cosh: hyperbolic(false),
  tanh: quotient(hyperbolic(true), hyperbolic(false)),
  real: (x) => ({ re: x.re }),
  imaginary: (x) => ({ re: x.im ?? Interval.zero }),
  conjugate: (x) => (x.im === undefined ? x : { re: x.re, im: Interval.negate(x.im) }),
  degrees: (x, p) =>
    Rectangle.divide(
      Rectangle.multiply(x, { re: Elementary.pi(p) }, p),
      { re: Interval.fromInteger(180n) },
      p,
    ),
}

/**
 * The value of a function.
 *
 * @category combinators
 * @since 0.1.0
 */
export const apply = (name: FunctionName, items: ReadonlyArray<R>, p: number, fuel: Fuel): R | undefined => {
  const [first, second] = items
  if (first === undefined || !spend(fuel, costOfFunction(p))) return undefined
  if (name === "log" && second !== undefined) {
    const [below, above] = [Rectangle.ln(first, p), Rectangle.ln(second, p)]
    return below && above && Rectangle.divide(above, below, p)
  }
  if (name === "factorial" || name === "binomial") return combinatorial(name, items, p, fuel)
  if (name === "floor" || name === "ceiling") {
    if (first.im !== undefined || Interval.magnitude(first.re) > 4096) return undefined
    const [low, high] = Interval.floors(name === "floor" ? first.re : Interval.negate(first.re))
    return low === high ? { re: Interval.fromInteger(name === "floor" ? low : -low) } : undefined
  }
  if (name === "min" || name === "max") return extreme(name, items, p)
  return unary[name]?.(first, p)
}

/** A root or a series at p bits: some p/8 terms of p/64 words, and the work around them. */
export const costOfFunction = (p: number): number => 2000 + p * 20 + (p * p) / 100

const combinatorial = (
  name: "factorial" | "binomial",
  items: ReadonlyArray<R>,
  p: number,
  fuel: Fuel,
): R | undefined => {
  const [n, k] = items.map(exactInteger)
  const [from, count] = name === "factorial" ? [n, n] : [n, k]
  if (from === undefined || count === undefined || count < 0 || count > 5000) return undefined
  if (!spend(fuel, count * (100 + p))) return undefined
  let result = Interval.fromInteger(1n)
  for (let j = 0; j < count; j++)
    result = Interval.multiply(result, Interval.fromInteger(BigInt(from - j)), p)
  if (name === "factorial") return from < 0 ? undefined : { re: result }
  for (let j = 2; j <= count; j++) {
    const next = Interval.divide(result, Interval.fromInteger(BigInt(j)), p)
    if (next === undefined) return undefined
    result = next
  }
  return { re: result }
}

const extreme = (name: "min" | "max", items: ReadonlyArray<R>, p: number): R | undefined => {
  let [best, ...rest] = items
  for (const item of rest) {
    if (best === undefined || best.im !== undefined || item.im !== undefined) return undefined
    const sign = Interval.sign(Interval.subtract(item.re, best.re, p))
    if (sign === undefined) return undefined
    if (name === "max" ? sign > 0 : sign < 0) best = item
  }
  return best
}
