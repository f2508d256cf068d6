/**
 * RAST: what reinforcement learning taught a small model, added to a large one while it answers.
 *
 *     z = z_L + λ (z_RL - z_base),        π = softmax z = π_L · (π_RL / π_base)^λ / Z
 *
 * A product of experts at each prefix: the large model's distribution, tilted by what training changed in the small one. No
 * parameter is trained; the three models read the same tokens, so their vocabularies must be the same.
 *
 * | default | value | from |
 * |---|---|---|
 * | λ | 1 | [code] |
 * | temperature, applied to z | 1 | [code] |
 *
 * Laws (`StrategyLaws`, [S7])
 * 1. λ = 0 is the large model, and so is any λ where z_RL = z_base.
 * 2. softmax z is the product of experts above: constants added to any of the logits change nothing.
 * 3. z_L = z_base and λ = 1 is the small trained model itself.
 *
 * Source: code ozyyshr/RAST @75d1e55.
 */
import type { Real } from "@rapo/distributions"

// model

/**
 * The three models' logits after one prefix, each [V].
 *
 * @category models
 * @since 0.1.0
 */
export interface Experts<A> {
  /** The large model, not trained. */
  readonly large: ReadonlyArray<A>
  /** The small model after reinforcement learning. */
  readonly tuned: ReadonlyArray<A>
  /** The small model before. */
  readonly base: ReadonlyArray<A>
}

/**
 * @category models
 * @since 0.1.0
 */
export interface Rast {
  readonly lambda: number
  readonly temperature: number
}

/**
 * RAST's defaults.
 *
 * @category objectives
 * @since 0.1.0
 */
export const rast: Rast = { lambda: 1, temperature: 1 }

// combinators

/**
 * One token's logit, of its logits under the three models: the formula that both interpreters have.
 *
 * @category combinators
 * @since 0.1.0
 */
export const combine =
  <A>(R: Real.Real<A>) =>
  (lambda: number) =>
  (large: A, tuned: A, base: A): A =>
    R.add(large, R.mul(R.of(lambda), R.sub(tuned, base)))

/**
 * The combined logits, before the temperature.
 *
 * **Shapes**  [V], [V], [V];  result: [V].
 * **Domain**  finite logits (a vocabulary's unused entries too: -∞ less -∞ has no meaning). Other lengths than the large
 * model's are a violated invariant.
 *
 * ```ts import.meta.vitest
 * import { Float64 } from "@rapo/distributions"
 * import { Rast } from "@rapo/rapo"
 * const logits = { large: [1, 0], tuned: [0, 3], base: [0, 1] }
 * Rast.logits(Float64.Real)(Rast.rast.lambda)(logits) // => [1, 2]
 * Rast.logits(Float64.Real)(0)(logits) // => [1, 0]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const logits =
  <A>(R: Real.Real<A>) =>
  (lambda: number) =>
  ({ large, tuned, base }: Experts<A>): ReadonlyArray<A> =>
    large.map((z, v) => {
      const learnt = tuned[v]
      const before = base[v]
      if (learnt === undefined || before === undefined) {
        throw new Error(
          `RAST needs one vocabulary: there are ${large.length}, ${tuned.length} and ${base.length} logits.`,
        )
      }
      return combine(R)(lambda)(z, learnt, before)
    })
