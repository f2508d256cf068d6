/**
 * The Kullback–Leibler divergence between positive measures, whose totals may differ.
 *
 *     D(p ‖ q) = Σ_i p_i ln(p_i/q_i) − p_i + q_i
 *
 * It is the Bregman divergence of Σ p ln p − p. On distributions it is KL, because Σ (q − p) = 0; between a distribution
 * and a reference that lost its normaliser it stays non-negative, where Σ p ln(p/q) alone need not.
 * This is what the estimators k3 and kF are made of, sample by sample: with ρ = p/π
 *
 *     k3 = ρ − ln ρ − 1 = D(1 ‖ ρ),   kF = ρ ln ρ − ρ + 1 = D(ρ ‖ 1)
 *     E_π k3 = D(π ‖ p),              E_π kF = D(p ‖ π)                for any positive p, by homogeneity
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. D ≥ 0, and D = 0 if and only if p = q.
 * 2. D(c p ‖ c q) = c D(p ‖ q).
 * 3. D(p ‖ q) = KL(p ‖ q) where both sum to 1; D(p ‖ c p) = |p| (c − 1 − ln c).
 *
 * Source: Csiszár (1991), Annals of Statistics 19(4), "I-divergence"; Bregman (1967).
 */
import { LogSpace } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { excessTerm } from "./internal/Exponential.ts"
import { sameSizes } from "./internal/SameOutcomes.ts"
import type { SupportMismatch } from "./KL.ts"

// model

/**
 * A mass is negative, infinite or NaN.
 *
 * @category models
 * @since 0.1.0
 */
export interface NotAMeasure {
  readonly _tag: "NotAMeasure"
  readonly index: number
  readonly mass: number
}

// destructors

/**
 * The error as a sentence.
 *
 * ```ts import.meta.vitest
 * import { UnnormalisedKL } from "@rapo/divergences"
 * UnnormalisedKL.showError({ _tag: "NotAMeasure", index: 1, mass: -2 }) // => "The mass of outcome 1 is -2; a measure's masses are finite and not negative."
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const showError = (error: NotAMeasure): string =>
  `The mass of outcome ${error.index} is ${error.mass}; a measure's masses are finite and not negative.`

/**
 * D(p ‖ q).
 *
 * **Units**      nats times mass.
 * **Domain**     masses in [0, ∞); +∞ when some q_i = 0 < p_i; never NaN, never negative.
 * **Fails with** `NotAMeasure`; `SupportMismatch` when the sizes differ.
 *
 * ```ts import.meta.vitest
 * import { UnnormalisedKL } from "@rapo/divergences"
 * import * as E from "fp-ts/lib/Either.js"
 * E.getOrElse(() => NaN)(UnnormalisedKL.unnormalisedKL([2], [1])) // ≈ 0.386294
 * UnnormalisedKL.unnormalisedKL([0, 0], [1, 2]) // => E.right(3)
 * UnnormalisedKL.unnormalisedKL([1], [-2]) // => E.left({ _tag: "NotAMeasure", index: 0, mass: -2 })
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const unnormalisedKL = (
  p: ReadonlyArray<number>,
  q: ReadonlyArray<number>,
): Either<NotAMeasure | SupportMismatch, number> => {
  const wrong = [...improper(p), ...improper(q)][0]
  return wrong === undefined
    ? sameSizes(p.length, q.length, () =>
        LogSpace.sum(p.map((x, i) => excessTerm(Math.log(x), Math.log(q[i] ?? NaN)))),
      )
    : E.left(wrong)
}

// numerics

const improper = (masses: ReadonlyArray<number>): ReadonlyArray<NotAMeasure> =>
  masses.flatMap((mass, index) =>
    mass >= 0 && mass < Infinity ? [] : [{ _tag: "NotAMeasure" as const, index, mass }],
  )
