/**
 * What a rational number is, and why an operation may have none.
 */

declare const lowestTerms: unique symbol

/**
 * A fraction in lowest terms with a positive denominator; made by this module's functions only.
 *
 * @category models
 * @since 0.1.0
 */
export interface Rational {
  readonly _tag: "Rational"
  readonly numerator: bigint
  /** At least 1. */
  readonly denominator: bigint
  readonly [lowestTerms]: true
}

/**
 * There is no number `a / 0`.
 *
 * @category models
 * @since 0.1.0
 */
export interface DivisionByZero {
  readonly _tag: "DivisionByZero"
}

/**
 * An exponent that is not an integer in `[-bound, bound]`.
 *
 * @category models
 * @since 0.1.0
 */
export interface ExponentOutOfRange {
  readonly _tag: "ExponentOutOfRange"
  readonly exponent: string
  readonly bound: number
}

/**
 * A text that does not spell a rational number.
 *
 * @category models
 * @since 0.1.0
 */
export interface NotARational {
  readonly _tag: "NotARational"
  readonly text: string
}

/**
 * The largest exponent of `power`, in absolute value. Ours: far above what arithmetic answers need, far below where a
 * power of a short number takes noticeable time.
 *
 * @category models
 * @since 0.1.0
 */
export const maxExponent = 1024

/**
 * The longest text that `parse` reads. Ours: keeps its time bounded; longer numbers are no answers.
 *
 * @category models
 * @since 0.1.0
 */
export const maxTextLength = 4096
