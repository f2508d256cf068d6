/**
 * Canonical forms: Laurent polynomials over ℚ in atoms.
 *
 *     P = Σ_j c_j · Π_k a_k^{q_k}        c_j ∈ ℚ∖{0},  q_k ∈ ℚ∖{0}
 *
 * An atom is what arithmetic cannot take apart: a variable, π, e, the imaginary unit, a prime under a root, the logarithm of a
 * prime, a power with a symbolic exponent, the value of a function, and a sum that stands in a denominator or under a root.
 * The relations between atoms are applied as soon as a product shows them:
 *
 *     i² = −1,   p^{1/2} · p^{1/2} = p,   (P)^{1/2} · (P)^{1/2} = P,   (P)^{-1} · P = 1  (after `Zero.cleared`)
 *
 * Laws (`Laws.ts`): a commutative ring; equal keys mean equal numbers. Where all atoms are variables, π, i and roots of primes,
 * the converse holds too: such products are linearly independent over ℚ (Besicovitch 1940), so the form is a normal form.
 *
 * Partial operations return `undefined`: fuel ran out, or there are more than `maxTerms` terms.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Expression } from "../Expression.ts"
import * as Rational from "../Rational.ts"
import { type Fuel, spend } from "./Fuel.ts"

// model

/**
 * What an atom is. `positive` ones are positive real numbers; `real` ones are real; of `other` ones nothing is known.
 *
 * @category models
 * @since 0.1.0
 */
export type Kind =
  | { readonly _tag: "Variable" }
  | { readonly _tag: "Imaginary" }
  | { readonly _tag: "Pi" }
  | { readonly _tag: "Euler" }
  | { readonly _tag: "Prime"; readonly prime: bigint }
  | { readonly _tag: "Logarithm"; readonly prime: bigint }
  /** A sum of several terms, to a power that cannot be multiplied out. */
  | { readonly _tag: "Sum"; readonly base: Polynomial }
  /** A base to the power of a monomial that is no number. */
  | { readonly _tag: "Power"; readonly base: Polynomial; readonly exponent: Polynomial }
  /** The value of a function; `cosineOf` is q where it is cos(qπ), `absoluteOf` is P where it is |P|. */
  | {
      readonly _tag: "Value"
      readonly positive: boolean
      readonly closed: boolean
      readonly cosineOf?: Rational.Rational
      readonly absoluteOf?: Polynomial
    }

/** @category models */
export interface Atom {
  readonly key: string
  readonly kind: Kind
  /** The meaning of the atom, for evaluation. */
  readonly expression: Expression
}

/** @category models */
export interface Factor {
  readonly atom: Atom
  readonly exponent: Rational.Rational
}

/** @category models */
export interface Term {
  readonly coefficient: Rational.Rational
  /** In the order of the atoms' keys, none twice. */
  readonly factors: ReadonlyArray<Factor>
}

/**
 * Terms by the key of their factors; no coefficient is 0.
 *
 * @category models
 * @since 0.1.0
 */
export type Polynomial = ReadonlyMap<string, Term>

/**
 * The most terms of a canonical form. Ours: answers have fewer than ten.
 *
 * @category models
 * @since 0.1.0
 */
export const maxTerms = 400

// constructors

/** @category constructors */
export const zero: Polynomial = new Map()

/** @category constructors */
export const fromTerm = (term: Term): Polynomial =>
  term.coefficient.numerator === 0n ? zero : new Map([[keyOfFactors(term.factors), term]])

/** @category constructors */
export const constant = (c: Rational.Rational): Polynomial => fromTerm({ coefficient: c, factors: [] })

/** @category constructors */
export const one: Polynomial = constant(Rational.one)

/** @category constructors */
export const fromAtom = (atom: Atom, exponent: Rational.Rational = Rational.one): Polynomial =>
  fromTerm({ coefficient: Rational.one, factors: [{ atom, exponent }] })

// destructors

/** @category destructors */
export function keyOfFactors(factors: ReadonlyArray<Factor>): string {
  let key = ""
  for (const { atom, exponent } of factors)
    key += isOne(exponent) ? `*${atom.key}` : `*${atom.key}^${Rational.show(exponent)}`
  return key
}

/**
 * The text that equal forms share.
 *
 * @category destructors
 * @since 0.1.0
 */
export const keyOf = (p: Polynomial): string => {
  const parts = Array.from(p, ([key, { coefficient }]) => Rational.show(coefficient) + key)
  return parts.length === 0 ? "0" : parts.sort().join("+")
}

/** @category refinements */
export const isZero = (p: Polynomial): boolean => p.size === 0

/**
 * The rational number that a form is, if it is one.
 *
 * @category destructors
 * @since 0.1.0
 */
export const rationalOf = (p: Polynomial): Rational.Rational | undefined => {
  if (p.size === 0) return Rational.zero
  return p.size === 1 ? p.get("")?.coefficient : undefined
}

/**
 * The only term of a form that has one.
 *
 * @category destructors
 * @since 0.1.0
 */
export const onlyTerm = (p: Polynomial): Term | undefined =>
  p.size === 1 ? p.values().next().value : undefined

/** @category destructors */
export const atomsOf = (p: Polynomial): ReadonlyArray<Atom> => {
  const atoms = new Map<string, Atom>()
  for (const { factors } of p.values()) for (const { atom } of factors) atoms.set(atom.key, atom)
  return Array.from(atoms.values())
}

/**
 * Whether a form is a constant: no variable and no unknown function.
 *
 * @category refinements
 * @since 0.1.0
 */
export const isClosed = (p: Polynomial): boolean =>
  atomsOf(p).every(({ kind }) => {
    if (kind._tag === "Sum") return isClosed(kind.base)
    if (kind._tag === "Power") return isClosed(kind.base) && isClosed(kind.exponent)
    return kind._tag === "Value" ? kind.closed : kind._tag !== "Variable"
  })

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

/** @category combinators */
export const subtract = (p: Polynomial, q: Polynomial): Polynomial => add(p, negate(q))

/** @category combinators */
export const multiply = (p: Polynomial, q: Polynomial, fuel: Fuel): Polynomial | undefined => {
  const product = new Map<string, Term>()
  for (const a of p.values())
    for (const b of q.values()) {
      if (!spend(fuel, 400 + Rational.size(a.coefficient) + Rational.size(b.coefficient))) return undefined
      const term = multiplyTerms(a, b)
      const sums = term.factors.filter(isExpandable)
      if (sums.length === 0) accumulate(product, keyOfFactors(term.factors), term)
      else {
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

function isOne(q: Rational.Rational): boolean {
  return q.numerator === 1n && q.denominator === 1n
}

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

/** @category destructors */
export const floor = (q: Rational.Rational): bigint => {
  const quotient = q.numerator / q.denominator
  return q.numerator < 0n && quotient * q.denominator !== q.numerator ? quotient - 1n : quotient
}

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
