/**
 * What samplers do to a distribution before they draw, normalised again. Documented in `Categorical.ts` and `Filters.ts`.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import type { Filter } from "../Filters.ts"
import * as Filters from "../Filters.ts"
import { escort } from "./Combinators.ts"
import type { CategoricalError } from "./Error.ts"
import { validTemperature } from "./Families.ts"
import type { Categorical } from "./Model.ts"
import { normalise } from "./Model.ts"

// combinators

/**
 * The distribution at temperature τ: its escort of exponent 1/τ.
 *
 *     temperature(p, τ)_i ∝ p_i^{1/τ}
 *
 * **Domain** τ > 0; τ → 0 is the uniform distribution on the modes, τ = ∞ that on the support.
 * **Fails with** `InvalidParameter`.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Categorical.fromWeights([1, 4])
 * const hot = E.chain((p: Categorical.Categorical) => Categorical.temperature(p, 2))(p)
 * E.isRight(hot) && Categorical.prob(hot.right, 1) // ≈ 0.666667
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const temperature = (p: Categorical, tau: number): Either<CategoricalError, Categorical> =>
  pipe(
    validTemperature(tau),
    E.map((t) => escort(p, 1 / t)),
  )

/**
 * The distribution of what a filter of logits leaves.
 *
 * **Fails with** `ZeroTotal` when it leaves nothing, which no filter of `Filters` does.
 *
 * @category combinators
 * @since 0.1.0
 */
export const filtered = (p: Categorical, filter: Filter): Either<CategoricalError, Categorical> =>
  normalise(filter(p.logProbs))

/**
 * The distribution on its k most probable outcomes, ties with the k-th included.
 *
 * @category combinators
 * @since 0.1.0
 */
export const topK = (p: Categorical, k: number): Either<CategoricalError, Categorical> =>
  pipe(
    Filters.topK(k),
    E.chain((filter) => filtered(p, filter)),
  )

/**
 * The distribution on its nucleus: the most probable outcomes until they have the given total, ties included.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Categorical.fromWeights([5, 3, 1, 1])
 * const nucleus = E.chain((p: Categorical.Categorical) => Categorical.topP(p, 0.6))(p)
 * E.isRight(nucleus) && Categorical.prob(nucleus.right, 0) // ≈ 0.625
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const topP = (p: Categorical, total: number): Either<CategoricalError, Categorical> =>
  pipe(
    Filters.topP(total),
    E.chain((filter) => filtered(p, filter)),
  )

/**
 * The distribution on the outcomes that have at least a share of the largest probability.
 *
 * @category combinators
 * @since 0.1.0
 */
export const minP = (p: Categorical, share: number): Either<CategoricalError, Categorical> =>
  pipe(
    Filters.minP(share),
    E.chain((filter) => filtered(p, filter)),
  )
