/**
 * Exact rational numbers, in lowest terms.
 *
 *     a/b with a in Z, b in N, b >= 1, gcd(a, b) = 1
 *
 * so that two rationals are equal exactly when their numerators and their denominators are.
 *
 * Laws (`Laws.ts`)
 * 1. Every value is in normal form; `parse(show(a)) = a`.
 * 2. A field: the laws of fp-ts's `Field`, exactly, for `b ≠ 0`.
 * 3. A total order that addition, and multiplication by a positive number, keep.
 * 4. `power(a, m + n) = power(a, m) · power(a, n)` for `a ≠ 0`.
 *
 * Integers are unbounded, so the cost of an operation grows with its operands: `size` measures them, and `Expression`
 * holds a calculation inside a budget of them.
 */
export * from "./rational/field.ts"
export { fromDecimal, fromFraction, fromInteger, one, parse, zero } from "./rational/make.ts"
export * from "./rational/measure.ts"
export * from "./rational/model.ts"
