/**
 * How many columns a front can have (`Front.ts`), from what its rows are allowed.
 */

/** Columns that wasm's softmax adds side by side: the largest block of any engine (`columnBlock.ts`). */
export const largestBlock = 4

/**
 * The most columns of a front whose rows have at most `room` tokens, and whose prompts end in multiples of `block`. Padding that all
 * rows have is cut off as soon as it is an eighth, in whole blocks:
 *
 *     columns ≤ room + spare,   spare < columns/8 + block
 */
export const widestFront = (room: number, block: number): number => Math.ceil(((room + block) * 8) / 7) + 1
