/**
 * Trust regions: how far a ratio may move before a token stops being pushed, and the surrogate that results.
 *
 *     None               r A
 *     Clip               m = min( r A, clip(r, 1 - low, 1 + high) A )
 *     Clip, dual c       max( m, c A ) where A < 0,  m elsewhere
 *
 * The surrogate is a pessimistic bound: clipping only ever lowers it. The dual clip bounds it from below, so that one
 * very negative token with a huge ratio cannot dominate a batch.
 *
 * Laws (`Laws.ts`)
 * 1. Clipping is idempotent and monotone in r.
 * 2. m <= r A; with dual clip and A < 0, c A <= surrogate; no dual clip acts where A >= 0.
 * 3. At r = 1 (on-policy) the surrogate is A and its derivative in r is A: no trust region can bind there.
 *
 * Source: PPO clip, Schulman et al. (2017), equation 7, arXiv 1707.06347; unequal bounds, DAPO, Yu et al. (2025),
 * arXiv 2503.14476; dual clip, Ye et al. (2020), equation 5, arXiv 1912.09729.
 */
import { Float64, Real } from "@rapo/distributions"

// model

/**
 * A trust region as data. `low` and `high` are distances from 1; `dual`, if there, is the c > 1 of dual clipping.
 *
 * @category models
 * @since 0.1.0
 */
export type TrustRegion =
  | { readonly _tag: "None" }
  | { readonly _tag: "Clip"; readonly low: number; readonly high: number; readonly dual?: number }

// constructors

/**
 * No trust region: the plain importance-weighted policy gradient.
 *
 * @category constructors
 * @since 0.1.0
 */
export const none: TrustRegion = { _tag: "None" }

/**
 * PPO's symmetric clip.
 *
 * @category constructors
 * @since 0.1.0
 */
export const clip = (epsilon: number): TrustRegion => ({ _tag: "Clip", low: epsilon, high: epsilon })

// combinators

/**
 * A ratio held inside `[1 - low, 1 + high]`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const clipRatio =
  <A>(R: Real.Real<A>) =>
  (region: TrustRegion, ratio: A): A =>
    region._tag === "None" ? ratio : Real.clamp(R)(ratio, R.of(1 - region.low), R.of(1 + region.high))

/**
 * What is maximised at one token: the advantage, weighted by the ratio as far as the trust region allows.
 *
 * **Domain**  ratio > 0.
 * **Gradient** of min and max goes to the argument taken, to `r A` at a tie.
 *
 * ```ts import.meta.vitest
 * import { Float64 } from "@rapo/distributions"
 * import { TrustRegion } from "@rapo/rapo"
 * const surrogate = TrustRegion.surrogate(Float64.Real)
 * surrogate(TrustRegion.clip(0.2), 1.5, 2) // => 2.4
 * surrogate(TrustRegion.clip(0.2), 10, -4) // => -40
 * surrogate({ _tag: "Clip", low: 0.2, high: 0.2, dual: 3 }, 10, -4) // => -12
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const surrogate =
  <A>(R: Real.Real<A>) =>
  (region: TrustRegion, ratio: A, advantage: A): A => {
    const free = R.mul(ratio, advantage)
    if (region._tag === "None") return free
    const clipped = R.min(free, R.mul(clipRatio(R)(region, ratio), advantage))
    // c·min(A, 0) is the lower bound cA where A < 0, and 0 <= clipped elsewhere: the case distinction as a formula
    return region.dual === undefined
      ? clipped
      : R.max(clipped, R.mul(R.of(region.dual), R.min(advantage, R.zero)))
  }

// refinements

/**
 * Whether clipping lowered the surrogate at a token, so that the token passes no gradient.
 *
 * ```ts import.meta.vitest
 * import { TrustRegion } from "@rapo/rapo"
 * TrustRegion.isClipped(TrustRegion.clip(0.2), 1.5, 1) // => true
 * TrustRegion.isClipped(TrustRegion.clip(0.2), 1.5, -1) // => false
 * ```
 *
 * @category refinements
 * @since 0.1.0
 */
export const isClipped = (region: TrustRegion, ratio: number, advantage: number): boolean =>
  clipRatio(Float64.Real)(region, ratio) * advantage < ratio * advantage
