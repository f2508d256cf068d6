/**
 * Distributions from distributions: what happens to probabilities. Each is `Categorical`'s, with names for the outcomes, and
 * fails with the same errors. Documented in `Finite.ts`.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as Categorical from "../Categorical.ts"
import type { CategoricalError } from "../categorical/Error.ts"
import type { Filter } from "../Filters.ts"
import type { Finite } from "./Model.ts"
import { at, collected } from "./Model.ts"

type Made<A> = Either<CategoricalError, Finite<A>>

// combinators

/**
 * The distribution reweighted by e^{logF}.
 *
 *     tilt(p, f)(a) = p(a) e^{f(a)} / Z
 *
 * **Fails with** `NotFinite`, `ZeroTotal`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const tilt = <A>(p: Finite<A>, logF: (outcome: A) => number): Made<A> =>
  relabelled(
    p,
    Categorical.tilt(p.law, (i) => logF(at(p, i))),
  )

/**
 * The distribution given that an event happens.
 *
 *     condition(p, A)(a) = p(a) [a ∈ A] / p(A)
 *
 * **Fails with** `ImpossibleEvent`.
 *
 * ```ts import.meta.vitest
 * import { Finite } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const die = Finite.uniform([1, 2, 3, 4, 5, 6])
 * const even = E.chain((p: Finite.Finite<number>) => Finite.condition(p, (n) => n % 2 === 0))(die)
 * E.map(Finite.support)(even) // => E.right([2, 4, 6])
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const condition = <A>(p: Finite<A>, event: (outcome: A) => boolean): Made<A> =>
  relabelled(
    p,
    Categorical.condition(p.law, (i) => event(at(p, i))),
  )

/**
 * The distribution raised to a power: p(a)^φ / Σ p^φ.
 *
 * **Domain** as for `Categorical.escort`; at φ = ±∞ only the most (least) probable outcomes are left.
 *
 * @category combinators
 * @since 0.1.0
 */
export const escort = <A>(p: Finite<A>, phi: number): Finite<A> =>
  collected(p.outcomes, Categorical.escort(p.law, phi).logProbs)

/**
 * The distribution at temperature τ > 0: the escort of exponent 1/τ.
 *
 * **Fails with** `InvalidParameter`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const temperature = <A>(p: Finite<A>, tau: number): Made<A> =>
  relabelled(p, Categorical.temperature(p.law, tau))

/**
 * The distribution of what a filter of logits leaves.
 *
 * @category combinators
 * @since 0.1.0
 */
export const filtered = <A>(p: Finite<A>, filter: Filter): Made<A> =>
  relabelled(p, Categorical.filtered(p.law, filter))

/**
 * The distribution on its k most probable outcomes, ties with the k-th included.  **Fails with** `InvalidParameter`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const topK = <A>(p: Finite<A>, k: number): Made<A> => relabelled(p, Categorical.topK(p.law, k))

/**
 * The distribution on its nucleus of the given total, ties included.  **Fails with** `InvalidParameter`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const topP = <A>(p: Finite<A>, total: number): Made<A> => relabelled(p, Categorical.topP(p.law, total))

/**
 * The distribution on the outcomes with a share of the largest probability.  **Fails with** `InvalidParameter`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const minP = <A>(p: Finite<A>, share: number): Made<A> => relabelled(p, Categorical.minP(p.law, share))

/** Another law of the same places: those that have become impossible are dropped. */
const relabelled = <A>(p: Finite<A>, made: Either<CategoricalError, Categorical.Categorical>): Made<A> =>
  pipe(
    made,
    E.map((q) => collected(p.outcomes, q.logProbs)),
  )
