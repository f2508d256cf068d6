/**
 * Expressions that may have one number as their value, and the values of several.
 */
import type { Expression } from "../Expression.ts"

// model

/**
 * What may have one number as its value.
 *
 * @category models
 * @since 0.2.0
 */
export type Formula = Extract<
  Expression,
  {
    readonly _tag:
      | "Number"
      | "Constant"
      | "Variable"
      | "Signed"
      | "Binary"
      | "Power"
      | "Apply"
      | "Call"
      | "Percent"
      | "Quantity"
      | "InBase"
  }
>

// refinements

/**
 * Whether an expression is a formula: no structure, no relation, no word, not several values at once.
 *
 * @category refinements
 * @since 0.2.0
 */
export const isFormula = (e: Expression): e is Formula => formulas.has(e._tag)

const formulas: ReadonlySet<Expression["_tag"]> = new Set<Formula["_tag"]>([
  "Number",
  "Constant",
  "Variable",
  "Signed",
  "Binary",
  "Power",
  "Apply",
  "Call",
  "Percent",
  "Quantity",
  "InBase",
])

// destructors

/**
 * The values of all items, where all have one; the first without ends it.
 *
 * @category destructors
 * @since 0.2.0
 */
export const valuesOf = <A>(
  items: ReadonlyArray<Expression>,
  value: (item: Expression) => A | undefined,
): ReadonlyArray<A> | undefined => {
  const values: Array<A> = []
  for (const item of items) {
    const found = value(item)
    if (found === undefined) return undefined
    values.push(found)
  }
  return values
}
