/**
 * A distribution over the outcomes 0, 1, …, K − 1, held as normalised log-probabilities.
 *
 *     p_i ≥ 0,   Σ_i p_i = 1,   H(p) = −Σ_i p_i ln p_i
 *
 * A value of this type is normalised, because its constructors are the only way to make one; every function of it is
 * therefore total. A log-probability of −∞ is an outcome that cannot happen; an outcome outside 0..K−1 cannot either.
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. Σ p = 1 and p ≥ 0; `logProb = ln prob`.
 * 2. `fromLogits(z + c) = fromLogits(z)`; `fromWeights(c w) = fromWeights(w)` for c > 0.
 * 3. 0 ≤ H(p) ≤ ln |support p|, with equality above for uniform and below for certain p only.
 * 4. `tilt(tilt(p, f), g) = tilt(p, f + g)`; `tilt(p, constant) = p`.
 * 5. `escort(p, 1) = p`; `escort(escort(p, φ), ψ) = escort(p, φψ)`; H(escort(p, φ)) does not increase in φ ≥ 0.
 * 6. H is concave: H(mixture) ≥ the mean of the H's; `map` keeps expectations: E_{map(p, f)} g = E_p (g ∘ f).
 *
 * The file is a table of contents: `categorical/` has the model, constructors, measurements and combinators.
 * Units are nats. Sources: textbook facts; escort distributions: Beck & Schlögl, Thermodynamics of Chaotic Systems
 * (1993), chapter 9. The choice of conventions at zeros is ours, and is stated where it matters.
 */

export type { CategoricalError } from "./categorical/Error.ts"
export type { Categorical } from "./categorical/Model.ts"

export { showError } from "./categorical/Error.ts"
export { logProb, prob, probabilities, size, support } from "./categorical/Model.ts"
export {
  fromLogits,
  fromProbabilities,
  fromWeights,
  normalisationTolerance,
  pointMass,
  uniform,
} from "./categorical/Constructors.ts"
export { entropy, Eq, expectation, getEq, mode } from "./categorical/Measurements.ts"
export { escort, map, mixture, tilt } from "./categorical/Combinators.ts"
