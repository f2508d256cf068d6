/**
 * Laws of `Categorical`: normalisation, entropy, reweighting, truncation, order.
 */
import type { Either } from "fp-ts/lib/Either.js"
import { isLeft, isRight } from "fp-ts/lib/Either.js"
import type { Eq } from "fp-ts/lib/Eq.js"
import type { Categorical } from "../Categorical.ts"
import * as C from "../Categorical.ts"
import type { Filter } from "../Filters.ts"
import * as LogSpace from "../LogSpace.ts"

// laws

/** Σ p = 1, p ≥ 0 and logProb = ln prob. */
export const normalised =
  (S: Eq<number>) =>
  (p: Categorical): boolean =>
    S.equals(LogSpace.sum(C.probabilities(p)), 1) &&
    p.logProbs.every((l, i) => l <= 0 && C.prob(p, i) >= 0 && C.prob(p, i) === Math.exp(l))

/** 0 ≤ H(p) ≤ ln |support p|. */
export const entropyBounds =
  (S: Eq<number>) =>
  (p: Categorical): boolean => {
    const bound = Math.log(C.support(p).length)
    return C.entropy(p) >= 0 && (C.entropy(p) <= bound || S.equals(C.entropy(p), bound))
  }

/** Two ways of making a distribution make the same one. */
export const sameDistribution =
  (S: Eq<Categorical>) =>
  <E>(a: Either<E, Categorical>, b: Either<E, Categorical>): boolean =>
    isRight(a) && isRight(b) && S.equals(a.right, b.right)

/** tilt(tilt(p, f), g) = tilt(p, f + g). */
export const tiltsAddUp =
  (S: Eq<Categorical>) =>
  (p: Categorical, f: (i: number) => number, g: (i: number) => number): boolean => {
    const first = C.tilt(p, f)
    return (
      isRight(first) &&
      sameDistribution(S)(
        C.tilt(first.right, g),
        C.tilt(p, (i) => f(i) + g(i)),
      )
    )
  }

/** escort(escort(p, φ), ψ) = escort(p, φψ), and escort(p, 1) = p. */
export const escortsMultiply =
  (S: Eq<Categorical>) =>
  (p: Categorical, phi: number, psi: number): boolean =>
    S.equals(C.escort(C.escort(p, phi), psi), C.escort(p, phi * psi)) && S.equals(C.escort(p, 1), p)

/** 0 ≤ φ ≤ ψ implies H(escort(p, φ)) ≥ H(escort(p, ψ)). */
export const escortEntropyFalls =
  (S: Eq<number>) =>
  (p: Categorical, phi: number, psi: number): boolean => {
    const flatter = C.entropy(C.escort(p, Math.min(phi, psi)))
    const sharper = C.entropy(C.escort(p, Math.max(phi, psi)))
    return flatter >= sharper || S.equals(flatter, sharper)
  }

/** E_{map(p, f)} g = E_p (g ∘ f). */
export const mapKeepsExpectations =
  (S: Eq<number>) =>
  (p: Categorical, f: (i: number) => number, k: number, g: (j: number) => number): boolean => {
    const image = C.map(p, f, k)
    return (
      isRight(image) &&
      S.equals(
        C.expectation(image.right, g),
        C.expectation(p, (i) => g(f(i))),
      )
    )
  }

/** H(mixture(w, p)) ≥ Σ_c w_c H(p^c). */
export const entropyConcave =
  (S: Eq<number>) =>
  (weights: Categorical, components: ReadonlyArray<Categorical>): boolean => {
    const mixed = C.mixture(weights, components)
    const entropies = components.map(C.entropy)
    const mean = C.expectation(weights, (c) => entropies[c] ?? 0)
    return isRight(mixed) && (C.entropy(mixed.right) >= mean || S.equals(C.entropy(mixed.right), mean))
  }

/** H(product(p, q)) = H(p) + H(q), and the pair (i, j) has p_i q_j. */
export const productAddsEntropies =
  (S: Eq<number>) =>
  (p: Categorical, q: Categorical): boolean => {
    const both = C.product(p, q)
    return (
      S.equals(C.entropy(both), C.entropy(p) + C.entropy(q)) &&
      p.logProbs.every((a, i) =>
        q.logProbs.every((b, j) => S.equals(C.prob(both, i * C.size(q) + j), Math.exp(a + b))),
      )
    )
  }

/** condition(p, A) = p [A] / p(A) = the tilt by 0 on A and −∞ off it; p(A) = 0 is an error. */
export const conditioningIsTilting =
  (S: Eq<Categorical>, N: Eq<number>) =>
  (p: Categorical, event: (i: number) => boolean): boolean => {
    const given = C.condition(p, event)
    const total = C.expectation(p, (i) => (event(i) ? 1 : 0))
    if (isLeft(given)) return total === 0 && given.left._tag === "ImpossibleEvent"
    return (
      sameDistribution(S)(
        given,
        C.tilt(p, (i) => (event(i) ? 0 : -Infinity)),
      ) && p.logProbs.every((_, i) => N.equals(C.prob(given.right, i) * total, event(i) ? C.prob(p, i) : 0))
    )
  }

/** temperature(p, τ) = escort(p, 1/τ). */
export const temperatureIsEscort =
  (S: Eq<Categorical>) =>
  (p: Categorical, tau: number): boolean => {
    const hot = C.temperature(p, tau)
    return isRight(hot) && S.equals(hot.right, C.escort(p, 1 / tau))
  }

/** Var f ≥ 0, Var(a f + b) = a² Var f, Var f = E f² − (E f)². */
export const varianceIsQuadratic =
  (S: Eq<number>) =>
  (p: Categorical, f: (i: number) => number, a: number, b: number): boolean => {
    const v = C.variance(p, f)
    return (
      v >= 0 &&
      S.equals(
        C.variance(p, (i) => a * f(i) + b),
        a * a * v,
      ) &&
      S.equals(
        v + C.expectation(p, f) ** 2,
        C.expectation(p, (i) => f(i) ** 2),
      )
    )
  }

/** Q(u) ≤ i ⟺ u ≤ F_i for 0 < u ≤ 1, and Q(u) is possible: u is sent to i on an interval of length F_i − F_{i−1}. */
export const quantileInvertsCdf = (p: Categorical, u: number): boolean => {
  const q = C.quantile(p, u)
  const sums = C.cumulative(p)
  return (
    C.logProb(p, q) > -Infinity && sums.at(-1) === 1 && (u === 0 || sums.every((f, i) => q <= i === u <= f))
  )
}

/** F_i − F_{i−1} = p_i. */
export const cdfDifferences =
  (S: Eq<number>) =>
  (p: Categorical): boolean =>
    p.logProbs.every((_, i) => S.equals(C.cdf(p, i) - C.cdf(p, i - 1), C.prob(p, i)))

/** A truncation keeps a logit as it is or excludes it, never the largest. */
export const truncationKeeps =
  (filter: Filter) =>
  (logits: ReadonlyArray<number>): boolean => {
    const kept = filter(logits)
    const top = logits.reduce((a, b) => Math.max(a, b))
    return (
      kept.length === logits.length &&
      kept.every((z, i) => z === logits[i] || (z === -Infinity && logits[i] !== top)) &&
      kept.includes(top)
    )
  }

/** filter(z ∘ σ) = filter(z) ∘ σ. */
export const filterEquivariant =
  (filter: Filter) =>
  (logits: ReadonlyArray<number>, permutation: ReadonlyArray<number>): boolean => {
    const permuted = <A>(xs: ReadonlyArray<A>): ReadonlyArray<A> => permutation.map((i) => xs[i] as A)
    const after = permuted(filter(logits))
    return filter(permuted(logits)).every((z, i) => z === after[i])
  }
