/**
 * The algebra that pointwise formulas are written against: a field with exponential, logarithm and order.
 *
 * A formula `f = <A>(R: Real<A>) => (x: A) => ...` is written once and has three meanings:
 *
 * | interpreter | A | meaning |
 * |---|---|---|
 * | `Float64` | number | the reference, and what a person calls by hand |
 * | `Dual` | value and derivative | laws about gradients become equations, without finite differences |
 * | `tensor/Real` | tf.Tensor | what trains, differentiated by the engine |
 *
 * Laws (`Laws.ts`), up to rounding: those of a field; `exp(log a) = a` for `a > 0`; `exp(a + b) = exp a · exp b`;
 * `min(a, b) + max(a, b) = a + b`; `stopGradient a = a`, with derivative 0.
 * At a tie, `min` and `max` take their first argument, for its derivative too.
 */
import type { Field } from "fp-ts/lib/Field.js"

// model

/**
 * A field of real numbers, or of things that behave like them pointwise.
 *
 * @category models
 * @since 0.1.0
 */
export interface Real<A> extends Field<A> {
  /** The constant `x`; its derivative is 0. */
  readonly of: (x: number) => A
  readonly exp: (a: A) => A
  /** The natural logarithm. */
  readonly log: (a: A) => A
  readonly sqrt: (a: A) => A
  readonly min: (a: A, b: A) => A
  readonly max: (a: A, b: A) => A
  /** The same value, taken as a constant: its derivative is 0. */
  readonly stopGradient: (a: A) => A
}

// combinators

/**
 * The negative of a value.
 *
 * @category combinators
 * @since 0.1.0
 */
export const neg =
  <A>(R: Real<A>) =>
  (a: A): A =>
    R.sub(R.zero, a)

/**
 * A value held inside `[low, high]`; the derivative is 0 outside.
 *
 * **Domain**  low <= high.
 *
 * @category combinators
 * @since 0.1.0
 */
export const clamp =
  <A>(R: Real<A>) =>
  (a: A, low: A, high: A): A =>
    R.min(R.max(a, low), high)

/**
 * The sum of values; `zero` when there are none.
 *
 * @category combinators
 * @since 0.1.0
 */
export const sum =
  <A>(R: Real<A>) =>
  (xs: ReadonlyArray<A>): A =>
    xs.reduce((a, b) => R.add(a, b), R.zero)
