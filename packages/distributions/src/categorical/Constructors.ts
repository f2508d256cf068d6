/**
 * The ways to make a distribution, each of which checks what it is given. Documented in `Categorical.ts`.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import { sum } from "../LogSpace.ts"
import type { CategoricalError } from "./Error.ts"
import type { Categorical } from "./Model.ts"
import { normalise, unsafe } from "./Model.ts"
import { nonEmpty, nonNegative, notFinite, refuse, validOutcome, validSize } from "./Validation.ts"

// constructors

/**
 * How far from 1 the total of `fromProbabilities` may be. *Ours*: doubles that were meant to add up to
 * 1 do so within it, and a table with a forgotten outcome does not. Totals of float32 numbers are off by 1e-7 and
 * more: hand those to `fromWeights`, which says that it normalises.
 *
 * @category constructors
 * @since 0.1.0
 */
export const normalisationTolerance = 1e-9

/**
 * The distribution proportional to non-negative weights.
 *
 * **Fails with** `Empty`, `NotFinite`, `NegativeWeight`, `ZeroTotal`.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Categorical.fromWeights([3, 1])
 * E.isRight(p) && Categorical.prob(p.right, 0) // ≈ 0.75
 * Categorical.fromWeights([1, -2]) // => E.left({ _tag: "NegativeWeight", index: 1, value: -2 })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromWeights = (weights: ReadonlyArray<number>): Either<CategoricalError, Categorical> =>
  pipe(
    nonNegative(weights),
    E.map((ws) => ws.map(Math.log)),
    E.chain(normalise),
  )

/**
 * The distribution with the given probabilities, which must add up to 1 within `normalisationTolerance`.
 *
 * **Fails with** `Empty`, `NotFinite`, `NegativeWeight`, `NotNormalised`.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * Categorical.fromProbabilities([0.5, 0.25]) // => E.left({ _tag: "NotNormalised", total: 0.75 })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromProbabilities = (
  probabilities: ReadonlyArray<number>,
): Either<CategoricalError, Categorical> =>
  pipe(
    nonNegative(probabilities),
    E.filterOrElse(
      (ps) => Math.abs(sum(ps) - 1) <= normalisationTolerance,
      (ps): CategoricalError => ({ _tag: "NotNormalised", total: sum(ps) }),
    ),
    E.chain(fromWeights),
  )

/**
 * The distribution with probabilities proportional to e^{z_i}: softmax of the logits.
 *
 * **Domain** z_i in [−∞, ∞), not all −∞.  **Fails with** `Empty`, `NotFinite` (NaN or ∞), `ZeroTotal`.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * E.map(Categorical.entropy)(Categorical.fromLogits([1000, -Infinity])) // => E.right(0)
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromLogits = (logits: ReadonlyArray<number>): Either<CategoricalError, Categorical> =>
  pipe(
    nonEmpty(logits),
    E.chain(refuse((z) => Number.isNaN(z) || z === Infinity, notFinite)),
    E.chain(normalise),
  )

/**
 * The distribution that gives each of k outcomes the same probability.
 *
 * **Fails with** `InvalidSize`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const uniform = (k: number): Either<CategoricalError, Categorical> =>
  pipe(
    validSize(k),
    E.map(() => unsafe(Array.from({ length: k }, () => -Math.log(k)))),
  )

/**
 * The distribution over k outcomes that is certain of one of them.
 *
 * **Fails with** `InvalidSize`, `OutOfRange`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const pointMass = (k: number, outcome: number): Either<CategoricalError, Categorical> =>
  pipe(
    validSize(k),
    E.chain(() => validOutcome(k)(outcome)),
    E.map(() => unsafe(Array.from({ length: k }, (_, i) => (i === outcome ? 0 : -Infinity)))),
  )
