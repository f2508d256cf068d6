/**
 * Draws from a distribution, as functions of a seed.
 *
 *     inverse cdf:  the first i with F_i ≥ u,   F_i = Σ_{j ≤ i} p_j,   u uniform
 *     Gumbel-max:   argmax_i (ln p_i + G_i),            G_i = −ln(−ln u_i)
 *
 * Laws (`Laws.ts`)
 * 1. The same seed gives the same draws, and `samples(p, n, s)` begins with `samples(p, m, s)` for m ≤ n.
 * 2. A draw is in the support: an outcome of probability 0 is never drawn.
 * 3. The draw is i for the u in an interval of length p_i (`Categorical.quantile` is the inverse of the cdf).
 * 4. Frequencies tend to the probabilities (tested by a binomial bound at a fixed seed).
 *
 * For many draws from one distribution see `AliasTable`; for draws without replacement `PlackettLuce`.
 *
 * Sources: Devroye, Non-Uniform Random Variate Generation (1986), section III.2; Gumbel-max: Yellott (1977).
 */
import type { Categorical } from "./Categorical.ts"
import { cumulative, logProb, lookUp, quantile, support } from "./Categorical.ts"
import type { Seed } from "./Seed.ts"
import { generator } from "./Seed.ts"

// combinators

/**
 * The uniform number 0 is read as this one, so that the strictly positive target skips leading outcomes of
 * probability 0. *Ours*: at 2⁻¹⁰⁰ the bias is far below a double's resolution, and the tensor twin can use the same
 * value, because float32 still holds it and absorbs there the 1.4e-45 that XNNPACK's softmax gives for 0.
 *
 * @category combinators
 * @since 0.1.0
 */
export const smallestUniform: number = 2 ** -100

/**
 * The outcome whose interval (F_{i−1}, F_i] of the cumulative distribution contains u.
 *
 * **Domain** u in [0, 1].  **Laws** non-decreasing in u; in the support of p.
 *
 * ```ts import.meta.vitest
 * import { Categorical, Sampling, Seed } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Categorical.fromWeights([0, 1, 3])
 * E.isRight(p) && [0, 0.2, 0.3, 1].map((u) => Sampling.inverseCdf(p.right, u)) // => [1, 1, 2, 2]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const inverseCdf = (p: Categorical, u: number): number => quantile(p, Math.max(u, smallestUniform))

/**
 * One draw, by the inverse of the cumulative distribution.
 *
 * @category combinators
 * @since 0.1.0
 */
export const sample = (p: Categorical, seed: Seed): number => inverseCdf(p, generator(seed).uniform())

/**
 * n independent draws.
 *
 * **Domain** n is an integer of at least 0.
 *
 * ```ts import.meta.vitest
 * import { Categorical, Sampling, Seed } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Categorical.pointMass(3, 2)
 * E.isRight(p) && Sampling.samples(p.right, 3, Seed.fromInteger(7)) // => [2, 2, 2]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const samples = (p: Categorical, n: number, seed: Seed): ReadonlyArray<number> => {
  const cdf = cumulative(p)
  const { uniform } = generator(seed)
  return Array.from({ length: n }, () => lookUp(cdf, Math.max(uniform(), smallestUniform)))
}

/**
 * One draw, by the largest of log-probabilities with Gumbel noise: the same distribution as `sample`, in log space.
 *
 * @category combinators
 * @since 0.1.0
 */
export const gumbelMax = (p: Categorical, seed: Seed): number =>
  gumbelScores(p, seed).reduce((best, next) => (next.score > best.score ? next : best)).outcome

/**
 * An outcome and its log-probability with noise.
 *
 * @category models
 * @since 0.1.0
 */
export interface Scored {
  readonly outcome: number
  readonly score: number
}

/**
 * ln p_i + G_i for the possible outcomes, in order, with independent standard Gumbel noise G = −ln(−ln u).
 *
 * **Numerics** u is a multiple of 2⁻⁵³ in [0, 1): G is in [−4.3, 36.8], so that its upper tail is cut at probability 2⁻⁵³.
 *
 * @category combinators
 * @since 0.1.0
 */
export const gumbelScores = (p: Categorical, seed: Seed): ReadonlyArray<Scored> => {
  const { uniform } = generator(seed)
  return support(p).map((outcome) => ({
    outcome,
    score: logProb(p, outcome) - Math.log(-Math.log(Math.max(uniform(), smallestUniform))),
  }))
}
