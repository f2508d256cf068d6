/**
 * An estimate with the interval that goes with it.
 *
 * **Laws**  of every interval this package makes: low <= high, and 0 < level < 1. A percentile interval need not
 * contain its own estimate: the two are computed apart, and skewed values show it.
 */

// model

/**
 * The estimate `mean`, and bounds that cover the truth in a share `level` of all repetitions.
 *
 * @category models
 * @since 0.1.0
 */
export interface Interval {
  readonly mean: number
  readonly low: number
  readonly high: number
  /** The nominal coverage, in (0, 1). */
  readonly level: number
}

// refinements

/**
 * Whether a value lies inside, the ends included.
 *
 * @category refinements
 * @since 0.1.0
 */
export const contains = (self: Interval, x: number): boolean => self.low <= x && x <= self.high

/**
 * Whether an interval of a difference excludes 0: the sign of the difference is then settled at this level.
 *
 * ```ts import.meta.vitest
 * import { Interval } from "@rapo/eval"
 * Interval.excludesZero({ mean: -0.1, low: -0.2, high: -0.05, level: 0.95 }) // => true
 * Interval.excludesZero({ mean: -0.1, low: -0.3, high: 0.1, level: 0.95 }) // => false
 * ```
 *
 * @category refinements
 * @since 0.1.0
 */
export const excludesZero = (self: Interval): boolean => !contains(self, 0)

// destructors

/**
 * The distance between the ends.
 *
 * @category destructors
 * @since 0.1.0
 */
export const width = (self: Interval): number => self.high - self.low

/**
 * The estimate and its interval as a person reads them.
 *
 * ```ts import.meta.vitest
 * import { Interval } from "@rapo/eval"
 * Interval.show({ mean: 0.105, low: 0.0812, high: 0.1309, level: 0.95 }) // => "0.105 [0.081, 0.131]"
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const show = (self: Interval, digits: number = 3): string =>
  `${self.mean.toFixed(digits)} [${self.low.toFixed(digits)}, ${self.high.toFixed(digits)}]`
