/**
 * Canonical forms as data: atoms, factors, terms, polynomials.
 */
import type { Expression } from "../../Expression.ts"
import * as Rational from "../../Rational.ts"

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
  const parts = Array.from(p, ([key, { coefficient }]) => digits(coefficient) + key)
  return parts.length === 0 ? "0" : parts.toSorted().join("+")
}

/**
 * How long the keys of a form are together: what it costs to compare, multiply or nest it.
 *
 * @category destructors
 * @since 0.2.0
 */
export const weight = (p: Polynomial): number => {
  let length = 0
  for (const key of p.keys()) length += key.length
  return length
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

/**
 * ⌊q⌋
 *
 * @category destructors
 * @since 0.1.0
 */
export const floor = (q: Rational.Rational): bigint => {
  const quotient = q.numerator / q.denominator
  return q.numerator < 0n && quotient * q.denominator !== q.numerator ? quotient - 1n : quotient
}

// numerics

function isOne(q: Rational.Rational): boolean {
  return q.numerator === 1n && q.denominator === 1n
}

/** A rational as a key: in base 32, whose digits take linear time where decimal ones take the square of their number. */
const digits = ({ numerator, denominator }: Rational.Rational): string =>
  `${numerator.toString(32)}/${denominator.toString(32)}`
