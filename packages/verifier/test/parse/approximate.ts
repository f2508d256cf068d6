/** The value of a formula in double precision, by the oracle's conventions; independent of the package's own arithmetic. */
import { Expression, Rational } from "@rapo/verifier"

const functions: Readonly<
  Partial<Record<Expression.FunctionName, (...args: ReadonlyArray<number>) => number>>
> = {
  sqrt: Math.sqrt,
  root: (degree = 2, x = 0) => x ** (1 / degree),
  ln: Math.log,
  log: (base = 10, x = 1) => Math.log(x) / Math.log(base),
  exp: Math.exp,
  abs: Math.abs,
  floor: Math.floor,
  ceiling: Math.ceil,
  factorial: (n = 0) => Array.from({ length: n }, (_, i) => i + 1).reduce((a, b) => a * b, 1),
  binomial: (n = 0, k = 0) =>
    Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((a, b) => a * b, 1),
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  cot: (x = 0) => 1 / Math.tan(x),
  sec: (x = 0) => 1 / Math.cos(x),
  csc: (x = 0) => 1 / Math.sin(x),
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  // The oracle does not read the sign of degrees.
  degrees: (x = 0) => x,
}

const constants: Readonly<Partial<Record<Expression.ConstantName, number>>> = { pi: Math.PI, e: Math.E }

/** NaN where a formula has variables, or is no formula. */
export const approximate: (expression: Expression.Expression) => number = Expression.fold<number>(
  (node, [a = Number.NaN, b = Number.NaN, ...rest]) => {
    if (node._tag === "Number") return Rational.toNumber(node.value)
    // Nor the base of a number, nor that 9:24 may be a time.
    if (node._tag === "InBase") return Number(node.digits)
    if (node._tag === "Time")
      return node.hours / (node.minutes === 0 ? 1 : node.minutes) / (node.seconds ?? 1)
    if (node._tag === "Constant") return constants[node.name] ?? Number.NaN
    if (node._tag === "Signed") return node.sign === "-" ? -a : a
    if (node._tag === "Binary") return { "+": a + b, "-": a - b, "*": a * b, "/": a / b }[node.operator]
    if (node._tag === "Power") return a ** b
    if (node._tag === "Percent") return a / 100
    if (node._tag === "Quantity") return a
    return node._tag === "Apply" ? (functions[node.function]?.(a, b, ...rest) ?? Number.NaN) : Number.NaN
  },
)
