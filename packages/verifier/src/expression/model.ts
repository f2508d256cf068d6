/**
 * The syntax of answers: what a person who answers a question of mathematics writes, as data.
 *
 * It is a concrete syntax, one step away from the text. 2 + 3 is not 5 here, `50%` is not 1/2, and `(1, 2)` is a pair in
 * parentheses, not yet a point or an interval: what counts as the same is for `Compare` to say, not for a parser.
 */
import type { Rational } from "../Rational.ts"

/** @category models */
export type Sign = "+" | "-"

/** @category models */
export type Operator = "+" | "-" | "*" | "/"

/**
 * The functions that have a meaning of their own.
 *
 *     root(n, x) = ⁿ√x      log(b, x) = log_b x      mod(a, b) = a mod b      degrees(x) = x·π/180, which x° means
 *
 * All others take one argument, but for `min`, `max`, `gcd`, `lcm` (any number) and `binomial(n, k)`. A logarithm that
 * names no base has base 10; `ln` is the natural one.
 *
 * @category models
 * @since 0.1.0
 */
export type FunctionName =
  | "sqrt"
  | "root"
  | "ln"
  | "log"
  | "exp"
  | "abs"
  | "floor"
  | "ceiling"
  | "factorial"
  | "binomial"
  | "gcd"
  | "lcm"
  | "min"
  | "max"
  | "mod"
  | "sin"
  | "cos"
  | "tan"
  | "cot"
  | "sec"
  | "csc"
  | "arcsin"
  | "arccos"
  | "arctan"
  | "arccot"
  | "arcsec"
  | "arccsc"
  | "sinh"
  | "cosh"
  | "tanh"
  | "real"
  | "imaginary"
  | "conjugate"
  | "degrees"

/** @category models */
export type RelationOperator =
  "=" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "notin" | "subset" | "approx" | "equivalent" | "divides"

/** @category models */
export type ConstantName = "pi" | "e" | "i" | "infinity"

/** @category models */
export type SetName = "N" | "Z" | "Q" | "R" | "C"

/** @category models */
export type SetOperator = "union" | "intersection" | "difference"

/** @category models */
export type Opening = "(" | "[" | "]"

/** @category models */
export type Closing = ")" | "]" | "["

/**
 * An answer. A negative number is a `Signed` one: a `Number` is what digits spell, so never negative, and `decimals`
 * remembers how many digits were written after the point ("0.50" has 2; an integer has no such field).
 *
 * @category models
 * @since 0.1.0
 */
export type Expression =
  // scalars
  | { readonly _tag: "Number"; readonly value: Rational; readonly decimals?: number }
  | { readonly _tag: "Constant"; readonly name: ConstantName }
  /** A name: `x`, `x_1`, `alpha`, `A`, `f'`. */
  | { readonly _tag: "Variable"; readonly name: string }
  | { readonly _tag: "Signed"; readonly sign: Sign; readonly operand: Expression }
  | {
      readonly _tag: "Binary"
      readonly operator: Operator
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly _tag: "Power"; readonly base: Expression; readonly exponent: Expression }
  | {
      readonly _tag: "Apply"
      readonly function: FunctionName
      readonly arguments: ReadonlyArray<Expression>
    }
  /** A function without a meaning of its own: `f(x)`, a sum over an index, a determinant. */
  | { readonly _tag: "Call"; readonly name: string; readonly arguments: ReadonlyArray<Expression> }
  /** `a ± b`, or `± b`. */
  | { readonly _tag: "PlusMinus"; readonly left: Expression | undefined; readonly right: Expression }
  | { readonly _tag: "Percent"; readonly value: Expression }
  /** A value and its unit, in normal form: "cm^2", "dollar", "mile/hour". */
  | { readonly _tag: "Quantity"; readonly value: Expression; readonly unit: string }
  /** 1010_2: the value 10, the base 2, the digits "1010". */
  | {
      readonly _tag: "InBase"
      readonly value: Rational
      readonly base: number
      readonly digits: string
    }
  | {
      readonly _tag: "Time"
      readonly hours: number
      readonly minutes: number
      readonly seconds?: number
      readonly meridiem?: "am" | "pm"
    }
  // structures
  /** `(1, 2)`, `[1, 2]`, `(1, 2]`, `]1, 2[`: an interval where the comparison says so. */
  | {
      readonly _tag: "Tuple"
      readonly open: Opening
      readonly close: Closing
      readonly items: ReadonlyArray<Expression>
    }
  /** Several answers without brackets, and the word between the last two, if there is one: "1, 2 and 3". */
  | {
      readonly _tag: "List"
      readonly items: ReadonlyArray<Expression>
      readonly connective?: "and" | "or"
    }
  /** `{1, 2}`; the empty set has no items. */
  | { readonly _tag: "Set"; readonly items: ReadonlyArray<Expression> }
  | {
      readonly _tag: "SetBuilder"
      readonly element: Expression
      readonly conditions: ReadonlyArray<Expression>
    }
  | { readonly _tag: "NamedSet"; readonly name: SetName }
  | {
      readonly _tag: "SetOperation"
      readonly operator: SetOperator
      readonly left: Expression
      readonly right: Expression
    }
  /** A chain `a < b ≤ c`: one operator fewer than operands. */
  | {
      readonly _tag: "Relation"
      readonly operands: ReadonlyArray<Expression>
      readonly operators: ReadonlyArray<RelationOperator>
    }
  | { readonly _tag: "Matrix"; readonly rows: ReadonlyArray<ReadonlyArray<Expression>> }
  | { readonly _tag: "Ellipsis" }
  /** Words: single spaces between them, nothing around them. */
  | { readonly _tag: "Text"; readonly text: string }
  /** A letter of a multiple-choice question: "(B)". */
  | { readonly _tag: "Choice"; readonly letter: string }
