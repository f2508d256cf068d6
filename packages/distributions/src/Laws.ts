/**
 * The laws of this package as predicates: each takes an instance or a notion of equality, then values, and answers whether
 * the law holds for them. The tests feed them with random values; other packages may do the same with their own.
 */
import type { Either } from "fp-ts/lib/Either.js"
import { isRight } from "fp-ts/lib/Either.js"
import type { Eq } from "fp-ts/lib/Eq.js"
import type { Categorical } from "./Categorical.ts"
import * as C from "./Categorical.ts"
import * as LogSpace from "./LogSpace.ts"
import type { Real } from "./Real.ts"
import * as Sampling from "./Sampling.ts"
import type { Seed } from "./Seed.ts"
import { child, generator } from "./Seed.ts"

// equality

/**
 * Equality of numbers within `tolerance · max(1, |a|, |b|)`: relative for large numbers, absolute for small ones.
 *
 * @category instances
 * @since 0.1.0
 */
export const closeTo = (tolerance: number): Eq<number> => ({
  equals: (a, b) => a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b)),
})

// Real

/** a + b = b + a, (a + b) + c = a + (b + c), a + 0 = a, a − a = 0. */
export const additiveGroup =
  <A>(R: Real<A>, S: Eq<A>) =>
  (a: A, b: A, c: A): boolean =>
    S.equals(R.add(a, b), R.add(b, a)) &&
    S.equals(R.add(R.add(a, b), c), R.add(a, R.add(b, c))) &&
    S.equals(R.add(a, R.zero), a) &&
    S.equals(R.sub(a, a), R.zero)

/** a b = b a, (a b) c = a (b c), 1 a = a, and (a b) / b = a for b ≠ 0. */
export const multiplicativeGroup =
  <A>(R: Real<A>, S: Eq<A>) =>
  (a: A, b: A, c: A): boolean =>
    S.equals(R.mul(a, b), R.mul(b, a)) &&
    S.equals(R.mul(R.mul(a, b), c), R.mul(a, R.mul(b, c))) &&
    S.equals(R.mul(R.one, a), a) &&
    S.equals(R.div(R.mul(a, b), b), a)

/** a (b + c) = a b + a c. */
export const distributive =
  <A>(R: Real<A>, S: Eq<A>) =>
  (a: A, b: A, c: A): boolean =>
    S.equals(R.mul(a, R.add(b, c)), R.add(R.mul(a, b), R.mul(a, c)))

/** exp(log a) = a for a > 0. */
export const expInvertsLog =
  <A>(R: Real<A>, S: Eq<A>) =>
  (positive: A): boolean =>
    S.equals(R.exp(R.log(positive)), positive)

/** exp(a + b) = exp a · exp b. */
export const expIsHomomorphism =
  <A>(R: Real<A>, S: Eq<A>) =>
  (a: A, b: A): boolean =>
    S.equals(R.exp(R.add(a, b)), R.mul(R.exp(a), R.exp(b)))

/** sqrt(a)² = a for a > 0. */
export const sqrtSquares =
  <A>(R: Real<A>, S: Eq<A>) =>
  (positive: A): boolean =>
    S.equals(R.mul(R.sqrt(positive), R.sqrt(positive)), positive)

/** min(a, b) + max(a, b) = a + b. */
export const minPlusMax =
  <A>(R: Real<A>, S: Eq<A>) =>
  (a: A, b: A): boolean =>
    S.equals(R.add(R.min(a, b), R.max(a, b)), R.add(a, b))

// log space

/** logSumExp(x + c) = logSumExp(x) + c. */
export const logSumExpShift =
  (S: Eq<number>) =>
  (xs: ReadonlyArray<number>, c: number): boolean =>
    S.equals(LogSpace.logSumExp(xs.map((x) => x + c)), LogSpace.logSumExp(xs) + c)

/** logSumExp does not depend on the order of its terms. */
export const logSumExpSymmetric =
  (S: Eq<number>) =>
  (xs: ReadonlyArray<number>): boolean =>
    S.equals(LogSpace.logSumExp(xs.toReversed()), LogSpace.logSumExp(xs))

/** (ℝ ∪ {−∞}, logAddExp, −∞) is a commutative monoid. */
export const logAddExpMonoid =
  (S: Eq<number>) =>
  (a: number, b: number, c: number): boolean =>
    S.equals(LogSpace.logAddExp(a, b), LogSpace.logAddExp(b, a)) &&
    S.equals(
      LogSpace.logAddExp(LogSpace.logAddExp(a, b), c),
      LogSpace.logAddExp(a, LogSpace.logAddExp(b, c)),
    ) &&
    S.equals(LogSpace.logAddExp(a, -Infinity), a)

// distributions

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

// seeds and sampling

/** The first n uniform numbers of a seed. */
const uniforms = (seed: Seed, n: number): ReadonlyArray<number> => {
  const { uniform } = generator(seed)
  return Array.from({ length: n }, () => uniform())
}

const sameStream = (a: Seed, b: Seed): boolean => {
  const [xs, ys] = [uniforms(a, 8), uniforms(b, 8)]
  return xs.every((x, i) => x === ys[i])
}

/** Equal seeds give equal streams, and every number is in [0, 1). */
export const seedDeterminism = (seed: Seed): boolean =>
  sameStream(seed, seed) && uniforms(seed, 8).every((u) => u >= 0 && u < 1)

/** The child that a label names does not depend on what else was drawn or derived from its parent. */
export const childIndependence = (seed: Seed, label: string | number, other: string | number): boolean => {
  const before = child(seed, label)
  uniforms(seed, 3)
  child(child(seed, other), label)
  return sameStream(before, child(seed, label))
}

/** Different labels, and a parent and its child, name different streams. */
export const childrenDiffer = (seed: Seed, a: string | number, b: string | number): boolean =>
  a === b || (!sameStream(child(seed, a), child(seed, b)) && !sameStream(seed, child(seed, a)))

/** Fewer draws are the beginning of more draws; all of them are possible outcomes; `sample` is the first. */
export const samplesAreAStream = (p: Categorical, n: number, seed: Seed): boolean => {
  const draws = Sampling.samples(p, n + 1, seed)
  return (
    Sampling.samples(p, n, seed).every((x, i) => x === draws[i]) &&
    draws.every((x) => C.logProb(p, x) > -Infinity) &&
    Sampling.sample(p, seed) === draws[0] &&
    C.logProb(p, Sampling.gumbelMax(p, seed)) > -Infinity
  )
}

/** inverseCdf is non-decreasing in u, and in the support. */
export const inverseCdfMonotone = (p: Categorical, u: number, v: number): boolean =>
  Sampling.inverseCdf(p, Math.min(u, v)) <= Sampling.inverseCdf(p, Math.max(u, v)) &&
  C.logProb(p, Sampling.inverseCdf(p, u)) > -Infinity

/**
 * Whether a count of successes is within z standard deviations of n p.
 *
 *     |count − n p| ≤ z √(n p (1 − p)) + 1
 *
 * The 1 allows for the discreteness of the count where n p is small.
 */
export const binomialBound =
  (z: number) =>
  (count: number, n: number, p: number): boolean =>
    Math.abs(count - n * p) <= z * Math.sqrt(n * p * (1 - p)) + 1
