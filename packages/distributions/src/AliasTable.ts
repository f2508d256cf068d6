/**
 * Tables from which a distribution is drawn in constant time, whatever its size.
 *
 *     column j of K:  keeps j with probability keep_j, gives alias_j otherwise
 *     p_i = (keep_i + Σ_{j : alias_j = i} (1 − keep_j)) / K
 *
 * Worth its O(K) construction when one distribution is drawn from many times; each draw takes two uniform numbers.
 *
 * Laws (`Laws.ts`)
 * 1. Reconstruction: `probabilities(make(p)) = p`, exactly where K p is a dyadic fraction, up to K u p_i + u otherwise.
 * 2. Every share is in [0, 1], and an outcome of probability 0 is never drawn.
 * 3. The same seed gives the same draws.
 *
 * Sources: Walker (1977); the construction in O(K): Vose (1991), IEEE Trans. Software Engineering 17. That rounding
 * leftovers go to the most probable outcome, and not to their own column, is ours: it keeps law 2.
 */
import type { Categorical } from "./Categorical.ts"
import { mode, probabilities as probabilitiesOf } from "./Categorical.ts"
import { sum } from "./LogSpace.ts"
import type { Seed } from "./Seed.ts"
import { generator } from "./Seed.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export interface AliasTable {
  readonly _tag: "AliasTable"
  /** keep_j in [0, 1]. */
  readonly keep: ReadonlyArray<number>
  /** alias_j in 0..K−1. */
  readonly alias: ReadonlyArray<number>
}

// constructors

/**
 * The table of a distribution.
 *
 * ```ts import.meta.vitest
 * import { AliasTable, Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Categorical.fromWeights([3, 1])
 * E.isRight(p) && AliasTable.make(p.right).keep // => [1, 0.5]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (p: Categorical): AliasTable => {
  const ps = probabilitiesOf(p)
  // Whole columns: what an outcome still has to place, in units of 1/K.
  const left = ps.map((x) => x * ps.length)
  const alias = ps.map((_, i) => i)
  const keep = ps.map(() => 1)
  const small = [...left.keys()].filter((i) => (left[i] ?? 0) < 1)
  const large = [...left.keys()].filter((i) => (left[i] ?? 0) >= 1)
  const fill = (column: number, by: number): void => {
    keep[column] = left[column] ?? 0
    alias[column] = by
  }
  for (let column = small.pop(); column !== undefined; column = small.pop()) {
    const giver = large.at(-1)
    if (giver === undefined) {
      fill(column, mode(p))
      continue
    }
    fill(column, giver)
    const rest = (left[giver] ?? 0) - (1 - (left[column] ?? 0))
    left[giver] = rest
    if (rest < 1) small.push(...large.splice(-1))
  }
  return { _tag: "AliasTable", keep, alias }
}

// destructors

/**
 * The probabilities that a table draws with.
 *
 *     p_i = (keep_i + Σ_{j : alias_j = i} (1 − keep_j)) / K
 *
 * @category destructors
 * @since 0.1.0
 */
export const probabilities = (table: AliasTable): ReadonlyArray<number> => {
  const parts = table.keep.map((share) => [share])
  table.alias.forEach((i, j) => parts[i]?.push(1 - (table.keep[j] ?? 1)))
  return parts.map((shares) => sum(shares) / table.keep.length)
}

/**
 * The outcome that two uniform numbers in [0, 1) point at: a column, and whether it keeps its own.
 *
 * @category destructors
 * @since 0.1.0
 */
export const draw = (table: AliasTable, column: number, share: number): number => {
  const j = Math.min(Math.floor(column * table.keep.length), table.keep.length - 1)
  return share < (table.keep[j] ?? 0) ? j : (table.alias[j] ?? 0)
}

/**
 * n independent draws.
 *
 * ```ts import.meta.vitest
 * import { AliasTable, Categorical, Seed } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Categorical.fromWeights([0, 1, 0])
 * E.isRight(p) && AliasTable.samples(AliasTable.make(p.right), 4, Seed.fromInteger(1)) // => [1, 1, 1, 1]
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const samples = (table: AliasTable, n: number, seed: Seed): ReadonlyArray<number> => {
  const { uniform } = generator(seed)
  return Array.from({ length: n }, () => draw(table, uniform(), uniform()))
}
