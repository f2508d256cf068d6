/**
 * Logarithms and exponentials of canonical forms.
 *
 *     ln 12 = 2 ln 2 + ln 3,   ln √2 = (ln 2)/2,   e^{2 ln 3} = 9,   e^{x + 1} = e · e^x,   e^{iπq} = cos πq + i sin πq
 */
import * as Rational from "../Rational.ts"
import * as Atoms from "./Atoms.ts"
import { type Fuel, spend } from "./Fuel.ts"
import * as Integers from "./Integers.ts"
import type { Polynomial, Term } from "./Polynomial.ts"
import * as P from "./Polynomial.ts"
import * as Power from "./Power.ts"
import * as Trigonometry from "./Trigonometry.ts"

// combinators

/**
 * The natural logarithm; of a negative number the principal one, `ln|a| + iπ`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const ln = (p: Polynomial, fuel: Fuel): Polynomial | undefined => {
  if (P.isZero(p)) return undefined
  const term = P.onlyTerm(p)
  return (term === undefined ? undefined : lnOfTerm(term, fuel)) ?? P.fromAtom(Atoms.value("ln", [p]))
}

/**
 * The exponential.
 *
 * @category combinators
 * @since 0.1.0
 */
export const exponential = (p: Polynomial, fuel: Fuel): Polynomial | undefined =>
  P.product(
    Array.from(p.values(), (term) => expOfTerm(term, fuel)),
    fuel,
  )

// numerics

const lnOfTerm = ({ coefficient, factors }: Term, fuel: Fuel): Polynomial | undefined => {
  if (!factors.every(({ atom }) => isPositiveBase(atom))) return undefined
  const number = lnOfRational(coefficient, fuel)
  if (number === undefined) return undefined
  return factors.reduce((sum, { atom, exponent }) => P.add(sum, P.scale(exponent, lnOfAtom(atom))), number)
}

/** A positive atom that is no zero; an absolute value may be one. */
const isPositiveBase = (atom: P.Atom): boolean =>
  Atoms.isPositive(atom) && (atom.kind._tag !== "Value" || atom.kind.cosineOf !== undefined)

const lnOfAtom = (atom: P.Atom): Polynomial => {
  const { kind } = atom
  if (kind._tag === "Prime") return P.fromAtom(Atoms.logarithm(kind.prime))
  if (kind._tag === "Euler") return P.one
  if (kind._tag === "Power") {
    const base = P.rationalOf(kind.base)
    if (base === undefined && isEuler(kind.base)) return kind.exponent
  }
  return P.fromAtom(Atoms.value("ln", [P.fromAtom(atom)]))
}

const isEuler = (p: Polynomial): boolean => P.keyOf(p) === P.keyOf(P.fromAtom(Atoms.euler))

const lnOfRational = (c: Rational.Rational, fuel: Fuel): Polynomial | undefined => {
  if (c.numerator < 0n) {
    const size = lnOfRational(Rational.negate(c), fuel)
    return size && P.add(size, P.scale(Rational.one, imaginaryPi))
  }
  if (Rational.size(c) > 2000 || !spend(fuel, 60_000 + 50 * Rational.size(c))) return undefined
  const [above, below] = [Integers.factors(c.numerator), Integers.factors(c.denominator)]
  if (above === undefined || below === undefined) return undefined
  let sum = P.zero
  for (const [list, sign] of [
    [above, 1],
    [below, -1],
  ] as const)
    for (const [prime, times] of list)
      sum = P.add(sum, P.scale(Rational.fromInteger(sign * times), P.fromAtom(Atoms.logarithm(prime))))
  return sum
}

const imaginaryPi: Polynomial = P.fromTerm({
  coefficient: Rational.one,
  factors: [Atoms.imaginary, Atoms.pi]
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map((atom) => ({ atom, exponent: Rational.one })),
})

const imaginaryPiKey = imaginaryPi.keys().next().value ?? ""

const expOfTerm = (term: Term, fuel: Fuel): Polynomial | undefined => {
  const { coefficient, factors } = term
  if (factors.length === 0) return Power.power(P.fromAtom(Atoms.euler), coefficient, fuel)
  const only = factors.length === 1 ? factors[0] : undefined
  if (only?.atom.kind._tag === "Logarithm" && Rational.Eq.equals(only.exponent, Rational.one))
    return Power.power(P.constant(Rational.fromInteger(only.atom.kind.prime)), coefficient, fuel)
  if (P.keyOfFactors(factors) === imaginaryPiKey) {
    const rotated = P.multiply(P.fromAtom(Atoms.imaginary), Trigonometry.sine(coefficient), fuel)
    return rotated && P.add(Trigonometry.cosine(coefficient), rotated)
  }
  const monomial = P.fromTerm({ coefficient: Rational.one, factors })
  return P.fromAtom(Atoms.power(P.fromAtom(Atoms.euler), monomial), coefficient)
}
