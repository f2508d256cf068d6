/**
 * Corrections for a sampler that is not π_old: what a token's surrogate is multiplied by, so that samples of μ serve π_old.
 *
 *     w = π_old / μ at the token
 *
 * | correction | factor | whose |
 * |---|---|---|
 * | None | 1 | |
 * | Weighted | w | DOTS+RR's replay, NeMo-RL's sampler correction |
 * | Truncated c | min(w, c) | truncated importance sampling |
 * | Masked low, high | w if low <= w <= high, else 0 | ICE-POP |
 *
 * DOTS+RR writes its loss as max(-A r, -A clip(r, w(1-ε), w(1+ε))) with r = π/μ. Since w > 0 and r = w · π/π_old, that is
 * -w · min(A r', clip(r', 1 ± ε) A) with r' = π/π_old: the clipped surrogate, times w. So a replayed sample needs no trust
 * region of its own (`Laws.replayClipIsWeighted`).
 *
 * Where the batch does not say what μ was, μ = π_old and every factor is 1 (so `low <= 1 <= high`, `c >= 1`).
 *
 * Source: DOTS+RR, arXiv 2506.05316, `compute_policy_loss_temp`; ICE-POP and truncation as in NeMo-RL (ProRLv2 guide).
 */
import { Real } from "@rapo/distributions"

// model

/**
 * @category models
 * @since 0.1.0
 */
export type Correction =
  | { readonly _tag: "None" }
  | { readonly _tag: "Weighted" }
  | { readonly _tag: "Truncated"; readonly maximum: number }
  | { readonly _tag: "Masked"; readonly low: number; readonly high: number }

// constructors

/**
 * @category constructors
 * @since 0.1.0
 */
export const none: Correction = { _tag: "None" }

// combinators

/**
 * The factor of a token with weight w = π_old/μ.
 *
 * **Domain**  w > 0. **Gradient** none flows through what is a constant of the batch.
 *
 * ```ts import.meta.vitest
 * import { Float64 } from "@rapo/distributions"
 * import { Correction } from "@rapo/rapo"
 * const masked = Correction.factor(Float64.Real)({ _tag: "Masked", low: 0.5, high: 5 })
 * const weights = [0.4, 0.5, 2, 6]
 * weights.map((w) => masked(w)) // => [0, 0.5, 2, 0]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const factor =
  <A>(R: Real.Real<A>) =>
  (correction: Correction) =>
  (weight: A): A => {
    switch (correction._tag) {
      case "None":
        return R.one
      case "Weighted":
        return weight
      case "Truncated":
        return R.min(weight, R.of(correction.maximum))
      case "Masked": {
        const excess = R.sub(weight, Real.clamp(R)(weight, R.of(correction.low), R.of(correction.high)))
        // [w is outside]: the least excess that floats can show, 2^-54, times `steepness` is far above 1
        const outside = R.min(R.one, R.mul(R.of(steepness), R.max(excess, Real.neg(R)(excess))))
        return R.mul(weight, R.sub(R.one, outside))
      }
    }
  }

// numerics

const steepness = 1e30
