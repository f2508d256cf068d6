/**
 * Draws of labelled outcomes, by the inverse cdf of their places. Documented in `Finite.ts` and `Sampling.ts`.
 */
import * as Sampling from "../Sampling.ts"
import type { Seed } from "../Seed.ts"
import type { Finite } from "./Model.ts"
import { at } from "./Model.ts"

// combinators

/**
 * One draw.
 *
 * @category combinators
 * @since 0.1.0
 */
export const sample = <A>(p: Finite<A>, seed: Seed): A => at(p, Sampling.sample(p.law, seed))

/**
 * n independent draws.
 *
 * ```ts import.meta.vitest
 * import { Finite, Seed } from "@rapo/distributions"
 * Finite.samples(Finite.of("a"), 2, Seed.fromInteger(1)) // => ["a", "a"]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const samples = <A>(p: Finite<A>, n: number, seed: Seed): ReadonlyArray<A> =>
  Sampling.samples(p.law, n, seed).map((place) => at(p, place))
