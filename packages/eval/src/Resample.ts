/**
 * The percentile bootstrap of any statistic: what it would be, had other problems been drawn.
 *
 * `Bootstrap` is the fast case of means; this is the general one, for ratios and medians.
 *
 * **Laws** (`Laws.ts`)
 * 1. Equal seeds give equal resamples; of a constant statistic every resample is the constant.
 * 2. For a mean, the interval is that of `Bootstrap.interval` with the method "percentile", up to rounding: both draw alike.
 *
 * **Source**  Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.
 */
import { Seed } from "@rapo/distributions"

// constructors

/**
 * A statistic of each of `resamples` draws of as many items, with replacement.
 *
 * **Shapes**   items: [P];  result: [resamples].
 *
 * ```ts import.meta.vitest
 * import { Seed } from "@rapo/distributions"
 * import { Resample } from "@rapo/eval"
 * Resample.statistics(["a", "a"], Seed.fromInteger(1), 2, (drawn) => drawn.join("")) // => ["aa", "aa"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const statistics = <A, B>(
  items: ReadonlyArray<A>,
  seed: Seed.Seed,
  resamples: number,
  statistic: (drawn: ReadonlyArray<A>) => B,
): ReadonlyArray<B> => {
  const { integer } = Seed.generator(seed)
  const last = items.length - 1
  return Array.from({ length: resamples }, () => statistic(items.map(() => items[integer(0, last)] as A)))
}

// destructors

/**
 * The central `level` of values: their (1-level)/2 and (1+level)/2 quantiles.
 *
 * **Domain**   at least one value, all finite; 0 < level < 1.
 *
 * ```ts import.meta.vitest
 * import { Resample } from "@rapo/eval"
 * Resample.percentiles([4, 1, 2, 3, 5], 0.5) // => { low: 2, high: 4 }
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const percentiles = (
  values: ReadonlyArray<number>,
  level: number,
): { readonly low: number; readonly high: number } => {
  const sorted = Float64Array.from(values).toSorted()
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) }
}

/**
 * A quantile of sorted values, linear between order statistics (definition 7 of Hyndman & Fan, 1996: the default of R
 * and NumPy).
 *
 * @category destructors
 * @since 0.1.0
 */
export const quantile = (sorted: Float64Array, q: number): number => {
  const position = q * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below] ?? Number.NaN
  const high = sorted[below + 1] ?? low
  return low + (position - below) * (high - low)
}
