/**
 * The ways to make a distribution over labelled outcomes. Documented in `Finite.ts`.
 *
 * Every error is one of `Categorical`'s, and its index counts the pairs as they were given.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as Categorical from "../Categorical.ts"
import type { CategoricalError } from "../categorical/Error.ts"
import type { Finite } from "./Model.ts"
import { collect, collected } from "./Model.ts"

type Pairs<A> = ReadonlyArray<readonly [A, number]>
type Made<A> = Either<CategoricalError, Finite<A>>

// constructors

/**
 * The distribution that is certain of one outcome: δ_a.
 *
 * @category constructors
 * @since 0.1.0
 */
export const of = <A>(outcome: A): Finite<A> => collected([outcome], [0])

/**
 * The distribution proportional to non-negative weights.
 *
 * **Fails with** `Empty`, `NotFinite`, `NegativeWeight`, `ZeroTotal`.
 *
 * ```ts import.meta.vitest
 * import { Finite } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Finite.fromWeights([["a", 1], ["b", 2], ["a", 5]])
 * E.isRight(p) && Finite.prob(p.right, "a") // ≈ 0.75
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromWeights = <A>(pairs: Pairs<A>): Made<A> => by(Categorical.fromWeights, pairs)

/**
 * The distribution with the given probabilities, which must add up to 1 as `Categorical.fromProbabilities` asks.
 *
 * **Fails with** `Empty`, `NotFinite`, `NegativeWeight`, `NotNormalised`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromProbabilities = <A>(pairs: Pairs<A>): Made<A> => by(Categorical.fromProbabilities, pairs)

/**
 * The distribution with probabilities proportional to e^z; the same outcomes add theirs.
 *
 * **Domain** z in [−∞, ∞), not all −∞.  **Fails with** `Empty`, `NotFinite`, `ZeroTotal`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromLogits = <A>(pairs: Pairs<A>): Made<A> => by(Categorical.fromLogits, pairs)

/**
 * Names for the outcomes 0, …, K − 1 of a `Categorical`.
 *
 * **Fails with** `SizeMismatch` unless there are K names.
 *
 * ```ts import.meta.vitest
 * import { Categorical, Finite } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const coin = E.chain((p: Categorical.Categorical) => Finite.fromCategorical(["heads", "tails"], p))(Categorical.uniform(2))
 * E.isRight(coin) && Finite.prob(coin.right, "tails") // ≈ 0.5
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromCategorical = <A>(names: ReadonlyArray<A>, p: Categorical.Categorical): Made<A> =>
  names.length === Categorical.size(p)
    ? collect(names, p.logProbs)
    : E.left({ _tag: "SizeMismatch", index: 0, expected: Categorical.size(p), actual: names.length })

/**
 * Each of the outcomes with the same probability, however often it is named.
 *
 * **Fails with** `Empty`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const uniform = <A>(outcomes: ReadonlyArray<A>): Made<A> => empirical([...new Set(outcomes)])

/**
 * The frequencies of observed outcomes.
 *
 *     p(a) = |{ n : x_n = a }| / N
 *
 * **Fails with** `Empty`.
 *
 * ```ts import.meta.vitest
 * import { Finite } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Finite.empirical(["yes", "no", "yes"])
 * E.isRight(p) && Finite.prob(p.right, "yes") // ≈ 0.666667
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const empirical = <A>(observed: ReadonlyArray<A>): Made<A> =>
  observed.length === 0
    ? E.left({ _tag: "Empty" })
    : collect(
        observed,
        observed.map(() => 0),
      )

/**
 * True with probability p.
 *
 * **Fails with** `InvalidParameter` unless p is in [0, 1].
 *
 * @category constructors
 * @since 0.1.0
 */
export const bernoulli = (p: number): Made<boolean> =>
  pipe(
    Categorical.bernoulli(p),
    E.chain((coin) => fromCategorical([false, true], coin)),
  )

/**
 * The number of failures before the first success, given that it is below k: `Categorical.truncatedGeometric`.
 *
 * **Fails with** `InvalidSize`, `InvalidParameter`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const truncatedGeometric = (success: number, k: number): Made<number> =>
  pipe(
    Categorical.truncatedGeometric(success, k),
    E.chain((p) =>
      fromCategorical(
        p.logProbs.map((_, i) => i),
        p,
      ),
    ),
  )

/** The pairs' second halves made a law, which the first halves then name. */
const by = <A>(
  make: (numbers: ReadonlyArray<number>) => Either<CategoricalError, Categorical.Categorical>,
  pairs: Pairs<A>,
): Made<A> =>
  pipe(
    make(pairs.map(([, number]) => number)),
    E.chain((p) =>
      fromCategorical(
        pairs.map(([outcome]) => outcome),
        p,
      ),
    ),
  )
