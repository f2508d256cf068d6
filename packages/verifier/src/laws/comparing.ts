/**
 * The laws of comparison as predicates: values in, "it holds" out.
 */
import * as Compare from "../Compare.ts"
import { canonical } from "../compare/Canonical.ts"
import * as Atoms from "../compare/Atoms.ts"
import * as Enclose from "../compare/Enclose.ts"
import * as Fuel from "../compare/Fuel.ts"
import * as Interval from "../compare/Interval.ts"
import type { Polynomial } from "../compare/Polynomial.ts"
import * as P from "../compare/Polynomial.ts"
import * as Rectangle from "../compare/Rectangle.ts"
import * as Separation from "../compare/Separation.ts"
import * as Syntax from "../compare/Syntax.ts"
import * as Make from "../Expression.ts"
import type { Expression } from "../Expression.ts"
import * as Options from "../Options.ts"
import * as Rational from "../Rational.ts"

type Q = Rational.Rational

const isEqual = (a: Expression, b: Expression, options: Options.Options = Options.defaults): boolean =>
  Compare.compare(a, b, options)._tag === "Equal"

const isDifferent = (a: Expression, b: Expression): boolean => Compare.compare(a, b)._tag === "Different"

// equivalence

/** a = a, also for a copy that shares nothing with it. */
export const comparesReflexively = (a: Expression): boolean =>
  isEqual(
    a,
    Syntax.mapNodes(a, (node) => ({ ...node })),
  )

/** compare(a, b) and compare(b, a) say the same. */
export const comparesSymmetrically = (a: Expression, b: Expression): boolean =>
  Compare.compare(a, b)._tag === Compare.compare(b, a)._tag

/** a = b and b = c give a = c, where nothing may be left out and nothing is rounded. */
export const comparesTransitively = (a: Expression, b: Expression, c: Expression): boolean =>
  !(isEqual(a, b, Options.exact) && isEqual(b, c, Options.exact)) ||
  Compare.compare(a, c, Options.exact)._tag !== "Different"

/** The same two answers get the same comparison again, and one of the three. */
export const comparesDeterministically = (a: Expression, b: Expression): boolean => {
  const first = Compare.compare(a, b)
  return (
    Compare.show(first) === Compare.show(Compare.compare(a, b)) && Compare.show(first).includes(first.rule)
  )
}

// numbers

/** Distinct rationals are Different, equal ones Equal, however they are written. */
export const comparesRationals = (a: Q, b: Q): boolean => {
  const quotient = (q: Q): Expression => Make.binary("/", integer(q.numerator), integer(q.denominator))
  const expected = Rational.Eq.equals(a, b) ? "Equal" : "Different"
  return Compare.compare(quotient(a), quotient(b))._tag === expected
}

const integer = (n: bigint): Expression =>
  n < 0n ? Make.signed("-", Make.number(Rational.fromInteger(-n))) : Make.number(Rational.fromInteger(n))

/** What an identity rewrites stays equal. */
export const rewritingKeepsEqual = (a: Expression, rewritten: Expression): boolean => isEqual(a, rewritten)

/** a + d is not a, for a number d ≠ 0, however small. */
export const perturbationDiffers = (a: Expression, d: Q): boolean =>
  d.numerator === 0n || isDifferent(a, Make.binary("+", a, Make.number(d)))

/** A decimal of k digits stands for what it rounds, and its neighbours do not. */
export const roundingIsExact = (a: Expression, value: Q, k: number): boolean => {
  const unit = 10n ** BigInt(k)
  const scaled = Rational.multiply(value, Rational.fromInteger(2n * unit))
  const nearest = P.floor(Rational.multiply(Rational.add(scaled, Rational.one), Rational.fromDecimal(5n, 1)))
  const decimal = (n: bigint): Expression =>
    n < 0n
      ? Make.signed("-", Make.number(Rational.fromDecimal(-n, k), k))
      : Make.number(Rational.fromDecimal(n, k), k)
  const rounding = { minimumDecimals: k, minimumSignificant: 1, truncation: false, symmetric: true }
  const options = { ...Options.defaults, rounding }
  return (
    isEqual(a, decimal(nearest), options) &&
    !isEqual(a, decimal(nearest + 2n), options) &&
    !isEqual(a, decimal(nearest - 2n), options)
  )
}

// canonical forms

const form = (e: Expression): Polynomial | undefined => canonical(e, Fuel.make(Options.defaultFuel))

/** The form of a form's expression is the form. */
export const canonicalIsIdempotent = (e: Expression): boolean => {
  const p = form(e)
  if (p === undefined) return true
  const again = form(Atoms.toExpression(p))
  return again !== undefined && P.keyOf(again) === P.keyOf(p)
}

/** The form of a sum is the sum of the forms; so for products. */
export const canonicalIsHomomorphic = (a: Expression, b: Expression): boolean => {
  const [p, q] = [form(a), form(b)]
  const [sum, product] = [form(Make.binary("+", a, b)), form(Make.binary("*", a, b))]
  if (p === undefined || q === undefined) return sum === undefined && product === undefined
  const expected = P.multiply(p, q, Fuel.make(Options.defaultFuel))
  return (
    sum !== undefined &&
    P.keyOf(P.add(p, q)) === P.keyOf(sum) &&
    (expected === undefined || (product !== undefined && P.keyOf(expected) === P.keyOf(product)))
  )
}

// enclosures

const enclose = (e: Expression, p: number): Rectangle.Rectangle | undefined =>
  Enclose.enclose(e, p, Fuel.make(Options.defaultFuel))

const meet = (a: Rectangle.Rectangle, b: Rectangle.Rectangle, p: number): boolean =>
  Rectangle.containsZero(Rectangle.add(a, Rectangle.negate(b), p))

/** Enclosures of one number at two precisions meet, and the expression and its canonical form enclose the same number. */
export const enclosuresMeet = (e: Expression, p: number, q: number): boolean => {
  const [coarse, fine] = [enclose(e, p), enclose(e, q)]
  const canon = form(e)
  const other = canon && enclose(Atoms.toExpression(canon), q)
  return (
    (coarse === undefined || fine === undefined || meet(coarse, fine, 2 * Math.max(p, q))) &&
    (other === undefined || fine === undefined || meet(other, fine, 2 * q))
  )
}

/** The enclosure of rational arithmetic contains its exact value, and is as narrow as its precision says. */
export const enclosesExactValue = (e: Expression, value: Q, p: number): boolean => {
  const enclosure = enclose(e, p)
  if (enclosure === undefined) return true
  const exact = { re: Interval.fromRational(value, 4 * p) }
  return meet(enclosure, exact, 4 * p)
}

/** A real algebraic number that is not 0 is at least 2^{−bound}. */
export const separationHolds = (e: Expression): boolean => {
  const p = form(e)
  const bound = p && Separation.bound(p)
  if (p === undefined || bound === undefined || P.isZero(p) || bound > 4000) return true
  const value = enclose(Atoms.toExpression(p), 64)
  return value === undefined || Rectangle.containsZero(value) || Rectangle.magnitude(value) >= -bound
}

// structures

/** The order of a list, and of a set, does not count. */
export const permutationKeepsEqual = (items: ReadonlyArray<Expression>, rotation: number): boolean => {
  const k = items.length === 0 ? 0 : rotation % items.length
  const rotated = [...items.slice(k), ...items.slice(0, k)].toReversed()
  return isEqual(Make.list(items), Make.list(rotated)) && isEqual(Make.set(items), Make.set(rotated))
}

/** The order of a tuple counts: (a, b, c) is (b, c, a) only if all are equal. */
export const tupleOrderCounts = (a: Q, b: Q, c: Q): boolean => {
  const [x, y, z] = [integer(a.numerator), integer(b.numerator), integer(c.numerator)]
  const all = a.numerator === b.numerator && b.numerator === c.numerator
  return isEqual(Make.tuple([x, y, z]), Make.tuple([y, z, x])) === all
}

/** l = r and c l = c r say the same, as r = l and l − r = 0; l = r + c says something else. */
export const equationsScale = (l: Expression, r: Expression, c: Q): boolean => {
  if (c.numerator === 0n) return true
  const factor = Make.number(c)
  const times = (e: Expression): Expression => Make.binary("*", factor, e)
  const equation = (x: Expression, y: Expression): Expression => Make.relation([x, y], ["="])
  const difference = Make.binary("-", l, r)
  const trivial = form(difference)
  return (
    isEqual(equation(l, r), equation(times(l), times(r))) &&
    isEqual(equation(l, r), equation(r, l)) &&
    isEqual(equation(l, r), equation(difference, Make.number(Rational.zero))) &&
    (trivial === undefined || P.isClosed(trivial) || !isEqual(equation(l, r), equation(difference, factor)))
  )
}

/** (a, b) ∪ [b, c) = (a, c) for a < b < c, and without the point b it is not. */
export const intervalsJoin = (a: Q, b: Q, c: Q): boolean => {
  const [x, y, z] = [a, b, c].toSorted(Rational.Ord.compare)
  if (x === undefined || y === undefined || z === undefined) return true
  if (Rational.Eq.equals(x, y) || Rational.Eq.equals(y, z)) return true
  const [low, middle, high] = [Make.number(x), Make.number(y), Make.number(z)]
  const whole = Make.setOperation("union", Make.tuple([low, high]), Make.set([]))
  const joined = (open: "(" | "["): Expression =>
    Make.setOperation("union", Make.tuple([low, middle]), Make.tuple([middle, high], open, ")"))
  const variable = Make.variable("x")
  return (
    isEqual(whole, joined("[")) &&
    isDifferent(whole, joined("(")) &&
    isEqual(whole, Make.relation([low, variable, high], ["<", "<"])) &&
    isEqual(joined("("), Make.setOperation("difference", whole, Make.set([middle])))
  )
}
