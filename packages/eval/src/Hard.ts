/**
 * The Hard set: problems that the base did not solve in n samples, and how much of it is luck.
 *
 *     Hard = { problem : c_base = 0 of n },     P(a problem of rate q lands there) = (1 - q)^n
 *
 * A problem with q = 1/n lands there with probability 0.37, and a fresh draw of the same base then solves it again. So
 * a gain on Hard means something only beside a second, independent draw of the base ("regression to the mean").
 *
 * **Laws** (`Laws.ts`)
 * 1. The chance falls in q and in n, and is 1 at q = 0.
 * 2. Newly solved and newly lost problems are disjoint, and are those whose change is `expanded` and `shrunk`.
 *
 * **Source**  *ours*: the paper's definition of its Hard set is not known to us.
 */
import type { Tally } from "./PassAtK.ts"

// destructors

/**
 * The ids of the problems that a model never solved.
 *
 * ```ts import.meta.vitest
 * import { Hard } from "@rapo/eval"
 * Hard.problems([{ id: "a", samples: 8, correct: 0 }, { id: "b", samples: 8, correct: 1 }]) // => ["a"]
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const problems = (base: ReadonlyArray<Tally>): ReadonlyArray<string> =>
  base.filter(({ correct }) => correct === 0).map(({ id }) => id)

/**
 * How often a problem of true rate q lands in the Hard set of n samples.
 *
 * ```ts import.meta.vitest
 * import { Hard } from "@rapo/eval"
 * Hard.chance(1024, 1 / 1024) // ≈ 0.3677
 * Hard.chance(1024, 0.01) // ≈ 0.0000339
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const chance = (n: number, q: number): number =>
  n === 0 || q === 0 ? 1 : Math.exp(n * Math.log1p(-q))
