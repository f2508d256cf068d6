/** Means and deviations of lists of numbers, as advantages use them. */

/** 0 of none. */
export const meanOf = (xs: ReadonlyArray<number>): number =>
  xs.reduce((total, x) => total + x, 0) / Math.max(xs.length, 1)

/** With Bessel's correction; 0 of fewer than two. */
export const standardDeviation = (xs: ReadonlyArray<number>): number => {
  const mean = meanOf(xs)
  const squares = xs.reduce((total, x) => total + (x - mean) * (x - mean), 0)
  return Math.sqrt(squares / Math.max(xs.length - 1, 1))
}

/** Mean and unbiased variance of values each of which occurs `counts` times. */
export const momentsOf = (
  xs: ReadonlyArray<number>,
  counts: ReadonlyArray<number>,
): { readonly mean: number; readonly variance: number } => {
  const total = (f: (x: number) => number): number =>
    xs.reduce((sum, x, i) => sum + (counts[i] ?? NaN) * f(x), 0)
  const count = total(() => 1)
  const mean = total((x) => x) / Math.max(count, 1)
  return { mean, variance: total((x) => (x - mean) ** 2) / Math.max(count - 1, 1) }
}
