/**
 * Rényi's divergences: one number for every order a ≥ 0, from "what is possible" (0) to "the worst ratio" (∞).
 *
 *     R_a(p ‖ q) = ln(Σ p^a q^{1−a})/(a − 1)
 *     R_0 = −ln q(supp p),   R_1 = KL(p ‖ q),   R_∞ = ln max p/q
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. F7: non-decreasing in a, with the limits above; R_a = ln(1 + a (a − 1) D_a)/(a − 1) with D_a = `FDivergence.alpha(a)`.
 * 2. F1 Gibbs for a > 0, and F2 data processing.
 * 3. (1 − a) R_a(p ‖ q) = a R_{1−a}(q ‖ p) for 0 < a < 1; R_½ = −2 ln(1 − H²) is symmetric.
 * 4. F9: ∇_z R_a(softmax z ‖ q) = a p ∘ (e^{(a−1)(l − R_a)} − 1)/(a − 1) and ∇_z R_a(p ‖ softmax z) = q − w, with l = ln p/q
 *    and w = p e^{(a−1)(l − R_a)} ∝ p^a q^{1−a}.
 *
 * Units are nats. Sources: Rényi (1961); van Erven & Harremoës (2014), IEEE Trans. Inf. Theory 60(7). The gradients are
 * derived here.
 */
import { Categorical, LogSpace } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { alpha } from "./f/Alpha.ts"
import { expm1Over } from "./internal/Exponential.ts"
import { onSameOutcomes, sameSizes } from "./internal/SameOutcomes.ts"
import { klSum } from "./internal/Sums.ts"
import { sumOfTerms } from "./internal/Terms.ts"
import type { SupportMismatch } from "./KL.ts"

// model

/**
 * An order of a Rényi divergence is negative or NaN.
 *
 * @category models
 * @since 0.1.0
 */
export interface InvalidOrder {
  readonly _tag: "InvalidOrder"
  readonly order: number
}

/**
 * An order a in [0, ∞].
 *
 * @category models
 * @since 0.1.0
 */
export type Order = number & { readonly Order: unique symbol }

// constructors

/**
 * An order, if it is one.
 *
 * **Fails with** `InvalidOrder` unless 0 ≤ a ≤ ∞.
 *
 * @category constructors
 * @since 0.1.0
 */
export const order = (a: number): Either<InvalidOrder, Order> =>
  a >= 0 ? E.right(a as Order) : E.left({ _tag: "InvalidOrder", order: a })

// destructors

/**
 * The error as a sentence.
 *
 * ```ts import.meta.vitest
 * import { Renyi } from "@rapo/divergences"
 * Renyi.showError({ _tag: "InvalidOrder", order: -1 }) // => "-1 is not an order of a Rényi divergence; orders are from 0 to Infinity."
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const showError = (error: InvalidOrder): string =>
  `${error.order} is not an order of a Rényi divergence; orders are from 0 to Infinity.`

/**
 * R_a(p ‖ q).
 *
 * **Domain**     +∞ when p and q share no outcome, and for a ≥ 1 when some q_i = 0 < p_i; never NaN, never negative.
 * **Numerics**   near a = 1 and near p = q by way of the α-divergence, elsewhere as a log-sum-exp.
 * **Fails with** `SupportMismatch` when the sizes differ.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import { Renyi } from "@rapo/divergences"
 * import * as E from "fp-ts/lib/Either.js"
 * const get = E.getOrElseW(() => { throw new Error() })
 * const [p, q] = [get(Categorical.fromProbabilities([0.75, 0.25])), get(Categorical.uniform(2))]
 * const at = (a: number) => E.getOrElse(() => NaN)(Renyi.renyi(get(Renyi.order(a)))(p, q))
 * at(0) // => 0
 * at(1) // ≈ 0.130812
 * at(2) // ≈ 0.223144
 * at(Infinity) // ≈ 0.405465
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const renyi =
  (a: Order) =>
  (p: Categorical.Categorical, q: Categorical.Categorical): Either<SupportMismatch, number> =>
    onSameOutcomes(p, q, () => fromLogProbs(a)(p.logProbs, q.logProbs))

// combinators

/**
 * ∇_z R_a(softmax(z) ‖ q).
 *
 * **Domain**     finite logits, finite a, R_a finite.
 * **Fails with** `SupportMismatch` when the sizes differ.
 *
 * @category combinators
 * @since 0.1.0
 */
export const gradientInFirst =
  (a: Order) =>
  (
    logits: ReadonlyArray<number>,
    q: Categorical.Categorical,
  ): Either<SupportMismatch, ReadonlyArray<number>> =>
    sameSizes(logits.length, Categorical.size(q), () => {
      const lnP = LogSpace.logSoftmax(logits)
      const value = fromLogProbs(a)(lnP, q.logProbs)
      return lnP.map((l, i) => a * Math.exp(l) * expm1Over(a - 1, l - Categorical.logProb(q, i) - value))
    })

/**
 * ∇_z R_a(p ‖ softmax(z)).
 *
 * **Domain**     finite logits, finite a; outcomes with p = 0 are fine.
 * **Fails with** `SupportMismatch` when the sizes differ.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import { Renyi } from "@rapo/divergences"
 * import * as E from "fp-ts/lib/Either.js"
 * const get = E.getOrElseW(() => { throw new Error() })
 * Renyi.gradientInSecond(get(Renyi.order(1)))(get(Categorical.fromProbabilities([0.75, 0.25])), [0, 0]) // => E.right([-0.25, 0.25])
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const gradientInSecond =
  (a: Order) =>
  (
    p: Categorical.Categorical,
    logits: ReadonlyArray<number>,
  ): Either<SupportMismatch, ReadonlyArray<number>> =>
    sameSizes(Categorical.size(p), logits.length, () => {
      const lnQ = LogSpace.logSoftmax(logits)
      const value = fromLogProbs(a)(p.logProbs, lnQ)
      return lnQ.map((l, i) => {
        const lnP = Categorical.logProb(p, i)
        return Math.exp(l) - (lnP === -Infinity ? 0 : Math.exp(lnP + (a - 1) * (lnP - l - value)))
      })
    })

// numerics

/** Inside, 1 + a (a − 1) D_a is near 1 and `log1p` keeps the digits; outside, a log-sum-exp has as many and no overflow. */
const nearOne = 0.5

const fromLogProbs =
  (a: number) =>
  (lnP: ReadonlyArray<number>, lnQ: ReadonlyArray<number>): number => {
    if (a === 1) return klSum(lnP, lnQ)
    const possible = [...lnP.keys()].filter((i) => lnP[i] !== -Infinity)
    if (a === Infinity) return Math.max(0, ...possible.map((i) => (lnP[i] ?? NaN) - (lnQ[i] ?? NaN)))
    if (a === 0) return 0 - Math.min(0, LogSpace.logSumExp(possible.map((i) => lnQ[i] ?? NaN)))
    const excess = a * (a - 1) * sumOfTerms(alpha(a))(lnP, lnQ)
    return Math.max(
      0,
      Math.abs(excess) < nearOne
        ? Math.log1p(excess) / (a - 1)
        : LogSpace.logSumExp(possible.map((i) => logPower(a, lnP[i] ?? NaN, lnQ[i] ?? NaN))) / (a - 1),
    )
  }

/** ln(p^a q^{1−a}) with its limits at q = 0 < p, for a ≠ 1. */
const logPower = (a: number, lnP: number, lnQ: number): number =>
  lnQ === -Infinity ? (a < 1 ? -Infinity : Infinity) : lnP + (a - 1) * (lnP - lnQ)
