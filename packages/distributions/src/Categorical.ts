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
 * 6. `condition(p, A)` is the tilt by 0 on A and −∞ off it; `temperature(p, τ) = escort(p, 1/τ)`.
 * 7. H(product(p, q)) = H(p) + H(q); `quantile` and `cdf` are a Galois connection.
 * 8. H is concave: H(mixture) ≥ the mean of the H's; `map` keeps expectations: E_{map(p, f)} g = E_p (g ∘ f).
 *
 * The file is a table of contents: `categorical/` has the model, constructors, measurements and combinators.
 * Units are nats. Sources: textbook facts; escort distributions: Beck & Schlögl, Thermodynamics of Chaotic Systems
 * (1993), chapter 9. The choice of conventions at zeros is ours, and is stated where it matters.
 */

export type { CategoricalError } from "./categorical/Error.ts"
export type { Categorical } from "./categorical/Model.ts"

export { showError } from "./categorical/Error.ts"
export { logProb, prob, probabilities, size, support } from "./categorical/Model.ts"
export { bernoulli, empirical, truncatedGeometric } from "./categorical/Families.ts"
export {
  fromLogits,
  fromProbabilities,
  fromWeights,
  normalisationTolerance,
  pointMass,
  uniform,
} from "./categorical/Constructors.ts"
export {
  cdf,
  cumulative,
  entropy,
  Eq,
  expectation,
  getEq,
  lookUp,
  mode,
  quantile,
  variance,
} from "./categorical/Measurements.ts"
export { condition, escort, map, mixture, product, tilt } from "./categorical/Combinators.ts"
export { filtered, minP, temperature, topK, topP } from "./categorical/Truncation.ts"
