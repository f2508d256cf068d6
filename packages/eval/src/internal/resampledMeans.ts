/** The work of the bootstrap of means. */
import { Seed } from "@rapo/distributions"

/**
 * The resampled means of each column, in the order of the resamples. A resample is how often each problem was drawn: drawn once, used for all
 * columns, and problems that were not drawn (a share of 1/e) cost nothing.
 */
export const resampledMeans = (
  columns: ReadonlyArray<ReadonlyArray<number>>,
  seed: Seed.Seed,
  resamples: number,
): ReadonlyArray<Float64Array> => {
  const width = columns.length
  const problems = columns[0]?.length ?? 0
  const rows = rowsOf(columns, problems)
  const means = new Float64Array(width * resamples) // [J, B]
  const times = new Uint32Array(problems)
  const drawn = new Uint32Array(problems + abreast) // offsets of the rows of drawn problems
  const weights = new Float64Array(problems + abreast)
  const totals = new Float64Array(width)
  const { integer } = Seed.generator(seed)
  for (let b = 0; b < resamples; b++) {
    times.fill(0)
    for (let draw = 0; draw < problems; draw++) {
      const p = integer(0, problems - 1)
      times[p] = (times[p] ?? 0) + 1
    }
    let count = 0
    for (let p = 0; p < problems; p++) {
      const weight = times[p] ?? 0
      if (weight === 0) continue
      drawn[count] = p * width
      weights[count] = weight
      count++
    }
    weights.fill(0, count, count + abreast)
    totals.fill(0)
    for (let i = 0; i < count; i += abreast) addRows(totals, rows, drawn, weights, i)
    for (let j = 0; j < width; j++) means[j * resamples + b] = (totals[j] ?? 0) / problems
  }
  return columns.map((_, j) => means.subarray(j * resamples, (j + 1) * resamples))
}

/** Rows added in one pass: a total is then read and written a quarter as often, which halves the time. */
const abreast = 4

const addRows = (
  totals: Float64Array,
  rows: Float64Array,
  drawn: Uint32Array,
  weights: Float64Array,
  i: number,
): void => {
  const [p, q, r, s] = [drawn[i] ?? 0, drawn[i + 1] ?? 0, drawn[i + 2] ?? 0, drawn[i + 3] ?? 0]
  const [a, b, c, d] = [weights[i] ?? 0, weights[i + 1] ?? 0, weights[i + 2] ?? 0, weights[i + 3] ?? 0]
  for (let j = 0; j < totals.length; j++)
    totals[j] =
      (totals[j] ?? 0) +
      a * (rows[p + j] ?? 0) +
      b * (rows[q + j] ?? 0) +
      c * (rows[r + j] ?? 0) +
      d * (rows[s + j] ?? 0)
}

/** [P, J]: the inner loop runs along memory. */
const rowsOf = (columns: ReadonlyArray<ReadonlyArray<number>>, problems: number): Float64Array => {
  const rows = new Float64Array(problems * columns.length)
  for (const [j, column] of columns.entries())
    for (let p = 0; p < problems; p++) rows[p * columns.length + j] = column[p] ?? 0
  return rows
}
