/**
 * Powers of canonical forms: roots of rationals, of monomials, of sums; powers with symbolic exponents.
 *
 *     √12 = 2·3^{1/2},   1/√2 = 2^{-1}·2^{1/2},   √(3 + 2√2) = 1 + √2,   2^{n−1} = 2^{-1}·2^n
 *
 * Roots of real numbers are real where that is possible: an odd root of a negative number is negative (∛−8 = −2), an even one
 * is i times that of the absolute value. Of a variable's sign nothing is known: `√(x²) = |x|`, and `√x` is taken to
 * say x >= 0.
 */
import * as E from "fp-ts/lib/Either.js"
import * as Rational from "../Rational.ts"
import * as Atoms from "./Atoms.ts"
import { type Fuel, spend } from "./Fuel.ts"
import * as Integers from "./Integers.ts"
import * as P from "./Polynomial.ts"
import type { Polynomial, Term } from "./Polynomial.ts"

type Q = Rational.Rational

// combinators

/**
 * The power with a rational exponent.
 *
 * @category combinators
 * @since 0.1.0
 */
export const power = (base: Polynomial, exponent: Q, fuel: Fuel): Polynomial | undefined => {
  if (exponent.numerator === 0n) return P.one
  if (P.isZero(base)) return exponent.numerator > 0n ? P.zero : undefined
  if (Rational.Eq.equals(exponent, Rational.one)) return base
  const term = P.onlyTerm(base)
  if (term !== undefined) return powerOfTerm(term, exponent, fuel)
  if (
    Rational.isInteger(exponent) &&
    exponent.numerator > 0n &&
    P.isExpandablePower(base, exponent.numerator)
  )
    return P.naturalPower(base, Number(exponent.numerator), fuel)
  return (
    (exponent.denominator === 2n ? denested(base, exponent.numerator, fuel) : undefined) ??
    powerOfSum(base, exponent, fuel)
  )
}

/**
 * The quotient, where the divisor is not known to be zero.
 *
 * @category combinators
 * @since 0.1.0
 */
export const divide = (p: Polynomial, q: Polynomial, fuel: Fuel): Polynomial | undefined => {
  const inverse = power(q, minusOne, fuel)
  return inverse === undefined ? undefined : P.multiply(p, inverse, fuel)
}

/**
 * The square root.
 *
 * @category combinators
 * @since 0.1.0
 */
export const squareRoot = (p: Polynomial, fuel: Fuel): Polynomial | undefined => power(p, half, fuel)

/**
 * The power with any exponent: `b^{c + Σ c_j m_j} = b^c · Π (b^{m_j})^{c_j}`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const symbolicPower = (base: Polynomial, exponent: Polynomial, fuel: Fuel): Polynomial | undefined => {
  const number = P.rationalOf(exponent)
  if (number !== undefined) return power(base, number, fuel)
  const primes = primePowers(base)
  return P.product(
    Array.from(exponent.values(), (term) => {
      if (term.factors.length === 0) return power(base, term.coefficient, fuel)
      const monomial = P.fromTerm({ coefficient: Rational.one, factors: term.factors })
      const parts = primes ?? [[base, Rational.one] as const]
      return P.product(
        parts.map(([b, k]) =>
          P.isZero(b)
            ? undefined
            : P.fromAtom(Atoms.power(b, monomial), Rational.multiply(k, term.coefficient)),
        ),
        fuel,
      )
    }),
    fuel,
  )
}

// numerics

const minusOne = Rational.fromInteger(-1n)
const half = Rational.fromDecimal(5n, 1)

/** A positive number, or a power of e or of one variable, as a product of powers of what cannot be taken apart. */
const primePowers = (base: Polynomial): ReadonlyArray<readonly [Polynomial, Q]> | undefined => {
  const term = P.onlyTerm(base)
  if (term === undefined || term.coefficient.numerator < 0n || Rational.size(term.coefficient) > 256)
    return undefined
  if (!term.factors.every(({ atom: { kind } }) => kind._tag === "Prime" || kind._tag === "Euler"))
    return undefined
  const [above, below] = [
    Integers.factors(term.coefficient.numerator),
    Integers.factors(term.coefficient.denominator),
  ]
  if (above === undefined || below === undefined) return undefined
  return [
    ...above.map(([p, k]) => [integer(p), Rational.fromInteger(k)] as const),
    ...below.map(([p, k]) => [integer(p), Rational.fromInteger(-k)] as const),
    ...term.factors.map(
      ({ atom, exponent }) =>
        [atom.kind._tag === "Prime" ? integer(atom.kind.prime) : P.fromAtom(atom), exponent] as const,
    ),
  ]
}

const integer = (n: bigint): Polynomial => P.constant(Rational.fromInteger(n))

const powerOfTerm = (term: Term, exponent: Q, fuel: Fuel): Polynomial | undefined => {
  const coefficient = powerOfRational(term.coefficient, exponent, fuel)
  if (coefficient === undefined || term.factors.length === 0) return coefficient
  const parts: Array<Polynomial | undefined> = [coefficient]
  const whole = Rational.isInteger(exponent)
  const even = exponent.denominator % 2n === 0n
  const unsigned = term.factors.filter(({ atom }) => !Atoms.isPositive(atom))
  // Factors of unknown sign leave a root together, unless only one of them can be negative.
  const odd = unsigned.filter((f) => !(Rational.isInteger(f.exponent) && f.exponent.numerator % 2n === 0n))
  const together =
    !whole && (odd.some(({ atom }) => atom.kind._tag === "Imaginary") || (even && odd.length > 1))
  if (!whole && even && odd.length === 1 && term.coefficient.numerator < 0n)
    return powerOfSum(P.fromTerm(term), exponent, fuel)
  if (together) return complexRoot(term, exponent, fuel) ?? powerOfSum(P.fromTerm(term), exponent, fuel)
  for (const factor of term.factors) {
    const q = Rational.multiply(factor.exponent, exponent)
    const isEvenPower = unsigned.includes(factor) && !odd.includes(factor)
    const isEvenResult = Rational.isInteger(q) && q.numerator % 2n === 0n
    parts.push(
      !whole && even && isEvenPower && !isEvenResult
        ? P.fromAtom(Atoms.absolute(P.fromAtom(factor.atom)), q)
        : P.multiply(P.one, normal(factor.atom, q), fuel),
    )
  }
  return P.product(parts, fuel)
}

/** An atom to a power, with the relations of primes and of i. */
const normal = (atom: P.Atom, exponent: Q): Polynomial => {
  const [number, rest] = P.relation(atom.kind, exponent)
  return P.fromTerm({
    coefficient: number ?? Rational.one,
    factors: rest.numerator === 0n ? [] : [{ atom, exponent: rest }],
  })
}

const powerOfRational = (c: Q, exponent: Q, fuel: Fuel): Polynomial | undefined => {
  if (Rational.Eq.equals(c, Rational.one)) return P.one
  if (Rational.isInteger(exponent)) {
    const n = Number(exponent.numerator)
    const size = Rational.size(c) * Math.abs(n)
    if (size > maxPowerBits) return powerOfFactors(c, exponent, fuel)
    const fraction = c.denominator !== 1n && Integers.abs(c.numerator) !== 1n
    if (!spend(fuel, fraction ? size * (60 + size / 100) : size)) return undefined
    const k = BigInt(Math.abs(n))
    const [above, below] = [c.numerator ** k, c.denominator ** k]
    return E.getOrElseW(() => undefined)(
      E.map(P.constant)(n >= 0 ? Rational.fromFraction(above, below) : Rational.fromFraction(below, above)),
    )
  }
  if (c.numerator < 0n) {
    const size = powerOfRational(Rational.negate(c), exponent, fuel)
    const odd = exponent.denominator % 2n === 1n
    const unit = odd ? signOf(exponent) : exponent.denominator === 2n ? turn(exponent.numerator) : undefined
    return size === undefined || unit === undefined ? undefined : P.multiply(size, unit, fuel)
  }
  return powerOfFactors(c, exponent, fuel)
}

/** A power as the product of the powers of its prime factors; large powers of primes stay symbols. */
const powerOfFactors = (c: Q, exponent: Q, fuel: Fuel): Polynomial | undefined => {
  if (c.numerator < 0n) {
    const size = powerOfFactors(Rational.negate(c), exponent, fuel)
    return size && P.multiply(size, signOf(exponent), fuel)
  }
  if (!spend(fuel, 60_000 + 50 * Rational.size(c)) || Rational.size(c) > maxFactorBits) return undefined
  const parts: Array<Polynomial> = []
  for (const [n, sign] of [
    [c.numerator, 1],
    [c.denominator, -1],
  ] as const) {
    const factors = Integers.factors(n)
    if (factors === undefined) return undefined
    for (const [prime, times] of factors)
      parts.push(normal(Atoms.prime(prime), Rational.multiply(exponent, Rational.fromInteger(sign * times))))
  }
  return P.product(parts, fuel)
}

/** (−1)^{n/d} for odd d, as the real root. */
const signOf = (exponent: Q): Polynomial => (exponent.numerator % 2n === 0n ? P.one : P.constant(minusOne))

/** i^n */
const turn = (n: bigint): Polynomial => normal(Atoms.imaginary, Rational.fromInteger(n))

/** Numbers over 2000 bits are not factored, and powers over 20,000 bits are not written out. */
const maxFactorBits = 2000
const maxPowerBits = 20_000

/** √(bi) for a rational b, as a sum: it is a case of `denested` with a = 0. */
const complexRoot = (term: Term, exponent: Q, fuel: Fuel): Polynomial | undefined =>
  exponent.denominator === 2n ? denested(P.fromTerm(term), exponent.numerator, fuel) : undefined

/**
 * `√(a + r)` for rational a and a term r whose square is rational:
 *
 *     √(a + r) = √((a + s)/2) ± √((a − s)/2),   s = √(a² − r²) rational, ± the sign of r
 *
 * (and i times that for the negative, where a + r < 0). The square of the right side is a ± √(r²); for real numbers it is the
 * larger root first, so positive; for r² < 0 it has a positive real part: the principal root.
 */
const denested = (base: Polynomial, n: bigint, fuel: Fuel): Polynomial | undefined => {
  if (base.size > 2) return undefined
  const a = base.get("")?.coefficient ?? Rational.zero
  const terms = Array.from(base.values()).filter(({ factors }) => factors.length > 0)
  const r = terms.length === 1 ? terms[0] : undefined
  if (r === undefined) return undefined
  const square = P.multiply(P.fromTerm(r), P.fromTerm(r), fuel)
  const rr = square === undefined ? undefined : P.rationalOf(square)
  if (rr === undefined) return undefined
  const s = rationalRoot(Rational.subtract(Rational.multiply(a, a), rr))
  if (s === undefined) return undefined
  const real = rr.numerator > 0n
  if (real && a.numerator < 0n) {
    const opposite = denested(P.negate(base), n, fuel)
    return opposite === undefined ? undefined : P.multiply(opposite, turn(n), fuel)
  }
  const large = squareRoot(P.constant(Rational.multiply(half, Rational.add(a, s))), fuel)
  const small = squareRoot(P.constant(Rational.multiply(half, Rational.subtract(a, s))), fuel)
  if (large === undefined || small === undefined) return undefined
  const root = r.coefficient.numerator > 0n ? P.add(large, small) : P.subtract(large, small)
  return power(root, Rational.fromInteger(n), fuel)
}

const rationalRoot = (q: Q): Q | undefined => {
  if (q.numerator < 0n) return undefined
  const [above, below] = [Integers.exactRoot(q.numerator, 2), Integers.exactRoot(q.denominator, 2)]
  return above === undefined || below === undefined
    ? undefined
    : E.getOrElseW(() => undefined)(Rational.fromFraction(above, below))
}

/** `1/(u + v) = (u − v)/(u² − v²)` where u² and v² are rational: the denominator is rationalised. */
const rationalisedInverse = (base: Polynomial, fuel: Fuel): Polynomial | undefined => {
  const [u, v, more] = Array.from(base.values(), P.fromTerm)
  if (u === undefined || v === undefined || more !== undefined) return undefined
  const [uu, vv] = [P.multiply(u, u, fuel), P.multiply(v, v, fuel)]
  const [a, b] = [uu && P.rationalOf(uu), vv && P.rationalOf(vv)]
  if (a === undefined || b === undefined) return undefined
  const scale = E.getOrElseW(() => undefined)(Rational.divide(Rational.one, Rational.subtract(a, b)))
  return scale === undefined ? undefined : P.scale(scale, P.subtract(u, v))
}

/** A power of a sum that stays one: its content, and but for even roots its sign, come out. */
const powerOfSum = (base: Polynomial, exponent: Q, fuel: Fuel): Polynomial | undefined => {
  if (Rational.isInteger(exponent) && exponent.numerator < 0n) {
    const inverse = rationalisedInverse(base, fuel)
    if (inverse !== undefined) return power(inverse, Rational.negate(exponent), fuel)
  }
  const [content, primitive] = split(base, exponent.denominator % 2n === 1n)
  const outside = powerOfRational(content, exponent, fuel)
  return outside === undefined
    ? undefined
    : P.multiply(outside, P.fromAtom(Atoms.sum(primitive), exponent), fuel)
}

/**
 * A form as its content times a primitive form: integer coefficients without a common factor; where `signed`, the coefficient of
 * the term whose key comes first is positive.
 *
 * @category combinators
 * @since 0.1.0
 */
export const split = (p: Polynomial, signed: boolean): readonly [Q, Polynomial] => {
  let [above, below] = [0n, 1n]
  for (const { coefficient } of p.values()) {
    above = Integers.gcd(above, coefficient.numerator)
    below = (below / Integers.gcd(below, coefficient.denominator)) * coefficient.denominator
  }
  const first = Array.from(p.keys()).toSorted()[0] ?? ""
  const negative = signed && (p.get(first)?.coefficient.numerator ?? 1n) < 0n
  const content = E.getOrElse(() => Rational.one)(Rational.fromFraction(negative ? -above : above, below))
  const inverse = E.getOrElse(() => Rational.one)(Rational.divide(Rational.one, content))
  return [content, P.scale(inverse, p)]
}
