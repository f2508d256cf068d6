/**
 * `Real` over dual numbers `a + a'ε` with `ε² = 0`: a value together with its derivative.
 *
 *     f(x + ε) = f(x) + f'(x) ε
 *
 * so that evaluating a formula at `variable(x)` differentiates it exactly, up to rounding (forward mode).
 * Source: Clifford (1873); Griewank & Walther, Evaluating Derivatives (2008), section 3.1.
 */
import type { Real as RealAlgebra } from "./Real.ts"

// model

/**
 * A value and its derivative with respect to the one variable of the calculation.
 *
 * @category models
 * @since 0.1.0
 */
export interface Dual {
  readonly value: number
  readonly derivative: number
}

// constructors

const dual = (value: number, derivative: number): Dual => ({ value, derivative })

/**
 * A constant: its derivative is 0.
 *
 * @category constructors
 * @since 0.1.0
 */
export const constant = (value: number): Dual => dual(value, 0)

/**
 * The variable that is differentiated by: its derivative is 1.
 *
 * @category constructors
 * @since 0.1.0
 */
export const variable = (value: number): Dual => dual(value, 1)

// combinators

/**
 * The derivative of a one-variable formula at a point.
 *
 * ```ts import.meta.vitest
 * import { Dual } from "@rapo/distributions"
 * Dual.derivative((x) => Dual.Real.mul(x, Dual.Real.log(x)))(1) // => 1
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const derivative =
  (f: (x: Dual) => Dual) =>
  (x: number): number =>
    f(variable(x)).derivative

/**
 * The partial derivatives of a formula of many variables at a point: one pass for each.
 *
 * ```ts import.meta.vitest
 * import { Dual } from "@rapo/distributions"
 * const product = ([x, y]: ReadonlyArray<Dual.Dual>) => Dual.Real.mul(x ?? Dual.Real.one, y ?? Dual.Real.one)
 * Dual.gradient(product)([2, 5]) // => [5, 2]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const gradient =
  (f: (xs: ReadonlyArray<Dual>) => Dual) =>
  (xs: ReadonlyArray<number>): ReadonlyArray<number> =>
    xs.map((_, i) => f(xs.map((x, j) => (i === j ? variable(x) : constant(x)))).derivative)

// instances

/**
 * @category instances
 * @since 0.1.0
 */
export const Real: RealAlgebra<Dual> = {
  zero: constant(0),
  one: constant(1),
  add: (a, b) => dual(a.value + b.value, a.derivative + b.derivative),
  sub: (a, b) => dual(a.value - b.value, a.derivative - b.derivative),
  mul: (a, b) => dual(a.value * b.value, a.derivative * b.value + a.value * b.derivative),
  div: (a, b) => dual(a.value / b.value, (a.derivative - (a.value / b.value) * b.derivative) / b.value),
  degree: () => 1,
  mod: () => constant(0),
  of: constant,
  exp: (a) => dual(Math.exp(a.value), Math.exp(a.value) * a.derivative),
  log: (a) => dual(Math.log(a.value), a.derivative / a.value),
  sqrt: (a) => dual(Math.sqrt(a.value), a.derivative / (2 * Math.sqrt(a.value))),
  min: (a, b) => (a.value <= b.value ? a : b),
  max: (a, b) => (a.value >= b.value ? a : b),
  stopGradient: (a) => constant(a.value),
}
