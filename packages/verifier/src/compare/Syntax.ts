/**
 * Questions about expressions that need no arithmetic, or nearly none.
 */
import * as Make from "../Expression.ts"
import type { Expression } from "../Expression.ts"
import * as Rational from "../Rational.ts"
import { isFormula } from "./Formula.ts"

// refinements

/**
 * Whether two expressions are the same syntax. How a number was written does not count: 0.50 is 0.5.
 *
 * @category refinements
 * @since 0.1.0
 */
export const isSame = (a: Expression, b: Expression): boolean => {
  if (a === b) return true
  if (a._tag !== b._tag || !hasSameLabel(a, b)) return false
  const [x, y] = [Make.operandsOf(a), Make.operandsOf(b)]
  if (x.length !== y.length) return false
  for (let k = 0; k < x.length; k++) {
    const [left, right] = [x[k], y[k]]
    if (left === undefined || right === undefined || !isSame(left, right)) return false
  }
  return true
}

/** Whether two nodes differ in their operands only. */
const hasSameLabel = (a: Expression, b: Expression): boolean => {
  switch (a._tag) {
    case "Number":
      return b._tag === a._tag && Rational.Eq.equals(a.value, b.value)
    case "Constant":
    case "Variable":
    case "NamedSet":
    case "Call":
      return b._tag === a._tag && a.name === b.name
    case "Signed":
      return b._tag === a._tag && a.sign === b.sign
    case "Binary":
    case "SetOperation":
      return b._tag === a._tag && a.operator === b.operator
    case "Apply":
      return b._tag === a._tag && a.function === b.function
    case "Quantity":
      return b._tag === a._tag && a.unit === b.unit
    case "InBase":
      return b._tag === a._tag && a.base === b.base && Rational.Eq.equals(a.value, b.value)
    case "Time":
      return (
        b._tag === a._tag &&
        a.hours === b.hours &&
        a.minutes === b.minutes &&
        a.seconds === b.seconds &&
        a.meridiem === b.meridiem
      )
    case "Tuple":
      return b._tag === a._tag && a.open === b.open && a.close === b.close
    case "Relation":
      return b._tag === a._tag && a.operators.join() === b.operators.join()
    case "Matrix":
      return b._tag === a._tag && a.rows.length === b.rows.length
    case "Text":
      return b._tag === a._tag && a.text === b.text
    case "Choice":
      return b._tag === a._tag && a.letter === b.letter
    case "PlusMinus":
      return b._tag === a._tag && (a.left === undefined) === (b.left === undefined)
    case "Power":
    case "Percent":
    case "List":
    case "Set":
    case "SetBuilder":
    case "Ellipsis":
      return true
  }
}

/**
 * Whether some node of an expression is one of some kinds.
 *
 * @category refinements
 * @since 0.1.0
 */
export const contains = (e: Expression, ...tags: ReadonlyArray<Expression["_tag"]>): boolean =>
  tags.includes(e._tag) || (!isLeaf(e) && Make.operandsOf(e).some((operand) => contains(operand, ...tags)))

/** What most leaves are: for them nothing need be looked at. */
const isLeaf = ({ _tag }: Expression): boolean => _tag === "Number" || _tag === "Variable"

/**
 * Whether an expression is nested less deeply than the functions that recurse on it can follow.
 *
 * @category refinements
 * @since 0.1.0
 */
export const isShallow = (e: Expression, bound: number): boolean => {
  if (bound === 0) return false
  if (isLeaf(e)) return true
  for (const operand of Make.operandsOf(e)) if (!isShallow(operand, bound - 1)) return false
  return true
}

/** Whether an expression stands for numbers: no structure, no relation, no word. */
export const isScalar = (e: Expression): boolean =>
  isFormula(e) || e._tag === "PlusMinus" || e._tag === "Time"

/**
 * Whether an expression names something: a variable, the value of a function, a product or ratio of such (AB, V₁ : V₂), or a
 * tuple of names. What stands for a number and is none.
 *
 * @category refinements
 * @since 0.1.0
 */
export const isName = (e: Expression): boolean => {
  if (e._tag === "Variable" || e._tag === "Call") return true
  if (e._tag === "Binary")
    return (e.operator === "*" || e.operator === "/") && isName(e.left) && isName(e.right)
  if (e._tag === "Apply") return nameable.has(e.function) && e.arguments.every(isName)
  return (e._tag === "Tuple" || e._tag === "List") && e.items.length > 0 && e.items.every(isName)
}

const nameable: ReadonlySet<string> = new Set(["abs", "sin", "cos", "tan", "cot", "sec", "csc", "ln"])

// destructors

/**
 * The rational number that short arithmetic gives, without powers and functions.
 *
 * @category destructors
 * @since 0.1.0
 */
export const numberOf = (e: Expression): Rational.Rational | undefined => {
  if (e._tag === "Number") return e.value
  if (e._tag === "Signed") {
    const value = numberOf(e.operand)
    return value && (e.sign === "-" ? Rational.negate(value) : value)
  }
  if (e._tag !== "Binary") return undefined
  const left = numberOf(e.left)
  const right = left && numberOf(e.right)
  if (left === undefined || right === undefined) return undefined
  if (Rational.size(left) + Rational.size(right) > 4096) return undefined
  return e.operator === "/" && right.numerator === 0n ? undefined : operations[e.operator](left, right)
}

const operations = {
  "+": Rational.add,
  "-": Rational.subtract,
  "*": Rational.multiply,
  "/": Rational.Field.div,
}

/**
 * The sign of an infinity, if the expression is one.
 *
 * @category destructors
 * @since 0.1.0
 */
export const infinityOf = (e: Expression): -1 | 1 | undefined => {
  if (e._tag === "Constant" && e.name === "infinity") return 1
  if (e._tag !== "Signed") return undefined
  const operand = infinityOf(e.operand)
  return operand === undefined ? undefined : e.sign === "+" ? operand : operand === 1 ? -1 : 1
}

/**
 * What a chain of equations says that something is: the last value, where a name or only numbers stand before it.
 *
 *     x = 1/3 → 1/3     z = 1 + 1 = 2 → 2     √4 = 2 → 2     5 = x → 5     2x + z = 1 → nothing
 *
 * @category destructors
 * @since 0.1.0
 */
export const assignment = (
  e: Expression,
): { readonly name: Expression | undefined; readonly value: Expression } | undefined => {
  if (e._tag !== "Relation" || e.operators.length === 0 || !e.operators.every((o) => o === "="))
    return undefined
  const [first, last] = [e.operands[0], e.operands.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const name = e.operands.slice(0, -1).find(isName)
  if (name !== undefined) return { name, value: last }
  if (e.operands.length === 2 && isName(last)) return { name: last, value: first }
  return e.operands.some((operand) => contains(operand, "Variable", "Call"))
    ? undefined
    : { name: undefined, value: last }
}

/**
 * The variables of an expression, in the order of the text.
 *
 * @category destructors
 * @since 0.1.0
 */
export const variablesOf = (e: Expression): ReadonlyArray<string> => {
  const names = new Set<string>()
  const visit = (node: Expression): void => {
    if (node._tag === "Variable") names.add(node.name)
    Make.operandsOf(node).forEach(visit)
  }
  visit(e)
  return Array.from(names)
}

// combinators

/**
 * An expression with each node replaced, from the leaves up.
 *
 * @category combinators
 * @since 0.1.0
 */
export const mapNodes = (e: Expression, f: (node: Expression) => Expression): Expression => {
  const go = (x: Expression): Expression => mapNodes(x, f)
  switch (e._tag) {
    case "Signed":
      return f({ ...e, operand: go(e.operand) })
    case "Binary":
    case "SetOperation":
      return f({ ...e, left: go(e.left), right: go(e.right) })
    case "Power":
      return f({ ...e, base: go(e.base), exponent: go(e.exponent) })
    case "Apply":
    case "Call":
      return f({ ...e, arguments: e.arguments.map(go) })
    case "PlusMinus":
      return f({ ...e, left: e.left && go(e.left), right: go(e.right) })
    case "Percent":
    case "Quantity":
      return f({ ...e, value: go(e.value) })
    case "Tuple":
    case "List":
    case "Set":
      return f({ ...e, items: e.items.map(go) })
    case "SetBuilder":
      return f({ ...e, element: go(e.element), conditions: e.conditions.map(go) })
    case "Relation":
      return f({ ...e, operands: e.operands.map(go) })
    case "Matrix":
      return f({ ...e, rows: e.rows.map((row) => row.map(go)) })
    case "Number":
    case "Constant":
    case "Variable":
    case "InBase":
    case "Time":
    case "NamedSet":
    case "Ellipsis":
    case "Text":
    case "Choice":
      return f(e)
  }
}
