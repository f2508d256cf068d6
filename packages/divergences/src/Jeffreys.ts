/**
 * Jeffreys' divergence: the two Kullback–Leibler divergences together.
 *
 *     J(p, q) = KL(p ‖ q) + KL(q ‖ p) = Σ (p − q)(ln p − ln q)
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. F6: J(p, q) = J(q, p), and J = KL(p ‖ q) + KL(q ‖ p). It is no metric, nor is its root.
 * 2. F1, F2, F3, as for every f-divergence (its generator is `FDivergence.jeffreys`).
 * 3. JS ≤ J/4.
 *
 * Source: Jeffreys (1946), Proc. R. Soc. A 186; JS ≤ J/4: Lin (1991), theorem 3.
 */
import type { Categorical } from "@rapo/distributions"
import type { Either } from "fp-ts/lib/Either.js"
import { divergence } from "./f/Divergence.ts"
import { jeffreys as generator } from "./f/Jeffreys.ts"
import type { SupportMismatch } from "./KL.ts"

// destructors

/**
 * J(p, q).
 *
 * **Units**      nats.
 * **Domain**     +∞ unless p and q exclude the same outcomes.
 * **Fails with** `SupportMismatch`.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import { Jeffreys } from "@rapo/divergences"
 * import * as E from "fp-ts/lib/Either.js"
 * const [p, q] = [[0.75, 0.25], [0.25, 0.75]].map((ws) => E.getOrElseW(() => { throw new Error() })(Categorical.fromProbabilities(ws)))
 * p !== undefined && q !== undefined && E.getOrElse(() => NaN)(Jeffreys.jeffreys(p, q)) // ≈ 1.098612
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const jeffreys: (
  p: Categorical.Categorical,
  q: Categorical.Categorical,
) => Either<SupportMismatch, number> = divergence(generator)
