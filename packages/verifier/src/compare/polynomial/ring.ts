/**
 * The ring of canonical forms, with the atoms' relations applied as soon as a product shows them.
 */
import * as E from "fp-ts/lib/Either.js"
import * as Rational from "../../Rational.ts"
import { cost, type Fuel, spend } from "../Fuel.ts"
import {
  type Factor,
  floor,
  fromTerm,
  keyOfFactors,
  type Kind,
  maxTerms,
  one,
  type Polynomial,
  type Term,
  zero,
} from "./model.ts"

// combinators

/** @category combinators */
export const add = (p: Polynomial, q: Polynomial): Polynomial => {
  if (p.size === 0) return q
  if (q.size === 0) return p
  const sum = new Map(p)
  for (const [key, term] of q) accumulate(sum, key, term)
  return sum
}

/** @category combinators */
export const scale = (c: Rational.Rational, p: Polynomial): Polynomial => {
  if (c.numerator === 0n) return zero
  const scaled = new Map<string, Term>()
  for (const [key, { coefficient, factors }] of p)
    scaled.set(key, { coefficient: Rational.multiply(c, coefficient), factors })
  return scaled
}

/** @category combinators */
export const negate = (p: Polynomial): Polynomial => scale(minusOne, p)

/**
 * The sum, where there is fuel for its coefficients.
 *
 * @category combinators
 * @since 0.1.0
 */
export const addWithin = (p: Polynomial, q: Polynomial, fuel: Fuel): Polynomial | undefined => {
  const [few, many] = p.size < q.size ? [p, q] : [q, p]
  let size = 200 * many.size
  for (const [key, { coefficient }] of few) {
    const other = many.get(key)
    if (other !== undefined) size += cost(coefficient, other.coefficient)
  }
  return spend(fuel, size) ? add(p, q) : undefined
}

/** @category combinators */
export const subtract = (p: Polynomial, q: Polynomial): Polynomial => add(p, negate(q))

/** @category combinators */
export const multiply = (p: Polynomial, q: Polynomial, fuel: Fuel): Polynomial | undefined => {
  const product = new Map<string, Term>()
  for (const a of p.values())
    for (const b of q.values()) {
      const size = 3000 + 300 * (a.factors.length + b.factors.length) + 2 * cost(a.coefficient, b.coefficient)
      if (!spend(fuel, size)) return undefined
      const term = multiplyTerms(a, b)
      const sums = term.factors.filter(isExpandable)
      if (sums.length === 0) {
        const key = keyOfFactors(term.factors)
        if (!spend(fuel, key.length)) return undefined
        accumulate(product, key, term)
      } else {
        const expanded = expand(term, sums, fuel)
        if (expanded === undefined) return undefined
        for (const [key, part] of expanded) accumulate(product, key, part)
      }
      if (product.size > maxTerms) return undefined
    }
  return product
}

/**
 * The power with a natural exponent, by squaring.
 *
 * @category combinators
 * @since 0.1.0
 */
export const naturalPower = (p: Polynomial, n: number, fuel: Fuel): Polynomial | undefined => {
  let result: Polynomial | undefined = one
  let square: Polynomial | undefined = p
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, square, fuel)
    if (result === undefined) return undefined
    if (rest > 1) square = multiply(square, square, fuel)
    if (square === undefined) return undefined
  }
  return result
}

/**
 * The product of several forms.
 *
 * @category combinators
 * @since 0.1.0
 */
export const product = (parts: Iterable<Polynomial | undefined>, fuel: Fuel): Polynomial | undefined => {
  let result: Polynomial = one
  for (const part of parts) {
    if (part === undefined) return undefined
    const next = multiply(result, part, fuel)
    if (next === undefined) return undefined
    result = next
  }
  return result
}

// numerics

const minusOne = Rational.fromInteger(-1n)

const accumulate = (sum: Map<string, Term>, key: string, term: Term): void => {
  const known = sum.get(key)
  if (known === undefined) {
    sum.set(key, term)
    return
  }
  const coefficient = Rational.add(known.coefficient, term.coefficient)
  if (coefficient.numerator === 0n) sum.delete(key)
  else sum.set(key, { coefficient, factors: known.factors })
}

/** The product of two terms, with the relations of primes and of i applied. */
const multiplyTerms = (a: Term, b: Term): Term => {
  const coefficient = Rational.multiply(a.coefficient, b.coefficient)
  if (a.factors.length === 0) return { coefficient, factors: b.factors }
  if (b.factors.length === 0) return { coefficient, factors: a.factors }
  let scaled = coefficient
  const factors: Array<Factor> = []
  let [i, j] = [0, 0]
  while (i < a.factors.length || j < b.factors.length) {
    const [x, y] = [a.factors[i], b.factors[j]]
    if (x !== undefined && (y === undefined || x.atom.key < y.atom.key)) {
      factors.push(x)
      i++
    } else if (y !== undefined && (x === undefined || y.atom.key < x.atom.key)) {
      factors.push(y)
      j++
    } else if (x !== undefined && y !== undefined) {
      i++
      j++
      const [number, exponent] = relation(x.atom.kind, Rational.add(x.exponent, y.exponent))
      if (number !== undefined) scaled = Rational.multiply(scaled, number)
      if (exponent.numerator !== 0n) factors.push({ atom: x.atom, exponent })
    }
  }
  return { coefficient: scaled, factors }
}

/**
 * A power of an atom as a number times a power in normal form: `p^q` with q in [0, 1), `i^0` or `i^1`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const relation = (
  kind: Kind,
  exponent: Rational.Rational,
): readonly [Rational.Rational | undefined, Rational.Rational] => {
  if (kind._tag === "Imaginary") {
    const turns = Number(((exponent.numerator % 4n) + 4n) % 4n)
    return [turns >= 2 ? minusOne : undefined, turns % 2 === 1 ? Rational.one : Rational.zero]
  }
  if (kind._tag !== "Prime") return [undefined, exponent]
  const whole = floor(exponent)
  if (whole === 0n || whole > maxPrimeExponent || whole < -maxPrimeExponent) return [undefined, exponent]
  const number = E.getOrElse(() => Rational.one)(
    whole > 0n
      ? Rational.fromFraction(kind.prime ** whole, 1n)
      : Rational.fromFraction(1n, kind.prime ** -whole),
  )
  return [number, Rational.subtract(exponent, Rational.fromInteger(whole))]
}

/** The largest power of a prime that is written out; beyond, it stays a symbol. */
const maxPrimeExponent = 20_000n

/** A sum to a power of at least 1, small enough to be multiplied out. */
const isExpandable = ({ atom, exponent }: Factor): boolean =>
  atom.kind._tag === "Sum" &&
  exponent.numerator >= exponent.denominator &&
  isExpandablePower(atom.kind.base, floor(exponent))

/**
 * Whether the n-th power of a form has few enough terms: with t terms, at most C(n + t − 1, t − 1).
 *
 * @category refinements
 * @since 0.1.0
 */
export const isExpandablePower = (p: Polynomial, n: bigint): boolean => {
  if (n > 64n) return false
  let count = 1
  for (let k = 1; k < p.size; k++) count = (count * (Number(n) + k)) / k
  return count <= maxTerms
}

const expand = (term: Term, sums: ReadonlyArray<Factor>, fuel: Fuel): Polynomial | undefined => {
  let result: Polynomial | undefined = fromTerm({
    coefficient: term.coefficient,
    factors: term.factors.flatMap((factor) => {
      if (!sums.includes(factor)) return [factor]
      const exponent = Rational.subtract(factor.exponent, Rational.fromInteger(floor(factor.exponent)))
      return exponent.numerator === 0n ? [] : [{ atom: factor.atom, exponent }]
    }),
  })
  for (const { atom, exponent } of sums) {
    if (atom.kind._tag !== "Sum") continue
    const power = naturalPower(atom.kind.base, Number(floor(exponent)), fuel)
    if (power === undefined || result === undefined) return undefined
    result = multiply(result, power, fuel)
  }
  return result
}
