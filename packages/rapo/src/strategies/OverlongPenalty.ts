/**
 * Soft overlong punishment: a response that comes near the length limit loses reward, the more the nearer.
 *
 *     penalty(n) = clamp( -(n - (max - buffer)) / buffer, -1, 0 ) · factor
 *
 * with n the response's length in tokens, `max` the limit, and `buffer` the tokens before it in which the penalty grows.
 *
 * | default | value | from |
 * |---|---|---|
 * | max | 20480 (expected 16384) | [code] verl `run_dapo_qwen2.5_32b.sh` |
 * | buffer | 4096 | [code] the same |
 * | factor | 1 | [code] the same |
 *
 * verl has no lower bound, and needs none, for its generation stops at `max`; that the penalty stays at -factor beyond
 * is the paper's equation.
 *
 * Law (`StrategyLaws`): continuous with slope at most factor/buffer, non-increasing, within [-factor, 0].
 *
 * Source: DAPO, Yu et al. (2025), equation 13, arXiv 2503.14476; code volcengine/verl, recipe/dapo.
 */
import type { JudgedGroup } from "./JudgedGroup.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export interface Config {
  readonly maximumLength: number
  readonly buffer: number
  readonly factor: number
}

/**
 * DAPO's.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaults: Config = { maximumLength: 20480, buffer: 4096, factor: 1 }

// combinators

/**
 * What a response of a length is punished by, at most 0.
 *
 * **Domain**  0 < buffer <= maximumLength, factor >= 0.
 *
 * ```ts import.meta.vitest
 * import { OverlongPenalty } from "@rapo/rapo"
 * const penalty = OverlongPenalty.penalty({ maximumLength: 100, buffer: 20, factor: 1 })
 * const lengths = [50, 80, 90, 100, 999]
 * lengths.map(penalty) // => [0, 0, -0.5, -1, -1]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const penalty =
  ({ maximumLength, buffer, factor }: Config) =>
  (length: number): number => {
    const excess = Math.min(Math.max((length - (maximumLength - buffer)) / buffer, 0), 1)
    return excess === 0 ? 0 : -factor * excess
  }

/**
 * The group with each reward punished for its length.
 *
 * @category combinators
 * @since 0.1.0
 */
export const punish =
  (config: Config) =>
  <R>({ id, members }: JudgedGroup<R>): JudgedGroup<R> => ({
    id,
    members: members.map((member) => ({ ...member, reward: member.reward + penalty(config)(member.length) })),
  })
