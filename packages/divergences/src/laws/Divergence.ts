/** Laws that every divergence has, whatever its formula (F1–F4). */
import { Categorical } from "@rapo/distributions"
import type { Either } from "fp-ts/lib/Either.js"
import { isRight } from "fp-ts/lib/Either.js"
import type { Eq } from "fp-ts/lib/Eq.js"
import { atMost, orNaN } from "../internal/Relation.ts"
import type { SupportMismatch } from "../KL.ts"
import { kl } from "../KL.ts"
import { totalVariation } from "../Metric.ts"

/** A divergence, as a function of its two distributions. */
export type Divergence = (
  p: Categorical.Categorical,
  q: Categorical.Categorical,
) => Either<SupportMismatch, number>

/** D(p, q) ≥ 0, D(p, p) = 0, and D vanishes only where p and q agree to the square root of rounding. */
export const gibbs =
  (S: Eq<number>, sameDistribution: Eq<Categorical.Categorical>) =>
  (divergence: Divergence) =>
  (p: Categorical.Categorical, q: Categorical.Categorical): boolean => {
    const value = orNaN(divergence(p, q))
    return (
      S.equals(orNaN(divergence(p, p)), 0) &&
      value >= 0 &&
      (!S.equals(value, 0) || sameDistribution.equals(p, q))
    )
  }

/** D(p, q) = +∞ exactly when some q_i = 0 < p_i. */
export const infiniteOffSupport =
  (divergence: Divergence) =>
  (p: Categorical.Categorical, q: Categorical.Categorical): boolean => {
    const value = divergence(p, q)
    const escapes = Categorical.support(p).some((i) => Categorical.logProb(q, i) === -Infinity)
    return isRight(value) && (value.right === Infinity) === escapes
  }

/** D(pW, qW) ≤ D(p, q) for a channel W, given by its rows: passing on outcomes with noise loses information. */
export const dataProcessing =
  (S: Eq<number>) =>
  (divergence: Divergence) =>
  (
    p: Categorical.Categorical,
    q: Categorical.Categorical,
    rows: ReadonlyArray<Categorical.Categorical>,
  ): boolean => {
    const [pW, qW] = [Categorical.mixture(p, rows), Categorical.mixture(q, rows)]
    return (
      isRight(pW) && isRight(qW) && atMost(S, orNaN(divergence(pW.right, qW.right)), orNaN(divergence(p, q)))
    )
  }

/** D(Σ w p, Σ w q) ≤ Σ w D(p, q). */
export const jointConvexity =
  (S: Eq<number>) =>
  (divergence: Divergence) =>
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
    const parts = pairs.map(([p, q]) => orNaN(divergence(p, q)))
    const mean = Categorical.expectation(weights, (c) => parts[c] ?? NaN)
    return isRight(p) && isRight(q) && atMost(S, orNaN(divergence(p.right, q.right)), mean)
  }

/** 2 TV(p, q)² ≤ KL(p ‖ q). */
export const pinsker =
  (S: Eq<number>) =>
  (p: Categorical.Categorical, q: Categorical.Categorical): boolean =>
    atMost(S, 2 * orNaN(totalVariation(p, q)) ** 2, orNaN(kl(p, q)))

/** TV(p, q)² ≤ 1 − e^{−KL(p ‖ q)}: useful where Pinsker's bound is above 1. */
export const bretagnolleHuber =
  (S: Eq<number>) =>
  (p: Categorical.Categorical, q: Categorical.Categorical): boolean =>
    atMost(S, orNaN(totalVariation(p, q)) ** 2, -Math.expm1(-orNaN(kl(p, q))))
