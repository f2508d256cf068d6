/**
 * Adaptive KL coefficient: a controller that raises α where the KL is above its target, and lowers it below.
 *
 *     e = clamp( KL / target - 1, -0.2, 0.2 ),        α ← α (1 + e n / horizon)
 *
 * with n the samples since the last update. α stays where KL = target, keeps its sign, and changes by at most a factor
 * 1 ± 0.2 n/horizon.
 *
 * Source: Ziegler et al. (2019), section 2.2, arXiv 1909.08593; 0.2 is theirs. verl's `AdaptiveKLController` is the same.
 */

// model

/**
 * **Units**  target: nats, as the KL is measured; horizon: samples.
 *
 * @category models
 * @since 0.1.0
 */
export interface Config {
  readonly target: number
  readonly horizon: number
}

/**
 * How much of a relative error counts, at most.
 *
 * @category constants
 * @since 0.1.0
 */
export const errorBound = 0.2

// combinators

/**
 * The coefficient after `samples` more, whose mean KL was `kl`.
 *
 * **Domain**  target, horizon > 0; α > 0 stays above 0 while samples < 5 · horizon.
 *
 * ```ts import.meta.vitest
 * import { AdaptiveKL } from "@rapo/rapo"
 * const update = AdaptiveKL.update({ target: 6, horizon: 10000 })
 * update(0.2, 3, 256) // ≈ 0.198976
 * update(0.2, 6, 256) // => 0.2
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const update =
  ({ target, horizon }: Config) =>
  (alpha: number, kl: number, samples: number): number => {
    const error = Math.min(Math.max(kl / target - 1, -errorBound), errorBound)
    return alpha * (1 + (error * samples) / horizon)
  }
