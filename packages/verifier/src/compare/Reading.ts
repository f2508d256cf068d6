/**
 * An answer as it is meant, before it is compared: what is only another way of writing goes.
 *
 *     √3/3 ≈ 0.577   → √3/3         (5)            → 5              1, with one item → the item
 *     x = 2/6 = 1/3  → x = 1/3      (p, q) = (3,2) → p = 3, q = 2   A + B, of matrices → their sum
 */
import * as Make from "../Expression.ts"
import type { Expression } from "../Expression.ts"
import * as Rational from "../Rational.ts"
import * as Syntax from "./Syntax.ts"
import * as Unit from "./Unit.ts"
import { exceptionOf, isAllReals, isNoSolution, numberIn } from "./Words.ts"

// combinators

/**
 * The answer as it is meant.
 *
 * @category combinators
 * @since 0.1.0
 */
export const read = (e: Expression): Expression => {
  if (e._tag === "Relation") return withoutApproximation(e)
  if (e._tag === "Tuple" || e._tag === "List") {
    const [only, more] = e.items
    const compound = e._tag === "List" && e.connective === "and" ? compoundOf(e.items) : undefined
    if (compound !== undefined) return compound
    return only !== undefined && more === undefined ? read(only) : e
  }
  if (e._tag === "Matrix") return e.rows.length === 1 && e.rows[0]?.length === 1 ? (e.rows[0][0] ?? e) : e
  if (e._tag === "Text") return meaningOf(e)
  if (e._tag !== "Signed" && e._tag !== "Binary") return e
  // Words after a formula are prose.
  if (e._tag === "Binary" && e.operator === "*" && e.right._tag === "Text" && !Syntax.isName(e.left))
    return read(e.left)
  // A point and its name: P(1, 2).
  if (e._tag === "Binary" && e.operator === "*" && e.right._tag === "Tuple" && isLabel(e.left)) return e.right
  if (e._tag === "Binary" && e.right._tag === "Quantity") return inOneUnit(e)
  return Syntax.contains(e, "Matrix") ? (matrixOf(e) ?? e) : e
}

/** What words say that is no word. */
const meaningOf = (e: Extract<Expression, { readonly _tag: "Text" }>): Expression => {
  if (isNoSolution(e)) return Make.set([])
  if (isAllReals(e)) return Make.namedSet("R")
  const exception = exceptionOf(e)
  if (exception !== undefined)
    return Make.setOperation("difference", Make.namedSet("R"), Make.set([numeral(exception)]))
  const value = numberIn(e)
  return value === undefined ? e : numeral(value)
}

const numeral = (value: Rational.Rational): Expression => {
  const size = value.numerator < 0n ? Rational.negate(value) : value
  const above = Make.number(Rational.fromInteger(size.numerator))
  const whole = Rational.isInteger(size)
    ? above
    : Make.binary("/", above, Make.number(Rational.fromInteger(size.denominator)))
  return value.numerator < 0n ? Make.signed("-", whole) : whole
}

const isLabel = (e: Expression): boolean => e._tag === "Variable" && /^[A-Z]$/.test(e.name)

/** 5 feet 6 inches in feet: a sum of measures of one kind, in the unit of the first. */
const inOneUnit = (e: Extract<Expression, { readonly _tag: "Binary" }>): Expression => {
  if (e.operator !== "+" || e.right._tag !== "Quantity") return e
  const left = e.left._tag === "Binary" ? inOneUnit(e.left) : e.left
  const ratio = left._tag === "Quantity" ? Unit.ratio(e.right.unit, left.unit) : undefined
  if (left._tag !== "Quantity" || ratio === undefined) return e
  const converted = Make.binary("*", e.right.value, numeral(ratio))
  return Make.quantity(Make.binary("+", left.value, converted), left.unit)
}

/** 5 hours and 30 minutes: measures of one kind, in smaller and smaller units. */
const compoundOf = (items: ReadonlyArray<Expression>): Expression | undefined => {
  const [first, ...rest] = items
  if (first?._tag !== "Quantity" || rest.length === 0) return undefined
  let sum: Expression = first
  let unit = first.unit
  for (const item of rest) {
    const ratio = item._tag === "Quantity" ? Unit.ratio(item.unit, unit) : undefined
    if (item._tag !== "Quantity" || ratio === undefined || ratio.numerator >= ratio.denominator)
      return undefined
    sum = inOneUnit({ _tag: "Binary", operator: "+", left: sum, right: item })
    unit = item.unit
  }
  return sum
}

const withoutApproximation = (e: Extract<Expression, { readonly _tag: "Relation" }>): Expression => {
  const at = e.operators.indexOf("approx")
  const [first] = e.operands
  if (at < 0) return e
  // x ≈ 5.000 says what x is; √3/3 ≈ 0.577 is exact on its left.
  if (at === 0 && first !== undefined)
    return Syntax.isName(first) ? Make.relation(e.operands.slice(0, 2), ["="]) : read(first)
  return Make.relation(e.operands.slice(0, at + 1), e.operators.slice(0, at))
}

/**
 * The assignments that an equation of tuples makes: (p, q) = (3, 2) says p = 3 and q = 2.
 *
 * @category destructors
 * @since 0.1.0
 */
export const assignmentsOf = (e: Expression): ReadonlyArray<Expression> | undefined => {
  if (e._tag === "List") {
    const named = e.items.map((item) => Syntax.assignment(item)?.name)
    return named.every((name) => name !== undefined) && named.length > 1 ? e.items : undefined
  }
  const assigned = Syntax.assignment(e)
  if (assigned?.name?._tag !== "Tuple" || assigned.value._tag !== "Tuple") return undefined
  const [names, values] = [assigned.name.items, assigned.value.items]
  if (names.length !== values.length) return undefined
  return names.map((name, k) => Make.relation([name, values[k] ?? name], ["="]))
}

/**
 * Whether a fraction of integers with a common factor stands somewhere in an answer.
 *
 * @category refinements
 * @since 0.1.0
 */
export const isUnreduced = (e: Expression): boolean => {
  if (e._tag === "Binary" && e.operator === "/") {
    const [above, below] = [integerOf(e.left), integerOf(e.right)]
    if (above !== undefined && below !== undefined && below !== 0n) {
      const q = Rational.Field.div(Rational.fromInteger(above), Rational.fromInteger(below))
      return q.denominator !== below
    }
  }
  return Make.operandsOf(e).some(isUnreduced)
}

// numerics

const integerOf = (e: Expression): bigint | undefined => {
  if (e._tag === "Signed") return integerOf(e.operand)
  return e._tag === "Number" && e.decimals === undefined ? e.value.numerator : undefined
}

type Rows = ReadonlyArray<ReadonlyArray<Expression>>

/** Sums, products and multiples of matrices, worked out. */
const matrixOf = (e: Expression): Expression | undefined => {
  const rows = rowsOf(e)
  return rows && { _tag: "Matrix", rows }
}

const rowsOf = (e: Expression): Rows | undefined => {
  if (e._tag === "Matrix") return e.rows
  if (e._tag === "Signed") return rowsOf(e.operand)?.map((row) => row.map((x) => Make.signed(e.sign, x)))
  if (e._tag !== "Binary") return undefined
  const [left, right] = [rowsOf(e.left), rowsOf(e.right)]
  const entrywise = (rows: Rows, f: (x: Expression) => Expression): Rows => rows.map((row) => row.map(f))
  if (left !== undefined && right !== undefined) {
    if (e.operator === "*") return product(left, right)
    if (e.operator === "/" || left.length !== right.length || left[0]?.length !== right[0]?.length)
      return undefined
    return left.map((row, i) => row.map((x, j) => Make.binary(e.operator, x, right[i]?.[j] ?? x)))
  }
  if (left !== undefined && (e.operator === "*" || e.operator === "/"))
    return entrywise(left, (x) => Make.binary(e.operator, x, e.right))
  if (right !== undefined && e.operator === "*") return entrywise(right, (x) => Make.binary("*", e.left, x))
  return undefined
}

const product = (left: Rows, right: Rows): Rows | undefined => {
  const inner = right.length
  if (inner === 0 || inner > 16 || left.length > 16 || !left.every((row) => row.length === inner))
    return undefined
  const columns = right[0]?.length ?? 0
  return left.map((row) =>
    Array.from({ length: columns }, (_, j) =>
      row
        .map((x, k) => Make.binary("*", x, right[k]?.[j] ?? x))
        .reduce((sum, term) => Make.binary("+", sum, term)),
    ),
  )
}
