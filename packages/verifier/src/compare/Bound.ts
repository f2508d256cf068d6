/**
 * Sums, products and determinants: what is finite is written out, and what is not has an index without a name.
 *
 *     \sum_{k=1}^{3} k² = 1² + 2² + 3²       |a b; c d| = a d − b c       \sum_{k=1}^{n} k = \sum_{i=1}^{n} i
 *
 * What remains stands for a value that nobody computed: it equals itself, and is known where its bounds are.
 */
import * as Make from "../Expression.ts"
import type { Expression } from "../Expression.ts"
import * as Rational from "../Rational.ts"
import * as Syntax from "./Syntax.ts"

// refinements

/** Whether a sum, product or limit stands in an expression: no unknown function, and no value either. */
export const isOpen = (e: Expression): boolean =>
  (e._tag === "Call" && (e.name === "sum" || e.name === "product" || e.name === "limit")) ||
  Make.operandsOf(e).some(isOpen)

/** Whether a name is that of an index, which no value may be put in place of. */
export const isIndex = (name: string): boolean => name.startsWith("#")

// combinators

/** The expression with what is finite written out, and its other indices renamed. */
export const writtenOut = (e: Expression): Expression =>
  Syntax.contains(e, "Call")
    ? Syntax.mapNodes(e, (node) => (node._tag === "Call" ? evaluated(node) : node))
    : e

/** The same expression with numbers for names, written out. */
export const at = (e: Expression, valueOf: (name: Expression) => Rational.Rational | undefined): Expression =>
  writtenOut(
    Syntax.mapNodes(e, (node) => {
      const value = node._tag === "Variable" && !isIndex(node.name) ? valueOf(node) : undefined
      return value === undefined ? node : constant(value)
    }),
  )

// numerics

type Call = Extract<Expression, { readonly _tag: "Call" }>

/** Ours: terms of a sum, and nodes of all of them. A sum of more is left as it is. */
const mostTerms = 200
const mostNodes = 4000

/** A larger determinant has more products than anyone wrote down. */
const mostRows = 4

const evaluated = (call: Call): Expression => {
  const [first, second, body] = call.arguments
  if (call.name === "det" && first?._tag === "Matrix") return determinant(first.rows) ?? call
  if (call.name !== "sum" && call.name !== "product") return call
  const index = first?._tag === "Relation" && first.operators.join() === "=" ? first.operands[0] : undefined
  const from = first?._tag === "Relation" ? first.operands[1] : undefined
  if (
    index === undefined ||
    !isName(index) ||
    from === undefined ||
    second === undefined ||
    body === undefined
  )
    return call
  const [low, high] = [Syntax.numberOf(from), Syntax.numberOf(second)]
  if (low === undefined || high === undefined) return renamed(call, index)
  const terms = termsBetween(low, high, body, index)
  return terms === undefined
    ? renamed(call, index)
    : joined(
        terms,
        call.name === "sum" ? "+" : "*",
        constant(call.name === "sum" ? Rational.zero : Rational.one),
      )
}

const termsBetween = (
  low: Rational.Rational,
  high: Rational.Rational,
  body: Expression,
  index: Expression,
): ReadonlyArray<Expression> | undefined => {
  if (!Rational.isInteger(low) || !Rational.isInteger(high)) return undefined
  const count = Number(high.numerator - low.numerator) + 1
  if (!(count <= mostTerms) || count * Make.nodesOf(body).length > mostNodes) return undefined
  return Array.from({ length: Math.max(count, 0) }, (_, k) =>
    substituted(body, index, constant(Rational.fromInteger(low.numerator + BigInt(k)))),
  )
}

const constant = (value: Rational.Rational): Expression => {
  const absolute = (n: bigint): Expression => Make.number(Rational.fromInteger(n < 0n ? -n : n))
  const above = absolute(value.numerator)
  const size = Rational.isInteger(value) ? above : Make.binary("/", above, absolute(value.denominator))
  return value.numerator < 0n ? Make.signed("-", size) : size
}

/** The letter i is an index here, and no constant. */
const isName = (e: Expression): boolean => e._tag === "Variable" || (e._tag === "Constant" && e.name === "i")

const substituted = (e: Expression, name: Expression, value: Expression): Expression =>
  Syntax.mapNodes(e, (node) => (node._tag === name._tag && Syntax.isSame(node, name) ? value : node))

/** Halves of halves, so that it is not deep. */
const joined = (terms: ReadonlyArray<Expression>, operator: "+" | "*", neutral: Expression): Expression => {
  const [first] = terms
  if (first === undefined) return neutral
  if (terms.length === 1) return first
  const middle = terms.length >> 1
  return Make.binary(
    operator,
    joined(terms.slice(0, middle), operator, neutral),
    joined(terms.slice(middle), operator, neutral),
  )
}

/** The index named by how many it stands above. */
const renamed = (call: Call, index: Expression): Expression => {
  const level = Syntax.variablesOf(call).filter(isIndex).length
  return index._tag === "Variable" && isIndex(index.name)
    ? call
    : substituted(call, index, Make.variable(`#${level}`))
}

type Rows = ReadonlyArray<ReadonlyArray<Expression>>

/** Along the first row. */
const determinant = (rows: Rows): Expression | undefined => {
  const [first, ...others] = rows
  if (first === undefined || rows.length > mostRows || rows.some((row) => row.length !== rows.length))
    return undefined
  if (others.length === 0) return first[0]
  const minors = first.map((_, k) => determinant(others.map((row) => row.filter((__, j) => j !== k))))
  return first
    .map((entry, k) => Make.binary("*", entry, minors[k] ?? entry))
    .reduce((sum, product, k) => Make.binary(k % 2 === 0 ? "+" : "-", sum, product))
}
