/** Laws of Rényi's divergences (F7). */
import { Categorical, LogSpace } from "@rapo/distributions"
import type { Eq } from "fp-ts/lib/Eq.js"
import { isRight } from "fp-ts/lib/Either.js"
import { alpha, divergence } from "../FDivergence.ts"
import { atMost, orNaN } from "../internal/Relation.ts"
import { kl } from "../KL.ts"
import { order, renyi } from "../Renyi.ts"

type Two = (p: Categorical.Categorical, q: Categorical.Categorical) => boolean

const at =
  (a: number) =>
  (p: Categorical.Categorical, q: Categorical.Categorical): number => {
    const valid = order(a)
    return isRight(valid) ? orNaN(renyi(valid.right)(p, q)) : NaN
  }

/** ln p/q at the outcomes that p has. */
const logRatios = (p: Categorical.Categorical, q: Categorical.Categorical): ReadonlyArray<number> =>
  Categorical.support(p).map((i) => Categorical.logProb(p, i) - Categorical.logProb(q, i))

/** R_a ≤ R_b for a ≤ b. */
export const renyiIncreases =
  (S: Eq<number>) =>
  (a: number, b: number): Two =>
  (p, q) =>
    atMost(S, at(Math.min(a, b))(p, q), at(Math.max(a, b))(p, q))

/**
 * |R_{1±h} − KL| ≤ h (max L − min L)²/8, L = ln p/q.
 *
 * With ψ(s) = ln E_p e^{sL}, R_{1+s} = ψ(s)/s and 0 ≤ ψ″ ≤ (max L − min L)²/4 (Hoeffding's lemma).
 */
export const renyiAtOne =
  (S: Eq<number>) =>
  (h: number): Two =>
  (p, q) => {
    const L = logRatios(p, q)
    const bound = (h * (Math.max(...L) - Math.min(...L)) ** 2) / 8
    const exact = orNaN(kl(p, q))
    return (
      at(1)(p, q) === exact && [1 - h, 1 + h].every((a) => atMost(S, Math.abs(at(a)(p, q) - exact), bound))
    )
  }

/** |(1 − h) R_h − R_0| ≤ h max |L| for q > 0, since |ψ′| ≤ max |L|; and R_0 = −ln q(supp p). */
export const renyiAtZero =
  (S: Eq<number>) =>
  (h: number): Two =>
  (p, q) => {
    const zero = at(0)(p, q)
    const mass = LogSpace.logSumExp(Categorical.support(p).map((i) => Categorical.logProb(q, i)))
    const bound = h * Math.max(...logRatios(p, q).map(Math.abs))
    return S.equals(zero, -mass) && atMost(S, Math.abs((1 - h) * at(h)(p, q) - zero), bound)
  }

/** M + ln p_m / (a − 1) ≤ R_a ≤ R_∞ = M, where M = max ln p/q and m is an outcome that attains it. */
export const renyiAtInfinity =
  (S: Eq<number>) =>
  (a: number): Two =>
  (p, q) => {
    const L = logRatios(p, q)
    const worst = Math.max(...L)
    const lnP = Categorical.logProb(p, Categorical.support(p)[L.indexOf(worst)] ?? -1)
    const value = at(a)(p, q)
    return (
      S.equals(at(Infinity)(p, q), worst) &&
      atMost(S, worst + lnP / (a - 1), value) &&
      atMost(S, value, worst)
    )
  }

/** R_a = ln(Σ p^a q^{1−a})/(a − 1) = ln(1 + a (a − 1) D_a)/(a − 1), both as they stand, for a not near 1. */
export const renyiIsAlpha =
  (S: Eq<number>) =>
  (a: number): Two =>
  (p, q) => {
    const value = at(a)(p, q) * (a - 1)
    const powers = LogSpace.logSumExp(p.logProbs.map((l, i) => a * l + (1 - a) * Categorical.logProb(q, i)))
    return (
      S.equals(value, powers) &&
      S.equals(Math.exp(value), 1 + a * (a - 1) * orNaN(divergence(alpha(a))(p, q)))
    )
  }

/** (1 − a) R_a(p ‖ q) = a R_{1−a}(q ‖ p) for 0 < a < 1. */
export const renyiSkewSymmetry =
  (S: Eq<number>) =>
  (a: number): Two =>
  (p, q) =>
    S.equals((1 - a) * at(a)(p, q), a * at(1 - a)(q, p))
