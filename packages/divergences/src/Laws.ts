/**
 * The laws of divergences and estimators as predicates, and the exact enumerations that they are about.
 *
 * Reference and policy are given by finite logits, so both have full support and every expectation is a finite sum.
 */
import { Categorical, Dual, Float64, LogSpace, Real, Softmax } from "@rapo/distributions"
import type { Either } from "fp-ts/lib/Either.js"
import { isRight } from "fp-ts/lib/Either.js"
import type { Eq } from "fp-ts/lib/Eq.js"
import type { Descends, Estimator, WeightedEstimator } from "./Estimator.ts"
import { k2 } from "./Estimator.ts"
import { kl } from "./KL.ts"

// measures

/** TV(p, q) = ½ Σ |p − q|. */
export const totalVariation = (p: Categorical.Categorical, q: Categorical.Categorical): number =>
  LogSpace.sum(p.logProbs.map((_, i) => Math.abs(Categorical.prob(p, i) - Categorical.prob(q, i)))) / 2

// divergences

const atMost = (S: Eq<number>, a: number, b: number): boolean => a <= b || S.equals(a, b)

/** Both are rights, and the relation holds of their values. */
const both =
  (relation: (a: number, b: number) => boolean) =>
  <E, F>(a: Either<E, number>, b: Either<F, number>): boolean =>
    isRight(a) && isRight(b) && relation(a.right, b.right)

/** KL(p ‖ q) ≥ 0, KL(p ‖ p) = 0, and KL(p ‖ q) vanishes only where p and q agree to the square root of rounding. */
export const gibbs =
  (S: Eq<number>, sameDistribution: Eq<Categorical.Categorical>) =>
  (p: Categorical.Categorical, q: Categorical.Categorical): boolean =>
    both((self, other) => self === 0 && other >= 0 && (!S.equals(other, 0) || sameDistribution.equals(p, q)))(
      kl(p, p),
      kl(p, q),
    )

/** KL(p ‖ q) = +∞ exactly when some q_i = 0 < p_i. */
export const infiniteOffSupport = (p: Categorical.Categorical, q: Categorical.Categorical): boolean => {
  const value = kl(p, q)
  const escapes = Categorical.support(p).some((i) => Categorical.logProb(q, i) === -Infinity)
  return isRight(value) && (value.right === Infinity) === escapes
}

/** TV(p, q) ≤ √(KL(p ‖ q) / 2). */
export const pinsker =
  (S: Eq<number>) =>
  (p: Categorical.Categorical, q: Categorical.Categorical): boolean => {
    const value = kl(p, q)
    return isRight(value) && atMost(S, totalVariation(p, q) ** 2, value.right / 2)
  }

/** KL(map(p, f) ‖ map(q, f)) ≤ KL(p ‖ q): merging outcomes loses information. */
export const dataProcessing =
  (S: Eq<number>) =>
  (p: Categorical.Categorical, q: Categorical.Categorical, f: (i: number) => number, k: number): boolean => {
    const [mp, mq] = [Categorical.map(p, f, k), Categorical.map(q, f, k)]
    return isRight(mp) && isRight(mq) && both((a, b) => atMost(S, a, b))(kl(mp.right, mq.right), kl(p, q))
  }

/** KL(Σ w p ‖ Σ w q) ≤ Σ w KL(p ‖ q). */
export const jointConvexity =
  (S: Eq<number>) =>
  (
    weights: Categorical.Categorical,
    pairs: ReadonlyArray<readonly [Categorical.Categorical, Categorical.Categorical]>,
  ): boolean => {
    const p = Categorical.mixture(
      weights,
      pairs.map(([p]) => p),
    )
    const q = Categorical.mixture(
      weights,
      pairs.map(([, q]) => q),
    )
    const parts = pairs.map(([p, q]) => kl(p, q))
    const mean = Categorical.expectation(weights, (c) => {
      const part = parts[c]
      return part !== undefined && isRight(part) ? part.right : Number.NaN
    })
    const mixed = isRight(p) && isRight(q) ? kl(p.right, q.right) : undefined
    return mixed !== undefined && isRight(mixed) && atMost(S, mixed.right, mean)
  }

// estimators

/** k(l) ≥ 0, up to rounding. */
export const nonNegative =
  (S: Eq<number>) =>
  (estimator: Estimator) =>
  (logRatio: number): boolean =>
    atMost(S, 0, estimator(Float64.Real)(logRatio))

/**
 * E_π[k(ln p − ln π)], by enumeration.
 *
 * @category enumerations
 * @since 0.1.0
 */
export const meanValue =
  (estimator: Estimator) =>
  (reference: ReadonlyArray<number>, policy: ReadonlyArray<number>): number => {
    const lnP = LogSpace.logSoftmax(reference)
    const lnPi = LogSpace.logSoftmax(policy)
    return LogSpace.sum(lnPi.map((l, y) => Math.exp(l) * estimator(Float64.Real)((lnP[y] ?? 0) - l)))
  }

/**
 * E_{y ~ π}[∂_z loss(y)] at the policy's logits z, by enumeration over dual numbers: the samples' distribution and
 * ln π_old are constants, as they are for automatic differentiation on sampled data.
 *
 * @category enumerations
 * @since 0.1.0
 */
export const meanGradient =
  (loss: WeightedEstimator) =>
  (reference: ReadonlyArray<number>, policy: ReadonlyArray<number>): ReadonlyArray<number> => {
    const R = Dual.Real
    const lnP = LogSpace.logSoftmax(reference)
    return Dual.gradient((zs) =>
      Real.sum(R)(
        Softmax.logProbs(R)(zs).map((lnPi, y) => {
          const old = R.stopGradient(lnPi)
          return R.mul(R.exp(old), loss(R)(R.sub(lnPi, old), R.sub(R.of(lnP[y] ?? 0), lnPi)))
        }),
      ),
    )(policy)
  }

/** What each target is a sum of, outcome by outcome: of ln π, which is differentiated, and ln p, which is not. */
const integrand: Readonly<Record<Descends, (lnPi: Dual.Dual, lnP: Dual.Dual) => Dual.Dual>> = {
  reverse: (lnPi, lnP) => Dual.Real.mul(Dual.Real.exp(lnPi), Dual.Real.sub(lnPi, lnP)),
  forward: (lnPi, lnP) => Dual.Real.mul(Dual.Real.exp(lnP), Dual.Real.sub(lnP, lnPi)),
  "half-squared-log-ratio": (lnPi, lnP) =>
    Dual.Real.mul(Dual.Real.exp(lnP), k2(Dual.Real)(Dual.Real.sub(lnP, lnPi))),
}

/**
 * The gradient in the policy's logits of the function that a loss may descend, differentiated in full.
 *
 * @category enumerations
 * @since 0.1.0
 */
export const gradientOf =
  (target: Descends) =>
  (reference: ReadonlyArray<number>, policy: ReadonlyArray<number>): ReadonlyArray<number> => {
    const R = Dual.Real
    const lnP = LogSpace.logSoftmax(reference).map(R.of)
    return Dual.gradient((zs) =>
      Real.sum(R)(Softmax.logProbs(R)(zs).map((lnPi, y) => integrand[target](lnPi, lnP[y] ?? R.zero))),
    )(policy)
  }

/** The mean gradient of a loss is the gradient of what it is said to descend. */
export const descendsAsSaid =
  (S: Eq<number>) =>
  (loss: WeightedEstimator, target: Descends) =>
  (reference: ReadonlyArray<number>, policy: ReadonlyArray<number>): boolean => {
    const expected = gradientOf(target)(reference, policy)
    return meanGradient(loss)(reference, policy).every((g, i) => S.equals(g, expected[i] ?? Number.NaN))
  }
