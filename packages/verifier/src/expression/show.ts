/**
 * The canonical text of an expression, which `Parse.parse` reads back.
 */
import * as O from "fp-ts/lib/Option.js"
import * as Rational from "../Rational.ts"
import { type Algebra, fold } from "./fold.ts"
import type { Expression, RelationOperator, SetOperator } from "./model.ts"

/**
 * The text of an expression, every operation in parentheses.
 *
 *     parse(show(e)) = e        for every e that parsing gives
 *
 * ```ts import.meta.vitest
 * import { Expression, Parse } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * const canonical = (text: string) => E.map((p: Parse.Parsed) => Expression.show(p.expression))(Parse.parse(text))
 * canonical("\\frac12\\sqrt{2}x^2") // => E.right("(((1/2)*sqrt(2))*(x^2))")
 * canonical("x\\in(1,2]\\cup\\{3\\}") // => E.right("x \\in ((1, 2] \\cup \\{3\\})")
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const show = (expression: Expression): string => fold(texts)(expression)

const texts: Algebra<string> = (node, operands) => {
  const [a = "", b = ""] = operands
  switch (node._tag) {
    case "Number":
      return showNumber(node.value, node.decimals)
    case "Constant":
    case "Variable":
      return node.name
    case "Signed":
      return `(${node.sign}${a})`
    case "Binary":
      return `(${a}${node.operator}${b})`
    case "Power":
      return `(${a}^${b})`
    case "Apply":
      if (node.function === "log") return `\\log_{${a}}(${b})`
      return `${node.function}(${operands.join(", ")})`
    case "Call":
      return `${node.name}(${operands.join(", ")})`
    case "PlusMinus":
      return node.left === undefined ? `(±${a})` : `(${a}±${b})`
    case "Percent":
      return `(${a}%)`
    case "Quantity":
      return `(${a} \\text{${node.unit}})`
    case "InBase":
      return `${node.digits}_{${node.base}}`
    case "Time":
      return showTime(node.hours, [node.minutes, node.seconds], node.meridiem)
    case "Tuple":
      return `${node.open}${operands.join(", ")}${node.close}`
    case "List":
      return showList(operands, node.connective)
    case "Set":
      return `\\{${operands.join(", ")}\\}`
    case "SetBuilder":
      return `\\{${a} \\mid ${operands.slice(1).join(", ")}\\}`
    case "NamedSet":
      return `\\mathbb{${node.name}}`
    case "SetOperation":
      return `(${a} ${setOperators[node.operator]} ${b})`
    case "Relation":
      return operands
        .map((operand, i) => (i === 0 ? operand : `${relations[node.operators[i - 1] ?? "="]} ${operand}`))
        .join(" ")
    case "Matrix":
      return showMatrix(node.rows, operands)
    case "Ellipsis":
      return "..."
    case "Text":
      return `\\text{${node.text}}`
    case "Choice":
      return `(${node.letter})`
  }
}

/** With the zeros that were written at the end; a number that no digits spell is written as the quotient that it is. */
const showNumber = (value: Rational.Rational, decimals: number | undefined): string => {
  const text = O.getOrElse(() => `(${Rational.show(value)})`)(Rational.showDecimal(value))
  if (decimals === undefined || text.startsWith("(")) return text
  const [whole = "", written = ""] = text.split(".")
  return `${whole}.${written.padEnd(decimals, "0")}`
}

const showTime = (
  hours: number,
  parts: ReadonlyArray<number | undefined>,
  meridiem: "am" | "pm" | undefined,
): string => {
  const rest = parts.flatMap((part) => (part === undefined ? [] : [`:${`${part}`.padStart(2, "0")}`]))
  return `${hours}${rest.join("")}${meridiem === undefined ? "" : ` ${meridiem}`}`
}

const showList = (items: ReadonlyArray<string>, connective: "and" | "or" | undefined): string =>
  connective === undefined || items.length < 2
    ? items.join(", ")
    : `${items.slice(0, -1).join(", ")} \\text{ ${connective} } ${items.at(-1)}`

const showMatrix = (
  rows: ReadonlyArray<ReadonlyArray<Expression>>,
  operands: ReadonlyArray<string>,
): string => {
  const starts = rows.map((_, i) => rows.slice(0, i).reduce((count, row) => count + row.length, 0))
  const lines = rows.map((row, i) => operands.slice(starts[i], (starts[i] ?? 0) + row.length).join(" & "))
  return `\\begin{pmatrix}${lines.join(" \\\\ ")}\\end{pmatrix}`
}

const setOperators: Record<SetOperator, string> = {
  union: "\\cup",
  intersection: "\\cap",
  difference: "\\setminus",
}

const relations: Record<RelationOperator, string> = {
  "=": "=",
  "!=": "\\ne",
  "<": "<",
  "<=": "\\le",
  ">": ">",
  ">=": "\\ge",
  in: "\\in",
  notin: "\\notin",
  subset: "\\subseteq",
  approx: "\\approx",
  equivalent: "\\equiv",
  divides: "\\mid",
}
