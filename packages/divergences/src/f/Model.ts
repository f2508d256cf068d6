import type { Real } from "@rapo/distributions"

// model

/**
 * An f-divergence: D_f(p ‖ q) = Σ_i q_i f(p_i/q_i), f convex on (0, ∞), f(1) = 0.
 *
 * The seven required fields define it. `term` is for the rounding only: a member that has it is accurate where p is
 * near q, and where the ratio p/q leaves the range of doubles.
 *
 * @category models
 * @since 0.1.0
 */
export interface FDivergence {
  readonly name: string
  /** f(t), t > 0. */
  readonly generator: <A>(R: Real.Real<A>) => (t: A) => A
  /** f′(t), t > 0; at a kink, a subgradient. */
  readonly derivative: (t: number) => number
  /** f(0+), possibly +∞: what an outcome costs that q has and p lacks, by its q. */
  readonly atZero: number
  /** lim f(t)/t = f°(0+), possibly +∞: what an outcome costs that p has and q lacks, by its p. */
  readonly slopeAtInfinity: number
  /** f*(s) = sup_{t ≥ 0} s t − f(t); +∞ above `slopeAtInfinity`. */
  readonly conjugate: (s: number) => number
  /** The t ≥ 0 that attains f*(s): (f′)⁻¹(s), 0 below the range of f′ and +∞ above it. */
  readonly conjugateDerivative: (s: number) => number
  /** Whether f is strictly convex, so that D_f = 0 for p = q only, pointwise; false for total variation. */
  readonly strictlyConvex: boolean
  /** q f(p/q) from ln p and ln q, both finite; by default computed from the generator. */
  readonly term?: (lnP: number, lnQ: number) => number
}
