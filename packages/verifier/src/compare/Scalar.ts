/**
 * Equality of two scalars: numbers, and formulas with variables.
 *
 *     structure → exact value → canonical form → certified intervals → separation bound → random points
 *
 * each only where the one before does not decide. Nothing here knows a tolerance.
 */
import * as Make from "../Expression.ts"
import { type Expression, operandsOf } from "../Expression.ts"
import * as Rational from "../Rational.ts"
import * as Atoms from "./Atoms.ts"
import * as Bound from "./Bound.ts"
import { canonical } from "./Canonical.ts"
import { type Comparison, different, equal, undecided } from "./Comparison.ts"
import * as Enclose from "./Enclose.ts"
import { type Fuel, isEmpty, within } from "./Fuel.ts"
import * as P from "./Polynomial.ts"
import * as Rectangle from "./Rectangle.ts"
import * as Sampling from "./Sampling.ts"
import * as Syntax from "./Syntax.ts"
import * as Zero from "./Zero.ts"

// combinators

/**
 * Whether two scalar expressions are equal.
 *
 * @category combinators
 * @since 0.1.0
 */
export const compareScalars = (a: Expression, b: Expression, fuel: Fuel): Comparison => {
  const [x, y] = [Syntax.numberOf(a), Syntax.numberOf(b)]
  if (x !== undefined && y !== undefined)
    return Rational.Eq.equals(x, y) ? equal("exact-value") : different("exact-value")
  if (Syntax.isSame(a, b)) return equal("structure")
  const [infinite, limitless] = [Syntax.infinityOf(a), Syntax.infinityOf(b)]
  if (infinite !== undefined || limitless !== undefined)
    return infinite === limitless ? equal("structure") : different("structure")
  const [p, q] = within(fuel, 0.4, (part) => [canonical(a, part), canonical(b, part)] as const)
  // Two sums may be equal whose forms are not.
  if (Bound.isOpen(a) || Bound.isOpen(b)) return compareOpen(a, b, p, q, fuel)
  const closed = isClosed(a) && isClosed(b)
  if (p === undefined || q === undefined)
    return closed ? compareConstants(a, b, fuel) : compareAtPoints(a, b, fuel)
  const comparison = compareForms(p, q, fuel)
  return comparison._tag === "Undecided" && closed ? compareHuge(a, b, comparison, fuel) : comparison
}

/**
 * Whether two canonical forms are equal.
 *
 * @category combinators
 * @since 0.1.0
 */
export const compareForms = (p: P.Polynomial, q: P.Polynomial, fuel: Fuel): Comparison => {
  const difference = P.addWithin(p, P.negate(q), fuel)
  if (difference === undefined) return undecided("budget", "canonical-form")
  const rational = P.rationalOf(p) !== undefined && P.rationalOf(q) !== undefined
  if (rational) return P.isZero(difference) ? equal("exact-value") : different("exact-value")
  switch (within(fuel, 0.6, (part) => Zero.decide(difference, part))) {
    case "cancels":
      return equal("canonical-form")
    case "independent":
      return different("canonical-form")
    case "separated":
      return equal("certified-interval")
    case "apart":
      return different("certified-interval")
    case "digits":
      return equal("agreeing-digits")
    case "unknown":
      return P.isClosed(difference)
        ? undecided("budget", "certified-interval") // both have a form, so a value
        : compareAtPoints(Atoms.toExpression(p), Atoms.toExpression(q), fuel)
  }
}

/**
 * The sign of a real constant: exact for 0, certified for others.
 *
 * @category combinators
 * @since 0.1.0
 */
export const signOf = (e: Expression, fuel: Fuel): -1 | 0 | 1 | undefined => {
  const number = Syntax.numberOf(e)
  if (number !== undefined) return number.numerator > 0n ? 1 : number.numerator < 0n ? -1 : 0
  const form = within(fuel, 0.3, (part) => canonical(e, part))
  if (form === undefined) return isClosed(e) ? Enclose.signOf(e, fuel) : undefined
  return signOfForm(form, fuel)
}

/** @category combinators */
export const signOfForm = (p: P.Polynomial, fuel: Fuel): -1 | 0 | 1 | undefined => {
  const number = P.rationalOf(p)
  if (number !== undefined) return number.numerator > 0n ? 1 : number.numerator < 0n ? -1 : 0
  if (!P.isClosed(p)) return undefined
  const zero = within(fuel, 0.5, (part) => Zero.decide(p, part))
  if (zero === "cancels" || zero === "separated" || zero === "digits") return 0
  return Enclose.signOf(Atoms.toExpression(p), fuel)
}

// numerics

/** Whether an expression has no names: what no variable and no call stands in. */
const isClosed = (e: Expression): boolean =>
  e._tag !== "Variable" && e._tag !== "Call" && e._tag !== "Quantity" && operandsOf(e).every(isClosed)

const compareOpen = (
  a: Expression,
  b: Expression,
  p: P.Polynomial | undefined,
  q: P.Polynomial | undefined,
  fuel: Fuel,
): Comparison => {
  const difference = p && q && P.addWithin(p, P.negate(q), fuel)
  return difference !== undefined && P.isZero(difference)
    ? equal("canonical-form")
    : compareAtPoints(a, b, fuel)
}

/** Constants too large for a canonical form. */
const compareConstants = (a: Expression, b: Expression, fuel: Fuel): Comparison => {
  let known = false
  for (const precision of [64, 256, 768]) {
    const x = Enclose.enclose(a, precision, fuel)
    const y = x && Enclose.enclose(b, precision, fuel)
    if (x === undefined || y === undefined) continue
    known = true
    const difference = Rectangle.add(x, Rectangle.negate(y), precision)
    if (!Rectangle.containsZero(difference)) return different("certified-interval")
    // Digits after the point, and significant ones: 2^130000 and 2^130000 + 1 agree in many.
    const scale = Math.min(0, Math.max(Rectangle.magnitude(x), Rectangle.magnitude(y)))
    if (Rectangle.magnitude(difference) < scale - Zero.digits * Math.log2(10)) return equal("agreeing-digits")
  }
  return compareHuge(
    a,
    b,
    undecided(known || isEmpty(fuel) ? "budget" : "undefined", "certified-interval"),
    fuel,
  )
}

/** A tower of powers beside a number that has an enclosure; two towers stay undecided. */
const compareHuge = (a: Expression, b: Expression, otherwise: Comparison, fuel: Fuel): Comparison => {
  const [huge, large] = [isHuge(a, fuel), isHuge(b, fuel)]
  if (huge !== large && isModerate(huge ? b : a, fuel)) return different("certified-interval")
  return huge || large ? undecided("budget", "certified-interval") : otherwise
}

/** Numbers above 2^{2^40} are huge; what has an enclosure below is not. */
const hugeExponent = Make.number(Rational.fromInteger(2n ** 41n))

const isHuge = (e: Expression, fuel: Fuel): boolean => {
  if (e._tag === "Power")
    return isAtLeast(e.base, Make.number(Rational.fromInteger(2)), fuel) && exceeds(e.exponent, fuel)
  return e._tag === "Apply" && e.function === "factorial" && e.arguments.every((n) => exceeds(n, fuel))
}

const exceeds = (e: Expression, fuel: Fuel): boolean => isHuge(e, fuel) || isAtLeast(e, hugeExponent, fuel)

const isAtLeast = (e: Expression, bound: Expression, fuel: Fuel): boolean => {
  const value = Enclose.enclose(Make.binary("-", e, bound), 64, fuel)
  return value !== undefined && value.im === undefined && value.re.low >= 0n
}

const isModerate = (e: Expression, fuel: Fuel): boolean => {
  const value = Enclose.enclose(e, 64, fuel)
  return value !== undefined && Rectangle.magnitude(value) < 2 ** 40
}

const compareAtPoints = (a: Expression, b: Expression, fuel: Fuel): Comparison => {
  switch (Sampling.agree(a, b, fuel)) {
    case "agree":
      return equal("random-evaluation")
    case "apart":
      return different("random-evaluation")
    case "unknown":
      return undecided(isEmpty(fuel) ? "budget" : "undefined", "random-evaluation")
  }
}
