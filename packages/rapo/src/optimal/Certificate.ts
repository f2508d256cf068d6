/**
 * What every optimum returns, and how a reader can check it without trusting the solver.
 *
 *     max_π J(π)  over distributions,  J concave:   π* is optimal  ⟺  h(y) <= λ, with equality where π*(y) > 0
 *
 * with h(y) = ∂J/∂π(y) at π*, the marginal value of an outcome: the Karush-Kuhn-Tucker conditions, which are necessary and
 * sufficient. λ, the multiplier of Σπ = 1, is what one more unit of probability would earn.
 *
 * | J | h(y) on the support S of p | h(y) off S |
 * |---|---|---|
 * | E r - α KL(π‖p) + β H | r + α ln p - (α+β) ln π, its constant left out so that λ is the value | -∞ |
 * | E r - α KL(p‖π) + β H | r + α p/π - β ln π - β | r - β ln π - β |
 * | E r - α D_f(π‖p) | r - α f′(π/p) | r - α f′(∞) |
 *
 * Three numbers are read off, each 0 up to rounding at the optimum and at nothing else:
 *
 * - `kktResidual` = max_y { h(y) - λ̂,  π(y) (λ̂ - h(y)) } in units of the problem, with λ̂ = E_π h read off the policy itself;
 * - `identity` = |λ - λ̂| in the same units: T3 and its like, the solver's λ against the policy's;
 * - `dualityGap` = g(λ) - J(π*), g(λ) = λ + Σ_y sup_{x >= 0} (J_y(x) - λ x) the Lagrange dual, in units of reward. By weak
 *   duality no policy whatever earns more than g(λ), so the gap bounds what the policy misses.
 *
 * The unit of a problem is α + β + (max r - min r).
 *
 * Source: Boyd & Vandenberghe, Convex Optimization (2004), sections 5.1-5.5; the closed forms of g and h are *derived*
 * (theory T1, T2, T5, T10).
 */
import type { Categorical } from "@rapo/distributions"
import { massesOf, mean } from "./internal/values.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export interface Certificate {
  /** How far the policy is from the Karush-Kuhn-Tucker conditions, in units of the problem. */
  readonly kktResidual: number
  /** |λ - E_π h|, in units of the problem. */
  readonly identity: number
  /** Dual less primal, in units of reward; >= 0 up to rounding. */
  readonly dualityGap: number
}

/**
 * An optimal policy. `Boundary` means that an outcome off the reference's support is worth λ itself and takes what the
 * support leaves: the support is left although no entropy asks for it. Else `Interior`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Optimum {
  readonly _tag: "Interior" | "Boundary"
  readonly policy: Categorical.Categorical
  /** λ. */
  readonly multiplier: number
  /** J at the optimum. */
  readonly value: number
  readonly certificate: Certificate
}

// constructors

/**
 * The certificate of a policy.
 *
 * **Shapes**  masses: [N], the policy's probabilities; marginals: [N], h at the policy.
 *
 * @category constructors
 * @since 0.1.0
 */
export const certify = (claim: {
  readonly masses: Float64Array
  readonly marginals: ArrayLike<number>
  readonly multiplier: number
  readonly dual: number
  readonly value: number
  readonly unit: number
}): Certificate => {
  const { masses, marginals, unit } = claim
  const level = mean(masses, marginals)
  return {
    kktResidual: violation(masses, marginals, level) / unit,
    identity: Math.abs(claim.multiplier - level) / unit,
    dualityGap: claim.dual - claim.value,
  }
}

// destructors

/**
 * max_y { h(y) - λ̂,  π(y) (λ̂ - h(y)) }, λ̂ = E_π h: 0 exactly at an optimum; +Infinity where a possible outcome is worth
 * -Infinity, or an impossible one +Infinity.
 *
 * @category destructors
 * @since 0.1.0
 */
export const kktResidual = (policy: Categorical.Categorical, marginals: ArrayLike<number>): number => {
  const masses = massesOf(policy)
  return violation(masses, marginals, mean(masses, marginals))
}

/**
 * The unit in which residuals are given: the coefficients and the range of rewards.
 *
 * @category destructors
 * @since 0.1.0
 */
export const unitOf = (rewards: ReadonlyArray<number>, coefficients: number): number => {
  let [low, high] = [Infinity, -Infinity]
  for (const reward of rewards) {
    low = Math.min(low, reward)
    high = Math.max(high, reward)
  }
  return coefficients + high - low
}

// numerics

const violation = (masses: Float64Array, marginals: ArrayLike<number>, level: number): number => {
  if (!Number.isFinite(level)) return Infinity
  let worst = 0
  for (let y = 0; y < masses.length; y++) {
    const excess = (marginals[y] ?? NaN) - level
    const mass = masses[y] ?? NaN
    worst = Math.max(worst, excess, mass === 0 ? 0 : -mass * excess)
  }
  return worst
}
