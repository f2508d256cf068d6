/**
 * How many values the spread of a mean rests on: whether an interval from them can hold its level.
 *
 * **Laws** (`Laws.ts`): from 0 to the number of values; 0 only where all are equal; unchanged by a shift or a factor.
 *
 * **Source**  the inverse participation ratio; its use as a warning is *ours*, after the table of `docs/coverage.md`.
 */
import { deviations } from "./internal/moments.ts"

// destructors

/**
 * How many values the spread rests on: as many that deviate alike would have this kurtosis.
 *
 *     (Σ d²)² / Σ d⁴,   d = x - mean
 *
 * P/3 for normal values, 1 where one value differs from all others (in the limit of many), 0 where none does. An interval on fewer than
 * about 5 is not to be trusted to its level.
 *
 * ```ts import.meta.vitest
 * import { Spread } from "@rapo/eval"
 * Spread.effectiveCount([1, -1, 1, -1]) // => 4
 * Spread.effectiveCount([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]) // ≈ 1.233
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const effectiveCount = (values: ReadonlyArray<number>): number => {
  const { second, fourth } = deviations(values)
  return fourth === 0 ? 0 : second ** 2 / fourth
}
