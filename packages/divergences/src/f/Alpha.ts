import { Real } from "@rapo/distributions"
import { expm1Over, expm1OverIn, log1pOver, scaledExcess } from "../internal/Exponential.ts"
import type { FDivergence } from "./Model.ts"

// constructors

/**
 * The α-divergence, in the convention of Cressie and Read (their λ is α − 1).
 *
 *     f(t)  = (t^α − α t + α − 1)/(α (α − 1)),     D = (Σ p^α q^{1−α} − 1)/(α (α − 1))
 *     f′(t) = (t^{α−1} − 1)/(α − 1),               f*(s) = ((1 + (α−1) s)^{α/(α−1)} − 1)/α
 *
 * α → 1 is KL(p ‖ q) and α → 0 is KL(q ‖ p); α = 2 and −1 are half of Pearson's and Neyman's χ², α = ½ is four times the
 * squared Hellinger distance; exchanging p and q exchanges α and 1 − α. Amari's parameter is 2α − 1 up to its sign.
 *
 * **Domain**   any real α.
 * **Numerics** written with (e^{ax} − 1)/a and its inverse, so that nothing is lost near the two limits.
 * **Source**   Cressie & Read (1984), J. R. Stat. Soc. B 46(3); Amari & Nagaoka (2000), section 3.6.
 *
 * ```ts import.meta.vitest
 * import { Float64 } from "@rapo/distributions"
 * import { FDivergence } from "@rapo/divergences"
 * FDivergence.alpha(2).generator(Float64.Real)(3) // ≈ 2
 * FDivergence.alpha(1e-9).generator(Float64.Real)(3) // ≈ 0.901388
 * FDivergence.reverseKl.generator(Float64.Real)(3) // ≈ 0.901388
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const alpha = (order: number): FDivergence => {
  // f_α(t) = t f_{1−α}(1/t): whichever of the two orders is at most ½ is the one without a cancellation.
  const [exchanged, low] = order > 0.5 ? [true, 1 - order] : [false, order]
  return {
    name: `α-divergence of order ${order}`,
    generator: (R) => (t) => {
      const power = expm1OverIn(R)(low, exchanged ? Real.neg(R)(R.log(t)) : R.log(t))
      const excess = R.sub(t, R.one)
      return R.div(exchanged ? R.add(R.mul(t, power), excess) : R.sub(power, excess), R.of(low - 1))
    },
    derivative: (t) => expm1Over(order - 1, Math.log(t)),
    atZero: order > 0 ? 1 / order : Infinity,
    slopeAtInfinity: order < 1 ? 1 / (1 - order) : Infinity,
    conjugate: (s) =>
      s > (order < 1 ? 1 / (1 - order) : Infinity) ? Infinity : expm1Over(order, log1pOver(order - 1, s)),
    conjugateDerivative: (s) => Math.exp(log1pOver(order - 1, s)),
    strictlyConvex: true,
    term: (lnP, lnQ) => {
      const [top, base] = exchanged ? [lnQ, lnP] : [lnP, lnQ]
      const curved = low === 0 ? 0 : scaledExcess(base, low * (top - base)) / low
      return (scaledExcess(base, top - base) - curved) / (1 - low)
    },
  }
}
