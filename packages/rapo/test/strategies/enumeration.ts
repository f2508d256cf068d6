/** What tests by enumeration of all samples share. */

/** Sums of at most some thousand products of numbers of size 10. */
export const tolerance = 1e-10

export const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= tolerance * (1 + Math.abs(a))

export const at = (xs: ReadonlyArray<number>, i: number): number => xs[i] ?? NaN

export const total = (xs: ReadonlyArray<number>): number => xs.reduce((a, b) => a + b, 0)

/** All sequences of a length over the numbers below `size`. */
export const sequences = (size: number, length: number): ReadonlyArray<ReadonlyArray<number>> =>
  length === 0
    ? [[]]
    : sequences(size, length - 1).flatMap((head) => Array.from({ length: size }, (_, y) => [...head, y]))
