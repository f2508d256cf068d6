/**
 * When two computations of the same numbers in float32 agree.
 */

/**
 * Products of a few dozen float32 terms, summed in another order: measured 1e-6 and less; an error of formula shows as
 * 1e-2 and more.
 */
export const float32Tolerance = 2e-5

/** max |aᵢ − bᵢ| / max(1, max |bᵢ|); infinite when the lengths differ or a number is not finite. */
export const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  if (a.length !== b.length) return Infinity
  let largest = 1
  let apart = 0
  for (let i = 0; i < a.length; i++) {
    const [x = NaN, y = NaN] = [a[i], b[i]]
    if (!Number.isFinite(x) || !Number.isFinite(y)) return Infinity
    largest = Math.max(largest, Math.abs(y))
    apart = Math.max(apart, Math.abs(x - y))
  }
  return apart / largest
}

/** max |aᵢ − bᵢ| / max |bᵢ|: the measure of the parity checks, where the scale of b is small. */
export const relativeDistance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  if (a.length !== b.length) return Infinity
  const scale = Array.from(b).reduce((most, y) => Math.max(most, Math.abs(y)), 0)
  const apart = Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] ?? NaN))), 0)
  return scale === 0 ? apart : apart / scale
}

/** Whether two arrays agree to float32 rounding. */
export const isClose = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance = float32Tolerance): boolean =>
  distance(a, b) <= tolerance
