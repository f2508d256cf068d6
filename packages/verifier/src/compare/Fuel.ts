/**
 * A budget of work, in word operations (about a nanosecond each), so that the end of a comparison depends on its input alone and
 * not on a clock.
 *
 * A `Fuel` is the one mutable value of the comparison: made at its start, spent by its numeric kernels, seen by nobody
 * else. Whoever finds it empty returns `undefined`, and the comparison is `Undecided`.
 */

import * as Rational from "../Rational.ts"

// model

/** @category models */
export interface Fuel {
  left: number
}

// constructors

/** @category constructors */
export const make = (amount: number): Fuel => ({ left: amount })

// numerics

/**
 * What an operation on two rationals costs: a product of integers, or the greatest common divisor that reduces a fraction,
 * which is quadratic in the length.
 *
 * @category destructors
 * @since 0.1.0
 */
export const cost = (a: Rational.Rational, b: Rational.Rational): number => {
  const [x, y] = [Rational.size(a), Rational.size(b)]
  return a.denominator === 1n && b.denominator === 1n ? 50 + (x * y) / 4096 : (x + y) * (60 + (x + y) / 100)
}

// combinators

/**
 * Spends an amount; whether there was that much.
 *
 * @category combinators
 * @since 0.1.0
 */
export const spend = (fuel: Fuel, amount: number): boolean => {
  fuel.left -= amount
  return fuel.left >= 0
}

/** @category refinements */
export const isEmpty = (fuel: Fuel): boolean => fuel.left < 0

/**
 * Runs a part of the work on at most a share of what is left, so that a later way can still decide.
 *
 * @category combinators
 * @since 0.1.0
 */
export const within = <A>(fuel: Fuel, share: number, run: (part: Fuel) => A): A => {
  const part = make(Math.max(0, fuel.left) * share)
  const before = part.left
  const result = run(part)
  fuel.left -= before - Math.max(0, part.left)
  return result
}
