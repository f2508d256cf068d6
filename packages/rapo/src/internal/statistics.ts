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
