/**
 * Notions of equality up to rounding, for laws.
 */
import type { Eq } from "fp-ts/lib/Eq.js"

// instances

/**
 * Equality of numbers within `tolerance · max(1, |a|, |b|)`: relative for large numbers, absolute for small ones.
 *
 * @category instances
 * @since 0.1.0
 */
export const closeTo = (tolerance: number): Eq<number> => ({
  // An infinite scale would make infinity close to everything, and a law that meets one hold by accident.
  equals: (a, b) =>
    a === b ||
    (Number.isFinite(a) &&
      Number.isFinite(b) &&
      Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b))),
})
