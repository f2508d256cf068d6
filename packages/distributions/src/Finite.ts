/**
 * A distribution over any labelled outcomes: numbers, words, sequences, other distributions' outcomes.
 *
 *     p = Σ_a p(a) δ_a,   p(a) > 0,   Σ_a p(a) = 1
 *
 * The outcomes are the support: what cannot happen is not in the list. Outcomes that are the same value in JavaScript's
 * sense (`SameValueZero`: equal numbers and strings, one object) are merged by every function, their probabilities added in
 * log space; outcomes that are equal in a wider sense are merged by `merge`, and compared by `getEq`. So the monad needs
 * no notion of equality, and its laws hold up to any.
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. `of`, `map`, `chain` are a monad: left and right identity, associativity; `ap` agrees with `chain`.
 * 2. E_{map(p, f)} g = E_p (g ∘ f); E_{chain(p, k)} g = E_p (a ↦ E_{k(a)} g).
 * 3. 0 ≤ H(p) ≤ ln |support|; H(X, Y) = H(X) + E H(Y | X).
 * 4. `condition` is the tilt by an indicator; tilts add up, escorts multiply.
 * 5. Probabilities down to e^{-745} · e^{-745} and beyond survive `chain`, because they stay in log space.
 *
 * The file is a table of contents: `finite/` has the model, constructors, combinators, measurements and instances.
 * Units are nats. Source: Giry (1982), the probability monad, in the finite case; Erwig & Kollmansberger (2006) for its
 * use in programs.
 */

export type { Finite } from "./finite/Model.ts"

export { law, size, support, weighted } from "./finite/Model.ts"
export {
  bernoulli,
  empirical,
  fromCategorical,
  fromLogits,
  fromProbabilities,
  fromWeights,
  of,
  truncatedGeometric,
  uniform,
} from "./finite/Constructors.ts"
export { ap, chain, flatten, map, merge, mixture, product } from "./finite/Monad.ts"
export { condition, escort, filtered, minP, temperature, tilt, topK, topP } from "./finite/Reweighting.ts"
export {
  cdf,
  entropy,
  expectation,
  getEq,
  logProb,
  mode,
  prob,
  probabilityOf,
  quantile,
  variance,
} from "./finite/Measurements.ts"
export type { URI } from "./finite/Instances.ts"
export { Applicative, Apply, Chain, Functor, Monad, Pointed } from "./finite/Instances.ts"
export { sample, samples } from "./finite/Draws.ts"
