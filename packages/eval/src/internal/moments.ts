/** Sums over values and over their deviations from the mean. */

/** Powers of the deviations d, summed, in units of the largest one, so that no power overflows nor do all vanish. */
export interface Deviations {
  readonly second: number
  readonly third: number
  readonly fourth: number
  /** The largest |d|; 0 where the values are equal, and then the sums are 0 too. */
  readonly scale: number
}

export const average = (values: ReadonlyArray<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total / values.length
}

export const deviations = (values: ReadonlyArray<number>): Deviations => {
  let mean = 0
  for (const x of values) mean += x / values.length
  let scale = 0
  for (const x of values) scale = Math.max(scale, Math.abs(x - mean))
  let [second, third, fourth] = [0, 0, 0]
  if (scale > 0)
    for (const x of values) {
      const d = (x - mean) / scale
      second += d * d
      third += d * d * d
      fourth += d * d * d * d
    }
  return { second, third, fourth, scale }
}
