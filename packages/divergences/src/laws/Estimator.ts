/**
 * The estimators' table as predicates, and the exact enumerations that it is about.
 *
 * Reference and policy are given by finite logits, so both have full support and every expectation is a finite sum.
 */
import { Categorical, Dual, Float64, LogSpace, Real, Softmax } from "@rapo/distributions"
import { isRight } from "fp-ts/lib/Either.js"
import type { Eq } from "fp-ts/lib/Eq.js"
import type { Descends, Estimator, WeightedEstimator } from "../Estimator.ts"
import { k2, weighted } from "../Estimator.ts"
import { moments } from "../Expected.ts"
import { atMost, closeVectors } from "../internal/Relation.ts"

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

/** |a − b|/max(|a|, |b|) in the Euclidean norm: 0 for equal vectors, and where both are 0. */
export const relativeDistance = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number => {
  const norm = (xs: ReadonlyArray<number>): number => Math.hypot(...xs)
  const largest = Math.max(norm(a), norm(b))
  return largest === 0 ? 0 : norm(a.map((x, i) => x - (b[i] ?? NaN))) / largest
}

/** `Expected.moments` has the value and the gradient of the enumeration over dual numbers, and variances ≥ 0. */
export const momentsAgree =
  (S: Eq<number>) =>
  (loss: WeightedEstimator) =>
  (reference: ReadonlyArray<number>, policy: ReadonlyArray<number>): boolean => {
    const [p, pi] = [Categorical.fromLogits(reference), Categorical.fromLogits(policy)]
    if (!isRight(p) || !isRight(pi)) return false
    const result = moments(loss)(p.right, pi.right)
    const onPolicy: Estimator = (R) => (l) => loss(R)(R.zero, l)
    return (
      isRight(result) &&
      S.equals(result.right.value, meanValue(onPolicy)(reference, policy)) &&
      closeVectors(S)(result.right.gradient, meanGradient(loss)(reference, policy)) &&
      result.right.variance >= 0 &&
      result.right.gradientVariance >= 0
    )
  }

/**
 * E_{π_old}[w k] = E_π[k] for every π_old of the same support, and its gradient is that of E_π[k].
 */
export const offPolicy =
  (S: Eq<number>) =>
  (estimator: Estimator, target: Descends) =>
  (
    reference: ReadonlyArray<number>,
    policy: ReadonlyArray<number>,
    behaviour: ReadonlyArray<number>,
  ): boolean => {
    const [p, pi, old] = [
      Categorical.fromLogits(reference),
      Categorical.fromLogits(policy),
      Categorical.fromLogits(behaviour),
    ]
    if (!isRight(p) || !isRight(pi) || !isRight(old)) return false
    const result = moments(weighted(estimator))(p.right, pi.right, old.right)
    return (
      isRight(result) &&
      S.equals(result.right.value, meanValue(estimator)(reference, policy)) &&
      closeVectors(S)(result.right.gradient, gradientOf(target)(reference, policy))
    )
  }
