/**
 * Generalised advantage estimation: how much better each token was than a critic's value of the prefix foretold.
 *
 *     δ_t = r_t + γ V_{t+1} - V_t,        A_t = δ_t + γλ A_{t+1} = Σ_l (γλ)^l δ_{t+l},        G_t = A_t + V_t
 *
 * with V and A 0 after the last token. A group's mean takes the critic's place in the objectives of this package; this is for
 * comparison with PPO, and for whoever has a critic.
 *
 * | symbol | meaning |
 * |---|---|
 * | r_t, V_t | reward of token t, value of the prefix before it |
 * | γ, λ | discount, and how far rewards are trusted over values |
 *
 * Laws (`StrategyLaws`, [S6])
 * 1. A_t = δ_t + γλ A_{t+1}.
 * 2. λ = 0: A_t = δ_t.  λ = 1: A_t = Σ_l γ^l r_{t+l} - V_t, so G_t is the discounted return, whatever V.
 * 3. γ = λ = 1: A_t - A_{t+1} telescopes to δ_t, and A_0 = Σ r - V_0.
 *
 * Source: Schulman et al. (2015), equations 11-18, arXiv 1506.02438.
 */

// model

/**
 * @category models
 * @since 0.1.0
 */
export interface Config {
  readonly gamma: number
  readonly lambda: number
}

/**
 * Of each token of a response, [T].
 *
 * @category models
 * @since 0.1.0
 */
export interface Estimates {
  readonly advantages: ReadonlyArray<number>
  readonly returns: ReadonlyArray<number>
}

// combinators

/**
 * The temporal-difference errors δ of one response.
 *
 * @category combinators
 * @since 0.1.0
 */
export const errors = (
  { gamma }: Pick<Config, "gamma">,
  rewards: ReadonlyArray<number>,
  values: ReadonlyArray<number>,
): ReadonlyArray<number> =>
  rewards.map((reward, t) => reward + gamma * (values[t + 1] ?? 0) - (values[t] ?? NaN))

/**
 * Advantages and returns of one response's tokens.
 *
 * **Shapes**  rewards, values: [T];  result: [T] each.
 * **Domain**  γ and λ in [0, 1].
 *
 * ```ts import.meta.vitest
 * import { Gae } from "@rapo/rapo"
 * Gae.estimate({ gamma: 1, lambda: 1 })([0, 1], [0.25, 0.5]).advantages // => [0.75, 0.5]
 * Gae.estimate({ gamma: 1, lambda: 0 })([0, 1], [0.25, 0.5]).advantages // => [0.25, 0.5]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const estimate =
  (config: Config) =>
  (rewards: ReadonlyArray<number>, values: ReadonlyArray<number>): Estimates => {
    const decay = config.gamma * config.lambda
    // a loop from the end, for copying a list at each token would take quadratic time
    const advantages = [...errors(config, rewards, values)]
    for (let t = advantages.length - 2; t >= 0; t--) {
      advantages[t] = (advantages[t] ?? NaN) + decay * (advantages[t + 1] ?? NaN)
    }
    return { advantages, returns: advantages.map((advantage, t) => advantage + (values[t] ?? NaN)) }
  }
