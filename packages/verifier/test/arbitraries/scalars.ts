import * as fc from "fast-check"
import { Expression, Rational } from "@rapo/verifier"

type E = Expression.Expression

export const int = (n: number | bigint): E =>
  n < 0
    ? Expression.signed("-", Expression.number(Rational.fromInteger(-n)))
    : Expression.number(Rational.fromInteger(n))

const add = (a: E, b: E): E => Expression.binary("+", a, b)
const sub = (a: E, b: E): E => Expression.binary("-", a, b)
const mul = (a: E, b: E): E => Expression.binary("*", a, b)
const div = (a: E, b: E): E => Expression.binary("/", a, b)
const sqrt = (a: E): E => Expression.apply("sqrt", a)

const small = fc.integer({ min: 1, max: 12 })
const shape = { maxDepth: 3, depthSize: "small" } as const

/** Positive real algebraic constants, and others that are real and defined. */
const { positive, real } = fc.letrec<{ positive: E; real: E }>((tie) => ({
  positive: fc.oneof(
    shape,
    small.map(int),
    fc.tuple(tie("positive"), tie("positive")).map(([a, b]) => add(a, b)),
    fc.tuple(tie("positive"), tie("positive")).map(([a, b]) => mul(a, b)),
    fc.tuple(small, tie("positive")).map(([a, b]) => div(int(a), b)),
    small.map((a) => sqrt(int(a))),
    tie("positive").map(sqrt),
  ),
  real: fc.oneof(
    shape,
    tie("positive"),
    fc.integer({ min: -9, max: 9 }).map(int),
    fc.tuple(tie("real"), tie("real")).map(([a, b]) => sub(a, b)),
    fc.tuple(tie("real"), tie("real")).map(([a, b]) => mul(a, b)),
    fc.tuple(tie("real"), tie("positive")).map(([a, b]) => div(a, b)),
    tie("real").map((a) => Expression.signed("-", a)),
    fc.tuple(tie("real"), fc.integer({ min: 2, max: 3 })).map(([a, n]) => Expression.power(a, int(n))),
  ),
}))

export const positiveConstant: fc.Arbitrary<E> = positive
export const realConstant: fc.Arbitrary<E> = real

/** Elementary constants: with π, e, logarithms and sines. */
export const elementaryConstant: fc.Arbitrary<E> = fc.letrec<{ e: E }>((tie) => ({
  e: fc.oneof(
    shape,
    small.map(int),
    fc.constantFrom(Expression.constant("pi"), Expression.constant("e")),
    fc.tuple(tie("e"), tie("e")).map(([a, b]) => add(a, b)),
    fc.tuple(tie("e"), tie("e")).map(([a, b]) => sub(a, b)),
    fc.tuple(tie("e"), tie("e")).map(([a, b]) => mul(a, b)),
    fc.tuple(tie("e"), small).map(([a, k]) => div(a, int(k))),
    small.map((k) => Expression.apply("ln", int(k + 1))),
    small.map((k) => Expression.apply("exp", div(int(k), int(3)))),
    fc
      .tuple(fc.constantFrom("sin" as const, "cos" as const), fc.integer({ min: -30, max: 30 }), small)
      .map(([f, a, b]) => Expression.apply(f, div(mul(int(a), Expression.constant("pi")), int(b)))),
  ),
})).e

/** Polynomials and rational functions in x and y; the denominators have no real zeros. */
export const formula: fc.Arbitrary<E> = fc.letrec<{ e: E }>((tie) => ({
  e: fc.oneof(
    shape,
    fc.constantFrom(Expression.variable("x"), Expression.variable("y")),
    fc.integer({ min: -9, max: 9 }).map(int),
    fc.tuple(tie("e"), tie("e")).map(([a, b]) => add(a, b)),
    fc.tuple(tie("e"), tie("e")).map(([a, b]) => sub(a, b)),
    fc.tuple(tie("e"), tie("e")).map(([a, b]) => mul(a, b)),
    fc.tuple(tie("e"), tie("e")).map(([a, b]) => div(a, add(Expression.power(b, int(2)), int(1)))),
    fc.tuple(tie("e"), fc.integer({ min: 2, max: 3 })).map(([a, n]) => Expression.power(a, int(n))),
  ),
})).e

/** Identities that hold everywhere, as rewritings of one node; `k` is a positive integer to put in. */
const identities: ReadonlyArray<(e: E, k: E) => E> = [
  (e) => (e._tag === "Binary" && e.operator === "+" ? add(e.right, e.left) : e),
  (e) => (e._tag === "Binary" && e.operator === "*" ? mul(e.right, e.left) : e),
  (e) => (e._tag === "Binary" && e.operator === "-" ? add(e.left, Expression.signed("-", e.right)) : e),
  (e) => (e._tag === "Binary" && e.operator === "/" ? mul(e.left, Expression.power(e.right, int(-1))) : e),
  (e) =>
    e._tag === "Binary" && e.operator === "*" && e.right._tag === "Binary" && e.right.operator === "+"
      ? add(mul(e.left, e.right.left), mul(e.left, e.right.right))
      : e,
  (e) =>
    e._tag === "Apply" && e.function === "sqrt"
      ? Expression.power(e.arguments[0] ?? e, div(int(1), int(2)))
      : e,
  (e) => (e._tag === "Power" ? mul(Expression.power(e.base, sub(e.exponent, int(1))), e.base) : e),
  (e, k) => div(mul(e, k), k),
  (e, k) => sub(add(e, sqrt(k)), sqrt(k)),
  (e, k) => mul(mul(e, sqrt(k)), div(int(1), sqrt(k))),
  (e) => Expression.signed("-", Expression.signed("-", e)),
  (e, k) => sub(mul(e, add(k, int(1))), mul(e, k)),
]

/** Applies an identity at the n-th node, counted from the leaves. */
const rewriteAt = (e: E, rule: number, n: number, k: number): E => {
  const nodes = Expression.nodesOf(e).filter((node) => node._tag !== "Number" || node.value.numerator >= 0n)
  const chosen = nodes[n % nodes.length]
  const go = (node: E): E => {
    if (node === chosen) return identities[rule % identities.length]?.(node, int(k)) ?? node
    if (node._tag === "Binary") return Expression.binary(node.operator, go(node.left), go(node.right))
    if (node._tag === "Signed") return Expression.signed(node.sign, go(node.operand))
    // Exponents stay as they are: only the base is rewritten.
    if (node._tag === "Power") return Expression.power(go(node.base), node.exponent)
    return node._tag === "Apply" ? Expression.apply(node.function, ...node.arguments.map(go)) : node
  }
  return go(e)
}

/** An expression, and what several identities make of it. */
export const rewritten = (expressions: fc.Arbitrary<E>): fc.Arbitrary<readonly [E, E]> =>
  fc
    .tuple(expressions, fc.array(fc.tuple(fc.nat(), fc.nat(), small), { minLength: 1, maxLength: 4 }))
    .map(([e, steps]) => [e, steps.reduce((f, [rule, n, k]) => rewriteAt(f, rule, n, k), e)] as const)

/** Numbers near 0, down to 10^−60, and never 0. */
export const perturbation: fc.Arbitrary<Rational.Rational> = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 60 }), fc.boolean())
  .map(([digit, places, negative]) => Rational.fromDecimal(BigInt(negative ? -digit : digit), places))
