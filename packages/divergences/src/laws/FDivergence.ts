/** Laws of generators, conjugates and duals (F8), and of values near p = q. */
import { Categorical, Float64 } from "@rapo/distributions"
import type { Eq } from "fp-ts/lib/Eq.js"
import type { FDivergence } from "../FDivergence.ts"
import { divergence, reverse } from "../FDivergence.ts"
import { atMost, orNaN } from "../internal/Relation.ts"

/** D_{f°}(p ‖ q) = D_f(q ‖ p), for the given dual f°, by default `reverse`. */
export const dual =
  (S: Eq<number>) =>
  (d: FDivergence, dualOf: FDivergence = reverse(d)) =>
  (p: Categorical.Categorical, q: Categorical.Categorical): boolean =>
    S.equals(orNaN(divergence(dualOf)(p, q)), orNaN(divergence(d)(q, p)))

/** f(t) + f*(s) ≥ s t at s = f′(u), with equality at u = t, and f* attained at `conjugateDerivative`. */
export const fenchelYoung =
  (S: Eq<number>) =>
  (d: FDivergence) =>
  (t: number, u: number): boolean => {
    const f = d.generator(Float64.Real)
    const gap = (s: number, t: number): number => (f(t) + d.conjugate(s) - s * t) / scale(s, t)
    const scale = (s: number, t: number): number => 1 + Math.abs(s * t) + Math.abs(f(t))
    const s = d.derivative(u)
    const attained = d.conjugateDerivative(s)
    return (
      atMost(S, 0, gap(s, t)) &&
      S.equals(0, gap(d.derivative(t), t)) &&
      (attained === Infinity || attained === 0 || S.equals(0, gap(s, attained)))
    )
  }

/** D_f(p ‖ q) ≥ E_p g − E_q f*(g) for g = f′(u), with equality at u = p/q. */
export const variational =
  (S: Eq<number>) =>
  (d: FDivergence) =>
  (p: Categorical.Categorical, q: Categorical.Categorical, u: (outcome: number) => number): boolean => {
    const bound = (g: (outcome: number) => number): number =>
      Categorical.expectation(p, g) - Categorical.expectation(q, (i) => d.conjugate(g(i)))
    const value = orNaN(divergence(d)(p, q))
    const ratio = (i: number): number => Math.exp(Categorical.logProb(p, i) - Categorical.logProb(q, i))
    return (
      atMost(
        S,
        bound((i) => d.derivative(u(i))),
        value,
      ) &&
      S.equals(
        bound((i) => d.derivative(ratio(i))),
        value,
      )
    )
  }

/**
 * D_f(p ‖ q) = ½ f″(1) Σ q (p/q − 1)² (1 + O(max |p/q − 1|)): all smooth f-divergences are one near p = q, to full relative
 * precision, however small.
 */
export const locallyChiSquared =
  (d: FDivergence, curvature: number) =>
  (p: Categorical.Categorical, q: Categorical.Categorical, slack: number): boolean => {
    const ratios = q.logProbs.map((l, i) => Math.expm1(Categorical.logProb(p, i) - l))
    const chiSquared = Categorical.expectation(q, (i) => (ratios[i] ?? NaN) ** 2)
    const value = orNaN(divergence(d)(p, q))
    const error = Math.abs(value - (curvature / 2) * chiSquared)
    return error <= slack * Math.max(...ratios.map(Math.abs)) * chiSquared
  }
