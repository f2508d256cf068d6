/**
 * Equations and inequalities that say the same.
 *
 *     l₁ = r₁  ~  l₂ = r₂     iff   m₁ (l₁ − r₁) = c m₂ (l₂ − r₂)  for a constant c ≠ 0, after
 *                                   multiplication with the denominators m of both
 *     l₁ < r₁  ~  l₂ < r₂     iff   the same with c > 0, and no multiplication
 *
 * so 2x + y = 3, y = 3 − 2x and 4x + 2y = 6 are one line, xy = 1 is y = 1/x, and x² = 0 is not x = 0. Chains `a < b <= c` are the pairs that they
 * assert.
 */
import * as Make from "../Expression.ts"
import type { Expression, RelationOperator } from "../Expression.ts"
import * as Rational from "../Rational.ts"
import { canonical } from "./Canonical.ts"
import { type Comparison, decided, different, isEqual, undecided } from "./Comparison.ts"
import type { Context } from "./Context.ts"
import { type Fuel, isEmpty } from "./Fuel.ts"
import type { Factor, Polynomial } from "./Polynomial.ts"
import * as P from "./Polynomial.ts"
import { compareForms, signOfForm } from "./Scalar.ts"
import * as Syntax from "./Syntax.ts"
import * as Zero from "./Zero.ts"

type Relation = Extract<Expression, { readonly _tag: "Relation" }>

// model

/** One assertion of a chain: `left operator right`, turned so that > and >= do not occur. */
interface Pair {
  readonly operator: RelationOperator
  readonly left: Expression
  readonly right: Expression
}

// combinators

/**
 * Whether two relations say the same.
 *
 * @category combinators
 * @since 0.1.0
 */
export const compareRelations = (gold: Relation, answer: Relation, context: Context): Comparison => {
  const [g, a] = [pairsOf(gold), pairsOf(answer)]
  if (g.length !== a.length) return different("equation")
  const rest = a.slice()
  let unclear: Comparison | undefined
  for (const pair of g) {
    const results = rest.map((other) => comparePairs(pair, other, context))
    const match = results.findIndex(isEqual)
    unclear ??= results.find((c) => c._tag === "Undecided")
    if (match < 0) return unclear ?? different("equation")
    rest.splice(match, 1)
  }
  return decided(true, "equation")
}

/**
 * The pairs that a chain asserts.
 *
 * @category destructors
 * @since 0.1.0
 */
export const pairsOf = ({ operands, operators }: Relation): ReadonlyArray<Pair> =>
  operators.flatMap((operator, k) => {
    const [left, right] = [operands[k], operands[k + 1]]
    if (left === undefined || right === undefined) return []
    if (operator === ">" || operator === ">=")
      return [{ operator: operator === ">" ? ("<" as const) : ("<=" as const), left: right, right: left }]
    return [{ operator, left, right }]
  })

// numerics

const symmetric: ReadonlySet<RelationOperator> = new Set(["=", "!=", "approx", "equivalent"])
const ordered: ReadonlySet<RelationOperator> = new Set(["<", "<="])

const comparePairs = (a: Pair, b: Pair, context: Context): Comparison => {
  if (a.operator !== b.operator) return different("equation")
  const arithmetic = [a.left, a.right, b.left, b.right].every(Syntax.isScalar)
  if (arithmetic && (a.operator === "=" || a.operator === "!=" || ordered.has(a.operator)))
    return compareDifferences(a, b, ordered.has(a.operator), context.fuel)
  const straight = both(a.left, b.left, a.right, b.right, context)
  return isEqual(straight) || !symmetric.has(a.operator)
    ? straight
    : both(a.left, b.right, a.right, b.left, context)
}

const both = (
  a: Expression,
  b: Expression,
  c: Expression,
  d: Expression,
  { compare }: Context,
): Comparison => {
  const first = compare(a, b)
  return isEqual(first) ? compare(c, d) : first
}

const compareDifferences = (a: Pair, b: Pair, isOrdered: boolean, fuel: Fuel): Comparison => {
  const [p, q] = [a, b].map(({ left, right }) => {
    const form = canonical(Make.binary("-", left, right), fuel)
    return form && (isOrdered ? form : numerator(form, fuel))
  })
  if (p === undefined || q === undefined) return undecided(isEmpty(fuel) ? "budget" : "undefined", "equation")
  if (P.isZero(p) || P.isZero(q)) return decided(P.isZero(p) && P.isZero(q), "equation")
  const [c, d] = leading(p, q)
  if (c === undefined || d === undefined) return different("equation")
  // p = (c/d) q, without division: d p = c q.
  const [left, right] = [P.multiply(d, p, fuel), P.multiply(c, q, fuel)]
  if (left === undefined || right === undefined) return undecided("budget", "equation")
  const proportional = compareForms(left, right, fuel)
  if (!isEqual(proportional) || !isOrdered) return { ...proportional, rule: "equation" }
  const [x, y] = [signOfForm(c, fuel), signOfForm(d, fuel)]
  return x === undefined || y === undefined
    ? undecided("undefined", "equation")
    : decided(x === y && x !== 0, "equation")
}

/** A form without denominators, and without a monomial of variables that divides it. */
const numerator = (p: Polynomial, fuel: Fuel): Polynomial | undefined => {
  const whole = Zero.cleared(p, fuel)
  if (whole === undefined || P.isZero(whole)) return whole
  const lowest = new Map<string, Factor>()
  const terms = Array.from(whole.values())
  for (const { factors } of terms)
    for (const factor of factors) {
      if (factor.atom.kind._tag !== "Variable") continue
      const exponents = terms.map(
        (t) => t.factors.find((f) => f.atom.key === factor.atom.key)?.exponent ?? Rational.zero,
      )
      const least = exponents.reduce((x, y) => (Rational.Ord.compare(y, x) < 0 ? y : x))
      // A common factor of positive degree is part of the equation: x² = x is not x = 1.
      if (least.numerator < 0n) lowest.set(factor.atom.key, { atom: factor.atom, exponent: least })
    }
  return P.product(
    [
      whole,
      ...Array.from(lowest.values(), ({ atom, exponent }) => P.fromAtom(atom, Rational.negate(exponent))),
    ],
    fuel,
  )
}

/** The coefficients, constants, of the same monomial of names in two forms. */
const leading = (p: Polynomial, q: Polynomial): readonly [Polynomial | undefined, Polynomial | undefined] => {
  const [a, b] = [byNames(p), byNames(q)]
  const key = Array.from(a.keys()).toSorted().at(-1) ?? ""
  return [a.get(key), b.get(key)]
}

/** A form as a polynomial in the names, with constants for coefficients. */
const byNames = (p: Polynomial): ReadonlyMap<string, Polynomial> => {
  const groups = new Map<string, Polynomial>()
  for (const { coefficient, factors } of p.values()) {
    const isConstant = ({ atom }: Factor): boolean => P.isClosed(P.fromAtom(atom))
    const key = P.keyOfFactors(factors.filter((f) => !isConstant(f)))
    const part = P.fromTerm({ coefficient, factors: factors.filter(isConstant) })
    groups.set(key, P.add(groups.get(key) ?? P.zero, part))
  }
  return groups
}
