/**
 * Constructors of the syntax, one for each kind of node, named after it.
 */
import type { Rational } from "../Rational.ts"
import type {
  Closing,
  ConstantName,
  Expression,
  FunctionName,
  Opening,
  Operator,
  RelationOperator,
  SetName,
  SetOperator,
  Sign,
} from "./model.ts"

// scalars

/**
 * What digits spell: a value >= 0 and, for a decimal, how many digits follow the point.
 *
 * @category constructors
 * @since 0.1.0
 */
export const number = (value: Rational, decimals?: number): Expression =>
  decimals === undefined ? { _tag: "Number", value } : { _tag: "Number", value, decimals }

/** @category constructors */
export const constant = (name: ConstantName): Expression => ({ _tag: "Constant", name })

/** @category constructors */
export const variable = (name: string): Expression => ({ _tag: "Variable", name })

/** @category constructors */
export const signed = (sign: Sign, operand: Expression): Expression => ({ _tag: "Signed", sign, operand })

/** @category constructors */
export const binary = (operator: Operator, left: Expression, right: Expression): Expression => ({
  _tag: "Binary",
  operator,
  left,
  right,
})

/** @category constructors */
export const power = (base: Expression, exponent: Expression): Expression => ({
  _tag: "Power",
  base,
  exponent,
})

/** @category constructors */
export const apply = (name: FunctionName, ...args: ReadonlyArray<Expression>): Expression => ({
  _tag: "Apply",
  function: name,
  arguments: args,
})

/** @category constructors */
export const call = (name: string, ...args: ReadonlyArray<Expression>): Expression => ({
  _tag: "Call",
  name,
  arguments: args,
})

/** @category constructors */
export const plusMinus = (left: Expression | undefined, right: Expression): Expression => ({
  _tag: "PlusMinus",
  left,
  right,
})

/** @category constructors */
export const percent = (value: Expression): Expression => ({ _tag: "Percent", value })

/** @category constructors */
export const quantity = (value: Expression, unit: string): Expression => ({ _tag: "Quantity", value, unit })

/** @category constructors */
export const inBase = (value: Rational, base: number, digits: string): Expression => ({
  _tag: "InBase",
  value,
  base,
  digits,
})

/** @category constructors */
export const time = (
  hours: number,
  minutes: number,
  meridiem?: "am" | "pm",
  seconds?: number,
): Expression => ({
  _tag: "Time",
  hours,
  minutes,
  ...(seconds === undefined ? {} : { seconds }),
  ...(meridiem === undefined ? {} : { meridiem }),
})

// structures

/** @category constructors */
export const tuple = (
  items: ReadonlyArray<Expression>,
  open: Opening = "(",
  close: Closing = ")",
): Expression => ({ _tag: "Tuple", open, close, items })

/** @category constructors */
export const list = (items: ReadonlyArray<Expression>, connective?: "and" | "or"): Expression =>
  connective === undefined ? { _tag: "List", items } : { _tag: "List", items, connective }

/** @category constructors */
export const set = (items: ReadonlyArray<Expression>): Expression => ({ _tag: "Set", items })

/** @category constructors */
export const setBuilder = (element: Expression, conditions: ReadonlyArray<Expression>): Expression => ({
  _tag: "SetBuilder",
  element,
  conditions,
})

/** @category constructors */
export const namedSet = (name: SetName): Expression => ({ _tag: "NamedSet", name })

/** @category constructors */
export const setOperation = (operator: SetOperator, left: Expression, right: Expression): Expression => ({
  _tag: "SetOperation",
  operator,
  left,
  right,
})

/** @category constructors */
export const relation = (
  operands: ReadonlyArray<Expression>,
  operators: ReadonlyArray<RelationOperator>,
): Expression => ({ _tag: "Relation", operands, operators })

/** @category constructors */
export const matrix = (rows: ReadonlyArray<ReadonlyArray<Expression>>): Expression => ({
  _tag: "Matrix",
  rows,
})

/** @category constructors */
export const ellipsis: Expression = { _tag: "Ellipsis" }

/** @category constructors */
export const text = (words: string): Expression => ({ _tag: "Text", text: words })

/** @category constructors */
export const choice = (letter: string): Expression => ({ _tag: "Choice", letter })
