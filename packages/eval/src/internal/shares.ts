/** Which shares of the resampled means lie below the ends of an interval: see `Bootstrap`. */
import * as Normal from "../Normal.ts"
import { deviations } from "./moments.ts"

export interface Shares {
  readonly low: number
  readonly high: number
}

export const percentileShares = (level: number): Shares => ({ low: (1 - level) / 2, high: (1 + level) / 2 })

/**
 * The shares of a column of so many values, for one level; the quantile of Student's t is found once.
 *
 * BCa for a mean, with Student's quantile for the normal one:
 *
 *     share(z) = Φ(a + (a + z)/(1 - a(a + z))),   z = ± t_{P-1},   a = Σd³ / (6 (Σd²)^{3/2}),   d = x - mean
 *
 * One value, or values that are all equal, have no spread to adjust: the percentile's shares.
 */
export const adjustedShares = (count: number, level: number): ((values: ReadonlyArray<number>) => Shares) => {
  if (count < 2) return () => percentileShares(level)
  const z = Normal.studentQuantile(count - 1, level)
  return (values) => {
    const a = acceleration(values)
    return a === undefined ? percentileShares(level) : { low: shareAt(a, -z), high: shareAt(a, z) }
  }
}

const shareAt = (a: number, z: number): number => {
  const moved = a + z
  const scale = 1 - a * moved
  // beyond the pole: the whole tail
  if (scale <= 0) return moved > 0 ? 1 : 0
  return Normal.cdf(a + moved / scale)
}

const acceleration = (values: ReadonlyArray<number>): number | undefined => {
  const { second, third, scale } = deviations(values)
  return scale === 0 ? undefined : third / (6 * second ** 1.5)
}
