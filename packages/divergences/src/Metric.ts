/**
 * The divergences that are distances: symmetric, 0 only at equality, and with a triangle inequality.
 *
 *     TV(p, q)  = ½ Σ |p − q|                      in [0, 1]
 *     H(p, q)   = √(½ Σ (√p − √q)²)                in [0, 1]
 *     √JS(p, q) = √(½ KL(p ‖ m) + ½ KL(q ‖ m))     in [0, √ln 2],   m = (p + q)/2
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. F6: d(p, q) = d(q, p); d(p, p) = 0; d(p, r) ≤ d(p, q) + d(q, r).
 * 2. H² ≤ TV ≤ √2 H, and H² ≤ JS/ln 2 ≤ TV.
 *
 * Sources: Levin & Peres (2017), chapter 4, for TV; Endres & Schindelin (2003), IEEE Trans. Inf. Theory 49(7), for √JS;
 * Lin (1991) for JS ≤ ln 2 · TV; JS ≥ ln 2 · H² is seen by comparing the two generators point by point.
 */
import type { Categorical } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { divergence } from "./f/Divergence.ts"
import { jensenShannon as jensenShannonDivergence } from "./f/JensenShannon.ts"
import { squaredHellinger } from "./f/SquaredHellinger.ts"
import { totalVariation as totalVariationDivergence } from "./f/TotalVariation.ts"
import type { SupportMismatch } from "./KL.ts"

// model

/**
 * A distance between distributions over the same outcomes.
 *
 * @category models
 * @since 0.1.0
 */
export type Metric = (
  p: Categorical.Categorical,
  q: Categorical.Categorical,
) => Either<SupportMismatch, number>

// instances

/**
 * The largest difference of probability that an event can have.
 *
 * **Fails with** `SupportMismatch`.
 *
 * @category instances
 * @since 0.1.0
 */
export const totalVariation: Metric = divergence(totalVariationDivergence)

/**
 * The Euclidean distance of √p and √q, over √2.
 *
 * **Fails with** `SupportMismatch`.
 *
 * @category instances
 * @since 0.1.0
 */
export const hellinger: Metric = (p, q) => E.map(Math.sqrt)(divergence(squaredHellinger)(p, q))

/**
 * The root of the Jensen–Shannon divergence, in √nats.
 *
 * **Fails with** `SupportMismatch`.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import { Metric } from "@rapo/divergences"
 * import * as E from "fp-ts/lib/Either.js"
 * const [heads, tails] = [0, 1].map((i) => E.getOrElseW(() => { throw new Error() })(Categorical.pointMass(2, i)))
 * heads !== undefined && tails !== undefined && Metric.jensenShannon(heads, tails) // => E.right(Math.sqrt(Math.LN2))
 * ```
 *
 * @category instances
 * @since 0.1.0
 */
export const jensenShannon: Metric = (p, q) => E.map(Math.sqrt)(divergence(jensenShannonDivergence)(p, q))
