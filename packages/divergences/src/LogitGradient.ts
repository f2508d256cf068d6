/**
 * The gradient of a divergence in the logits of one of its distributions: one formula for every f.
 *
 *     p = softmax(z):  ∇_z D_f(p ‖ q) = p ∘ (h − E_p h),   h = f′(p/q)
 *     q = softmax(z):  ∇_z D_f(p ‖ q) = q ∘ (h − E_q h),   h = f(t) − t f′(t) = f°′(q/p),   t = p/q
 *
 * h is the derivative in the probabilities, and diag(π) − ππᵀ the Jacobian of the softmax. The second line is the first
 * one of the dual. So ∇_z KL(p ‖ softmax z) = π − p, and ∇_z KL(softmax z ‖ p) = π ∘ (ln π − ln p − KL).
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. F9: equal to the derivative over dual numbers, where f is differentiable.
 * 2. Σ_i ∇_i = 0, since a common shift of the logits changes nothing.
 *
 * Source: derived here; the two cases of KL are textbook facts.
 */
import { Categorical, LogSpace } from "@rapo/distributions"
import type { Either } from "fp-ts/lib/Either.js"
import type { FDivergence } from "./f/Model.ts"
import { reverse } from "./f/Reverse.ts"
import { sameSizes } from "./internal/SameOutcomes.ts"
import type { SupportMismatch } from "./KL.ts"

// combinators

/**
 * ∇_z D_f(softmax(z) ‖ q).
 *
 * **Domain**     finite logits; D_f finite, so q > 0 everywhere unless `slopeAtInfinity` is finite.
 * **Fails with** `SupportMismatch` when the sizes differ.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import { FDivergence, LogitGradient } from "@rapo/divergences"
 * import * as E from "fp-ts/lib/Either.js"
 * const q = E.getOrElseW(() => { throw new Error() })(Categorical.fromProbabilities([0.75, 0.25]))
 * E.getOrElseW(() => [])(LogitGradient.inFirst(FDivergence.kl)([0, 0], q))[0] // ≈ -0.274653
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const inFirst =
  (d: FDivergence) =>
  (
    logits: ReadonlyArray<number>,
    q: Categorical.Categorical,
  ): Either<SupportMismatch, ReadonlyArray<number>> =>
    sameSizes(logits.length, Categorical.size(q), () => {
      const lnPi = LogSpace.logSoftmax(logits)
      return throughSoftmax(
        lnPi,
        lnPi.map((l, i) => d.derivative(Math.exp(l - Categorical.logProb(q, i)))),
      )
    })

/**
 * ∇_z D_f(p ‖ softmax(z)).
 *
 * **Domain**     finite logits; outcomes with p = 0 are fine where `atZero` is finite.
 * **Fails with** `SupportMismatch` when the sizes differ.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import { FDivergence, LogitGradient } from "@rapo/divergences"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = E.getOrElseW(() => { throw new Error() })(Categorical.fromProbabilities([0.75, 0.25]))
 * E.getOrElseW(() => [])(LogitGradient.inSecond(FDivergence.kl)(p, [0, 0]))[0] // ≈ -0.25
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const inSecond = (
  d: FDivergence,
): ((
  p: Categorical.Categorical,
  logits: ReadonlyArray<number>,
) => Either<SupportMismatch, ReadonlyArray<number>>) => {
  const ofDual = inFirst(reverse(d))
  return (p, logits) => ofDual(logits, p)
}

// numerics

/** π ∘ (h − E_π h): a gradient in probabilities, pulled back to logits. */
const throughSoftmax = (
  lnPi: ReadonlyArray<number>,
  slopes: ReadonlyArray<number>,
): ReadonlyArray<number> => {
  const pi = lnPi.map(Math.exp)
  const mean = LogSpace.sum(pi.map((x, i) => LogSpace.timesLog(x, slopes[i] ?? NaN)))
  return pi.map((x, i) => LogSpace.timesLog(x, (slopes[i] ?? NaN) - mean))
}
