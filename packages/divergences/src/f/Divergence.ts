import type { Categorical } from "@rapo/distributions"
import type { Either } from "fp-ts/lib/Either.js"
import type { SupportMismatch } from "../KL.ts"
import { onSameOutcomes } from "../internal/SameOutcomes.ts"
import { sumOfTerms } from "../internal/Terms.ts"
import type { FDivergence } from "./Model.ts"

// destructors

/**
 * The divergence of p from q.
 *
 *     D_f(p ‖ q) = Σ_{q_i > 0} q_i f(p_i/q_i) + f°(0+) Σ_{q_i = 0} p_i
 *
 * **Units**      nats for the logarithmic members, none for the others.
 * **Domain**     outcomes of probability 0 count with their limits `atZero` and `slopeAtInfinity`, so that the result may
 * be +∞; never NaN, never negative.
 * **Numerics**   from the log-probabilities, with each member's own `term`: relative precision near p = q, ratios from
 * 1e-300 to 1e+300.
 * **Fails with** `SupportMismatch` when the sizes differ.
 * **Laws**       F1–F4 and F8 - see Laws.ts
 * **Source**     Csiszár (1963, 1967); Ali & Silvey (1966).
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import { FDivergence } from "@rapo/divergences"
 * import * as E from "fp-ts/lib/Either.js"
 * const fair = E.getOrElseW(() => { throw new Error() })(Categorical.uniform(2))
 * const biased = E.getOrElseW(() => { throw new Error() })(Categorical.fromProbabilities([0.75, 0.25]))
 * const value = (d: FDivergence.FDivergence) => E.getOrElse(() => NaN)(FDivergence.divergence(d)(biased, fair))
 * value(FDivergence.totalVariation) // ≈ 0.25
 * value(FDivergence.pearson) // ≈ 0.25
 * value(FDivergence.kl) // ≈ 0.130812
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const divergence =
  (d: FDivergence) =>
  (p: Categorical.Categorical, q: Categorical.Categorical): Either<SupportMismatch, number> =>
    onSameOutcomes(p, q, () => sumOfTerms(d)(p.logProbs, q.logProbs))
