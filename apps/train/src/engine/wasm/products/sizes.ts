/**
 * How products of matrices are cut, and what they have for it: see `module.ts`.
 */

/** Terms, columns and rows that are worked on together. */
export const [depth, span, strip] = [256, 256, 64] as const

/** Numbers of a tile of C, and the bytes of one of its rows. */
export const [tall, wide, wideBytes] = [4, 8, 32] as const

/** Columns that lie further apart, in bytes, fall on one another in the first cache. */
export const farApart = 1024

/** From where `scratch`, which begins with a tile, has packed panels, and packed rows. */
export const panelsAt = 4 * tall * wide
export const rowsAt = panelsAt + 4 * depth * span

/** The bytes of `scratch`. */
export const scratchBytes = rowsAt + 4 * depth * strip
