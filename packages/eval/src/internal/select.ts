/** Order statistics without sorting: a quantile needs two of ten thousand. */

/**
 * `Resample.quantile` of unsorted values, the same number, in time linear in their count; reorders the values.
 *
 * **Source**  Hoare (1961), Algorithm 65: find. The pivot is the middle of the range: resampled means come in random order.
 */
export const quantileOf = (values: Float64Array, q: number): number => {
  const position = q * (values.length - 1)
  const below = Math.floor(position)
  const low = select(values, below)
  if (below + 1 >= values.length) return low
  // all that stand behind are at least as large: the next order statistic is their least
  let high = Infinity
  for (let i = below + 1; i < values.length; i++) high = Math.min(high, values[i] ?? Infinity)
  return low + (position - below) * (high - low)
}

/** The value at an index of the sorted order; afterwards no value before it is larger, none behind it smaller. */
const select = (values: Float64Array, index: number): number => {
  let left = 0
  let right = values.length - 1
  while (left < right) {
    const pivot = values[(left + right) >> 1] ?? 0
    let i = left
    let j = right
    while (i <= j) {
      while ((values[i] ?? 0) < pivot) i++
      while ((values[j] ?? 0) > pivot) j--
      if (i <= j) {
        const kept = values[i] ?? 0
        values[i] = values[j] ?? 0
        values[j] = kept
        i++
        j--
      }
    }
    if (index <= j) right = j
    else if (index >= i) left = i
    else break
  }
  return values[index] ?? Number.NaN
}
