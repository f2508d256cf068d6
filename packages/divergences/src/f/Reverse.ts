import { Float64 } from "@rapo/distributions"
import type { FDivergence } from "./Model.ts"

// combinators

/**
 * The dual of an f-divergence: the one with its arguments exchanged.
 *
 *     f°(t) = t f(1/t),   D_{f°}(p ‖ q) = D_f(q ‖ p),   f°*(s) = −(f*)⁻¹(−s)
 *
 * The conjugate: s t − t f(1/t) ≤ v for all t says s − f(u) ≤ v u for all u = 1/t, which is f*(−v) ≤ −s. So −f°*(s) is
 * the largest w with f*(w) ≤ −s, found by bisection, since f* increases; it is attained at t = 1/u, u = f*′(w).
 *
 * **Domain**   f ≥ 0, which adding c (t − 1) to a generator always achieves, and D_f is the same.
 * **Numerics** generator and derivative are exact; the conjugate is within a rounding of the argument w.
 * **Source**   Csiszár (1967); the conjugate's formula is derived here.
 *
 * ```ts import.meta.vitest
 * import { Float64 } from "@rapo/distributions"
 * import { FDivergence } from "@rapo/divergences"
 * FDivergence.reverse(FDivergence.kl).generator(Float64.Real)(2) // ≈ 0.306853
 * FDivergence.reverseKl.generator(Float64.Real)(2) // ≈ 0.306853
 * FDivergence.reverse(FDivergence.kl).conjugate(0.5) // ≈ 0.693147
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const reverse = (d: FDivergence): FDivergence => {
  const largest = largestBelow(d)
  const { term } = d
  return {
    name: `${d.name}, reversed`,
    generator: (R) => (t) => R.mul(t, d.generator(R)(R.div(R.one, t))),
    derivative: (t) => (t === Infinity ? d.atZero : slopeInSecond(d)(1 / t)),
    atZero: d.slopeAtInfinity,
    slopeAtInfinity: d.atZero,
    conjugate: (s) => (s > d.atZero ? Infinity : 0 - largest(-s)),
    conjugateDerivative: (s) => {
      if (s > d.atZero) return Infinity
      const w = largest(-s)
      // Where w is held by the end of the domain and not by f*(w) = −s, u = ∞ attains the bound: t = 0.
      return w === d.slopeAtInfinity && d.conjugate(w) < -s ? 0 : 1 / d.conjugateDerivative(w)
    },
    strictlyConvex: d.strictlyConvex,
    ...(term === undefined ? {} : { term: (lnP, lnQ) => term(lnQ, lnP) }),
  }
}

// numerics

/** f(t) − t f′(t) = f°′(1/t): the derivative of q f(p/q) in q. */
const slopeInSecond =
  (d: FDivergence) =>
  (t: number): number =>
    d.generator(Float64.Real)(t) - t * d.derivative(t)

/** The largest w ≤ f°(0+) with f*(w) ≤ y, for y ≥ −f(0+); f*(w) ≥ w − f(1) = w is a bound to begin with. */
const largestBelow =
  ({ conjugate, slopeAtInfinity }: FDivergence) =>
  (y: number): number => {
    let high = Math.min(y, slopeAtInfinity)
    if (conjugate(high) <= y) return high
    let gap = 1
    let low = high - gap
    while (low > -Infinity && conjugate(low) > y) low = high - (gap *= 2)
    for (;;) {
      const middle = low + (high - low) / 2
      if (!(middle > low && middle < high)) return low
      if (conjugate(middle) <= y) low = middle
      else high = middle
    }
  }
