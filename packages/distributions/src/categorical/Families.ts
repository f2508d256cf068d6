/**
 * Distributions with a name: of observed outcomes, of a coin, of a waiting time. Documented in `Categorical.ts`.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import { fromWeights } from "./Constructors.ts"
import type { CategoricalError } from "./Error.ts"
import type { Categorical } from "./Model.ts"
import { normalise, unsafe } from "./Model.ts"
import { nonEmpty, validOutcome, validParameter, validProbability, validSize } from "./Validation.ts"

// constructors

/**
 * The frequencies of observed outcomes among k.
 *
 *     p_i = |{ n : x_n = i }| / N
 *
 * **Fails with** `InvalidSize`, `Empty`, `OutOfRange`.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Categorical.empirical(3, [2, 0, 2, 2])
 * E.isRight(p) && Categorical.prob(p.right, 2) // ≈ 0.75
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const empirical = (
  k: number,
  observed: ReadonlyArray<number>,
): Either<CategoricalError, Categorical> =>
  pipe(
    validSize(k),
    E.chain(() => nonEmpty(observed)),
    E.chain(E.traverseArray(validOutcome(k))),
    E.chain((outcomes) => {
      const counts = Array.from({ length: k }, () => 0)
      for (const i of outcomes) counts[i] = (counts[i] ?? 0) + 1
      return fromWeights(counts)
    }),
  )

/**
 * A coin: outcome 1 with probability p, else 0.
 *
 * **Numerics** ln(1 − p) is taken by log1p, so p = 1e-300 and p = 1 − 2⁻⁵³ keep their digits.
 * **Fails with** `InvalidParameter` unless p is in [0, 1].
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * E.map(Categorical.probabilities)(Categorical.bernoulli(0.25)) // => E.right([0.75, 0.25])
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const bernoulli = (p: number): Either<CategoricalError, Categorical> =>
  pipe(
    validProbability("probability")(p),
    E.map((x) => unsafe([0 + Math.log1p(-x), Math.log(x)])),
  )

/**
 * The number of failures before the first success, given that it is below k.
 *
 *     p_i = s (1 − s)^i / (1 − (1 − s)^k),   0 ≤ i < k
 *
 * **Domain** s in [0, 1]: s = 0 is the limit, uniform; s = 1 is certain of 0.
 * **Fails with** `InvalidSize`, `InvalidParameter`.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Categorical.truncatedGeometric(0.5, 2)
 * E.isRight(p) && Categorical.prob(p.right, 0) // ≈ 0.666667
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const truncatedGeometric = (success: number, k: number): Either<CategoricalError, Categorical> =>
  pipe(
    validSize(k),
    E.chain(() => validProbability("probability of success")(success)),
    // 0 · (−∞) is avoided at i = 0, where the weight is 1 whatever s is.
    E.chain((s) => normalise(Array.from({ length: k }, (_, i) => (i === 0 ? 0 : i * Math.log1p(-s))))),
  )

/**
 * A temperature: a positive number, or ∞ for the uniform limit.
 */
export const validTemperature: (value: number) => Either<CategoricalError, number> = validParameter(
  "temperature",
  "positive",
  (value) => value > 0,
)
