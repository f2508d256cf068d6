/**
 * Orders of outcomes that are drawn one after another without replacement.
 *
 *     P(i_1, …, i_k) = Π_j p_{i_j} / (1 − Σ_{l<j} p_{i_l})
 *
 * A sample needs no sequence of draws: the k largest of ln p_i + G_i, with independent Gumbel noise G_i, have this law.
 *
 * Laws (`Laws.ts`)
 * 1. The probabilities of all orders of length k add up to 1.
 * 2. The formula is the chain rule of conditioning p on what has not been drawn yet.
 * 3. A sample has k different possible outcomes, and begins with the sample of k − 1 at the same seed.
 *
 * Sources: Plackett (1975); Luce (1959); Gumbel noise: Yellott (1977); for sequences Kool, van Hoof & Welling (2019),
 * arXiv 1903.06059.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import type { Categorical, CategoricalError } from "./Categorical.ts"
import { logProb as logProbOf, support } from "./Categorical.ts"
import { validParameter } from "./categorical/Validation.ts"
import { logSumExp, sum } from "./LogSpace.ts"
import { gumbelScores } from "./Sampling.ts"
import type { Seed } from "./Seed.ts"

// destructors

/**
 * The log-probability of drawing outcomes in this order, −∞ for an order that cannot be.
 *
 * **Numerics** what remains is added up, never 1 − Σ, which would cancel.
 *
 * ```ts import.meta.vitest
 * import { Categorical, PlackettLuce } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Categorical.fromWeights([2, 1, 1])
 * E.isRight(p) && Math.exp(PlackettLuce.logProb(p.right, [1, 0])) // ≈ 0.166667
 * E.isRight(p) && PlackettLuce.logProb(p.right, [0, 0]) // => -Infinity
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const logProb = (p: Categorical, order: ReadonlyArray<number>): number => {
  if (new Set(order).size < order.length || order.some((i) => logProbOf(p, i) === -Infinity)) return -Infinity
  const remaining = (drawn: ReadonlySet<number>): number =>
    logSumExp(p.logProbs.map((l, i) => (drawn.has(i) ? -Infinity : l)))
  return sum(order.map((i, j) => logProbOf(p, i) - remaining(new Set(order.slice(0, j)))))
}

// combinators

/**
 * k different outcomes in the order in which they are drawn: the k largest of log-probabilities with Gumbel noise.
 *
 * **Fails with** `InvalidParameter` unless k is an integer from 0 to the number of possible outcomes.
 *
 * ```ts import.meta.vitest
 * import { Categorical, PlackettLuce, Seed } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Categorical.fromWeights([0, 1, 3])
 * const drawn = E.chain((p: Categorical.Categorical) => PlackettLuce.sample(p, 2, Seed.fromInteger(1)))(p)
 * E.map((order: ReadonlyArray<number>) => order.toSorted())(drawn) // => E.right([1, 2])
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const sample = (
  p: Categorical,
  k: number,
  seed: Seed,
): Either<CategoricalError, ReadonlyArray<number>> => {
  const possible = support(p).length
  return pipe(
    validParameter(
      "number of draws without replacement",
      `an integer from 0 to ${possible}, the number of possible outcomes`,
      (n) => Number.isInteger(n) && n >= 0 && n <= possible,
    )(k),
    E.map((n) =>
      gumbelScores(p, seed)
        .toSorted((a, b) => b.score - a.score)
        .slice(0, n)
        .map(({ outcome }) => outcome),
    ),
  )
}
