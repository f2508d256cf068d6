/**
 * Which set of real numbers an answer describes.
 *
 *     (a, b]      {a, b}     A ∪ B, A ∩ B, A ∖ B     ℝ     {x | a < x}     x ∈ A     a < x <= b     x ≠ a     |x − a| < b
 *
 * Inequalities are solved where a variable occurs linearly, or linearly under one absolute value; others are compared as
 * relations.
 */
import * as Make from "../Expression.ts"
import type { Expression, RelationOperator } from "../Expression.ts"
import * as Rational from "../Rational.ts"
import * as Atoms from "./Atoms.ts"
import { canonical } from "./Canonical.ts"
import * as Collection from "./Collection.ts"
import { isEqual } from "./Comparison.ts"
import * as Equation from "./Equation.ts"
import { valuesOf } from "./Formula.ts"
import type { Fuel } from "./Fuel.ts"
import type { Polynomial } from "./Polynomial.ts"
import * as P from "./Polynomial.ts"
import * as Power from "./Power.ts"
import * as RealSet from "./RealSet.ts"
import type { Region } from "./RealSet.ts"
import { signOfForm } from "./Scalar.ts"
import * as Syntax from "./Syntax.ts"

// destructors

/**
 * The set of an answer that can only be one: not of a pair, which may be a point.
 *
 * @category destructors
 * @since 0.1.0
 */
export const isRegion = (e: Expression): boolean =>
  e._tag === "SetOperation" || e._tag === "NamedSet" || e._tag === "SetBuilder" || isInequality(e)

/** Whether an answer is a chain of inequalities, or a membership. */
export const isInequality = (e: Expression): boolean =>
  e._tag === "Relation" && e.operators.length > 0 && e.operators.every((o) => inequalities.has(o))

const inequalities: ReadonlySet<RelationOperator> = new Set(["<", "<=", ">", ">=", "!=", "in", "notin"])

/**
 * The set of real numbers, if the answer describes one.
 *
 * @category destructors
 * @since 0.1.0
 */
export const regionOf = (e: Expression, fuel: Fuel): Region | undefined => {
  if (e._tag === "Tuple") return intervalOf(e)
  if (e._tag === "Set" || e._tag === "List") return unionOf(e, fuel)
  if (e._tag === "NamedSet") return e.name === "R" ? { _tag: "All" } : undefined
  if (e._tag === "SetBuilder")
    return all(
      [e.element, ...e.conditions].filter((c) => c._tag !== "Variable"),
      fuel,
    )
  if (e._tag === "Relation") return conditionOf(e, fuel)
  if (e._tag !== "SetOperation") return undefined
  const left = regionOf(e.left, fuel)
  const right = left && regionOf(e.right, fuel)
  if (left === undefined || right === undefined) return undefined
  if (e.operator === "union") return RealSet.union([left, right])
  return RealSet.intersection([left, e.operator === "difference" ? RealSet.complement(right) : right])
}

/** The name that a condition is about: the only variable. */
export const subjectOf = (e: Expression): string | undefined => {
  const [name, ...more] = Syntax.variablesOf(e)
  return more.length === 0 ? name : undefined
}

// numerics

const empty: Region = { _tag: "Empty" }

const intervalOf = (e: Extract<Expression, { _tag: "Tuple" }>): Region | undefined => {
  const [low, high, more] = e.items
  if (low === undefined || high === undefined || more !== undefined) return undefined
  const [from, to] = [Syntax.infinityOf(low), Syntax.infinityOf(high)]
  if (from === 1 || to === -1) return undefined
  return RealSet.intersection([
    from === -1 ? { _tag: "All" } : RealSet.above(low, e.open === "["),
    to === 1 ? { _tag: "All" } : RealSet.below(high, e.close === "]"),
  ])
}

/**
 * A set of numbers; a list of intervals or of conditions, joined by "or". Conditions of which one always holds would say nothing:
 * x > 0, x ≠ 1 are meant together.
 */
const unionOf = (e: Extract<Expression, { _tag: "Set" | "List" }>, fuel: Fuel): Region | undefined => {
  if (e._tag === "List" && e.connective === "and" && e.items.every(isInequality)) return all(e.items, fuel)
  const regions = valuesOf(Collection.itemsOf(e.items), (item) =>
    Syntax.isScalar(item) && e._tag === "Set" ? RealSet.point(item) : regionOf(item, fuel),
  )
  if (regions === undefined) return undefined
  const whole = RealSet.union(regions)
  const areConditions = e._tag === "List" && e.connective === undefined && e.items.every(isInequality)
  return areConditions && isEqual(RealSet.compareRegions(whole, { _tag: "All" }, fuel))
    ? RealSet.intersection(regions)
    : whole
}

const all = (conditions: ReadonlyArray<Expression>, fuel: Fuel): Region | undefined => {
  const regions = valuesOf(conditions, (condition) => regionOf(condition, fuel))
  return regions && RealSet.intersection(regions)
}

const conditionOf = (e: Extract<Expression, { _tag: "Relation" }>, fuel: Fuel): Region | undefined => {
  const name = subjectOf(e)
  if (name === undefined) return undefined
  const regions: Array<Region> = []
  for (const { operator, left, right } of Equation.pairsOf(e)) {
    const region =
      operator === "in" || operator === "notin"
        ? membership(operator, left, right, fuel)
        : (unboundedBy(operator, left, right) ?? solve(operator, Make.binary("-", left, right), name, fuel))
    if (region === undefined) return undefined
    regions.push(region)
  }
  return RealSet.intersection(regions)
}

const membership = (
  operator: "in" | "notin",
  left: Expression,
  right: Expression,
  fuel: Fuel,
): Region | undefined => {
  if (left._tag !== "Variable") return undefined
  const region = regionOf(right, fuel)
  return region && (operator === "in" ? region : RealSet.complement(region))
}

/** −∞ < x, and its like: all numbers, or none. */
const unboundedBy = (operator: RelationOperator, left: Expression, right: Expression): Region | undefined => {
  const [low, high] = [Syntax.infinityOf(left), Syntax.infinityOf(right)]
  if ((low === undefined) === (high === undefined) || !isOrder(operator)) return undefined
  const isAscending = operator === "<" || operator === "<="
  return (high ?? -(low ?? 0)) === (isAscending ? 1 : -1) ? { _tag: "All" } : empty
}

const isOrder = (operator: RelationOperator): boolean =>
  operator === "<" || operator === "<=" || operator === ">" || operator === ">="

/** The solutions of `difference operator 0`. */
const solve = (
  operator: RelationOperator,
  difference: Expression,
  name: string,
  fuel: Fuel,
): Region | undefined => {
  const form = canonical(difference, fuel)
  return form && solveForm(operator, form, name, fuel)
}

const solveForm = (
  operator: RelationOperator,
  form: Polynomial,
  name: string,
  fuel: Fuel,
): Region | undefined => {
  const parts = linear(form)
  if (parts === undefined) return undefined
  const { atom, slope, constant } = parts
  const quotient = Power.divide(P.negate(constant), slope, fuel)
  const sign = signOfForm(slope, fuel)
  if (quotient === undefined || sign === undefined || sign === 0) return undefined
  const turned = sign > 0 ? operator : reversed[operator]
  if (turned === undefined) return undefined
  if (atom.key === Atoms.variable(name).key) return half(turned, Atoms.toExpression(quotient))
  const inner = argumentOf(atom)
  if (inner === undefined) return undefined
  if (turned === "!=") {
    const equal = solveForm("=", form, name, fuel)
    return equal && RealSet.complement(equal)
  }
  // |P| < k is −k < P < k; |P| > k is P > k or P < −k; and so on.
  const [up, down] = [P.subtract(inner, quotient), P.negate(P.add(inner, quotient))]
  const [a, b] = [solveForm(turned, up, name, fuel), solveForm(turned, down, name, fuel)]
  if (a === undefined || b === undefined) return undefined
  if (turned === "<" || turned === "<=") return RealSet.intersection([a, b])
  if (turned !== "=") return RealSet.union([a, b])
  const size = signOfForm(quotient, fuel)
  return size === undefined ? undefined : size < 0 ? empty : RealSet.union([a, b])
}

const reversed: Partial<Record<RelationOperator, RelationOperator>> = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  "=": "=",
  "!=": "!=",
}

const half = (operator: RelationOperator, bound: Expression): Region | undefined => {
  if (operator === "<" || operator === "<=") return RealSet.below(bound, operator === "<=")
  if (operator === ">" || operator === ">=") return RealSet.above(bound, operator === ">=")
  if (operator === "=") return RealSet.point(bound)
  return operator === "!=" ? RealSet.complement(RealSet.point(bound)) : undefined
}

/** slope · atom + constant, with constant coefficients. */
const linear = (
  form: Polynomial,
): { readonly atom: P.Atom; readonly slope: Polynomial; readonly constant: Polynomial } | undefined => {
  let atom: P.Atom | undefined
  let [slope, constant] = [P.zero, P.zero]
  for (const { coefficient, factors } of form.values()) {
    const open = factors.filter((f) => !P.isClosed(P.fromAtom(f.atom)))
    const part = P.fromTerm({ coefficient, factors: factors.filter((f) => !open.includes(f)) })
    const [factor, more] = open
    if (factor === undefined) {
      constant = P.add(constant, part)
      continue
    }
    if (more !== undefined || !Rational.Eq.equals(factor.exponent, Rational.one)) return undefined
    if (atom !== undefined && atom.key !== factor.atom.key) return undefined
    atom = factor.atom
    slope = P.add(slope, part)
  }
  return atom && { atom, slope, constant }
}

/** P of |P|. */
const argumentOf = ({ kind }: P.Atom): Polynomial | undefined =>
  kind._tag === "Value" ? kind.absoluteOf : undefined
