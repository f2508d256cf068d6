/** Choosing by score. */

/** The positions of the `count` largest scores, largest first; among equal scores the earlier position comes first. */
export const largest = (scores: ReadonlyArray<number>, count: number): ReadonlyArray<number> =>
  [...scores.keys()]
    .toSorted((a, b) => (scores[b] ?? NaN) - (scores[a] ?? NaN) || a - b)
    .slice(0, Math.max(count, 0))
