/**
 * Statistics of the positions that a mask marks, among rows of any lengths.
 *
 *     mean = Σ m x / Σ m,      variance = Σ m (x - mean)² / (Σ m - 1),      whiten x = (x - mean) / √(variance + ε)
 *
 * The variance has Bessel's correction; of one position it is 0, and the mean of none is 0.
 *
 * Laws (`StrategyLaws`): values at masked positions do not matter; whitened values have mean 0 and variance v/(v + ε).
 *
 * Source: verl `masked_mean`, `masked_var`, `masked_whiten` (volcengine/verl @b178a3c), of which `masked_mean` adds 1e-8 to the
 * count: a relative difference of 1e-8 over the count.
 */

import { whiteningEpsilon } from "./Advantage.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export type Rows = ReadonlyArray<ReadonlyArray<number>>

// destructors

/**
 * Σ m x.
 *
 * @category destructors
 * @since 0.1.0
 */
export const sum = (values: Rows, mask: Rows): number =>
  values.reduce(
    (total, row, b) => row.reduce((inner, x, t) => (isMarked(mask, b, t) ? inner + x : inner), total),
    0,
  )

/**
 * The mean of the marked values.
 *
 * ```ts import.meta.vitest
 * import { MaskedStatistics } from "@rapo/rapo"
 * MaskedStatistics.mean([[1, 99], [3, 5]], [[1, 0], [1, 1]]) // => 3
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const mean = (values: Rows, mask: Rows): number => sum(values, mask) / Math.max(countOf(mask), 1)

/**
 * Their unbiased variance.
 *
 * ```ts import.meta.vitest
 * import { MaskedStatistics } from "@rapo/rapo"
 * MaskedStatistics.variance([[1, 99], [3, 5]], [[1, 0], [1, 1]]) // => 4
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const variance = (values: Rows, mask: Rows): number => {
  const centre = mean(values, mask)
  const squares = values.map((row) => row.map((x) => (x - centre) ** 2))
  return sum(squares, mask) / Math.max(countOf(mask) - 1, 1)
}

// combinators

/**
 * Every value, marked or not, in units of the marked ones' deviation, relative to their mean.
 *
 * @category combinators
 * @since 0.1.0
 */
export const whiten = (values: Rows, mask: Rows, epsilon: number = whiteningEpsilon): Rows => {
  const centre = mean(values, mask)
  const unit = Math.sqrt(variance(values, mask) + epsilon)
  return values.map((row) => row.map((x) => (x - centre) / unit))
}

// numerics

const isMarked = (mask: Rows, b: number, t: number): boolean => mask[b]?.[t] === 1

const countOf = (mask: Rows): number =>
  mask.reduce((total, row) => total + row.filter((m) => m === 1).length, 0)
