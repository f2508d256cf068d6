/**
 * Per-sample estimators of the KL between a reference p and a policy π, and the gradients that they really have.
 *
 * With ρ = p/π at a sample y ~ π, and l = ln ρ = ln p(y) − ln π(y):
 *
 * | estimator | per-sample loss | its value estimates | its gradient is that of |
 * |---|---|---|---|
 * | `k1` | −l | KL(π ‖ p) | nothing: 0 in expectation |
 * | `k2` | ½ l² | – | KL(π ‖ p), reverse |
 * | `k3` (GRPO) | ρ − l − 1 | KL(π ‖ p) | **KL(p ‖ π), forward** |
 * | `kF` (RAPO, literal) | ρ l − ρ + 1 | KL(p ‖ π) | **½ E_p[l²]**, not forward KL |
 * | `weighted(k3)`, `weighted(kF)` | w times it, w = π/π_old | as k3, kF | the KL that its value estimates |
 *
 * "Gradient" is what automatic differentiation of the per-sample loss gives in expectation on-policy, with the samples
 * held fixed: E_π[∂ loss], which is not ∂ E_π[loss]. The weight w has the value 1 on-policy and the gradient ∂ ln π,
 * and is what turns the one into the other. In full: ∂l = −∂ ln π, so E_π[∂k3] = E_π[(1 − ρ) ∂ ln π] =
 * −E_p[∂ ln π], and E_π[∂kF] = −E_π[ρ l ∂ ln π] = −E_p[l ∂ ln π].
 *
 * Laws (`Laws.ts`): the table; k3 ≥ 0, kF ≥ 0 and k2 ≥ 0 pointwise, up to rounding, with equality at ρ = 1.
 * These hold on the common support of p and π: where π = 0 < p nothing is sampled, and the estimates miss it.
 *
 * Sources: k1, k2, k3: Schulman, "Approximating KL divergence" (2020); k3 as a loss: GRPO, arXiv 2402.03300, equation 4;
 * kF: RAPO, arXiv 2510.03865. The gradient column is derived here and tested with dual numbers; k3's row is in the
 * literature too.
 */
import { Real } from "@rapo/distributions"

// model

/**
 * A loss of one sample, as a function of its log-ratio ln p − ln π.
 *
 * @category models
 * @since 0.1.0
 */
export type Estimator = <A>(R: Real.Real<A>) => (logRatio: A) => A

/**
 * A loss of one sample, as a function of its log-weight ln π − ln π_old and its log-ratio ln p − ln π.
 *
 * @category models
 * @since 0.1.0
 */
export type WeightedEstimator = <A>(R: Real.Real<A>) => (logWeight: A, logRatio: A) => A

/**
 * The ways to regularise with sampled tokens or sequences. The exact divergences over a vocabulary are in `tensor/KL`.
 *
 * @category models
 * @since 0.1.0
 */
export type EstimatorName =
  "rkl-k1-reward" | "rkl-k2-loss" | "k3-naive" | "k3-weighted" | "fkl-naive" | "fkl-weighted"

/**
 * The function of the policy that a loss descends: a KL in one direction, or ½ E_p[ln²(p/π)].
 *
 * @category models
 * @since 0.1.0
 */
export type Descends = "reverse" | "forward" | "half-squared-log-ratio"

// estimators

/**
 * −l.  Its mean is KL(π ‖ p); differentiated as a loss, it does nothing on average.
 *
 * ```ts import.meta.vitest
 * import { Dual, Float64 } from "@rapo/distributions"
 * import { Estimator } from "@rapo/divergences"
 * Estimator.k1(Float64.Real)(-2) // => 2
 * ```
 *
 * @category estimators
 * @since 0.1.0
 */
export const k1: Estimator = (R) => (logRatio) => Real.neg(R)(logRatio)

/**
 * ½ l².  Its mean gradient is that of KL(π ‖ p); its value is only near it.
 *
 * @category estimators
 * @since 0.1.0
 */
export const k2: Estimator = (R) => (logRatio) => R.mul(R.of(0.5), R.mul(logRatio, logRatio))

/**
 * ρ − l − 1.  Its mean is KL(π ‖ p); its mean gradient is that of KL(p ‖ π).
 *
 * @category estimators
 * @since 0.1.0
 */
export const k3: Estimator = (R) => (logRatio) => R.sub(R.sub(R.exp(logRatio), logRatio), R.one)

/**
 * ρ l − ρ + 1.  Its mean is KL(p ‖ π); its mean gradient is that of ½ E_p[ln²(p/π)].
 *
 * ```ts import.meta.vitest
 * import { Dual, Float64 } from "@rapo/distributions"
 * import { Estimator } from "@rapo/divergences"
 * Estimator.kF(Float64.Real)(Math.LN2) // ≈ 0.386294
 * Dual.derivative(Estimator.kF(Dual.Real))(0) // => 0
 * ```
 *
 * @category estimators
 * @since 0.1.0
 */
export const kF: Estimator = (R) => (logRatio) => R.add(R.mul(R.exp(logRatio), R.sub(logRatio, R.one)), R.one)

// combinators

/**
 * An estimator times the importance weight w = π/π_old of its sample.
 *
 *     weighted(k)(ln w, l) = e^{ln w} k(l)
 *
 * At π = π_old the value is that of k, and the gradient is that of E_π[k]: the KL which the value estimates. With
 * samples of an older policy, E_{π_old}[w k] = E_π[k] stays exact.
 *
 * ```ts import.meta.vitest
 * import { Dual, Float64 } from "@rapo/distributions"
 * import { Estimator } from "@rapo/divergences"
 * Estimator.weighted(Estimator.k1)(Float64.Real)(Math.log(2), -3) // ≈ 6
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const weighted =
  (estimator: Estimator): WeightedEstimator =>
  (R) =>
  (logWeight, logRatio) =>
    R.mul(R.exp(logWeight), estimator(R)(logRatio))

/**
 * The log-ratio's bound where none is asked for.
 *
 * *Ours*: e⁵ ≈ 148. The literal kF grows like ρ ln ρ, so one sample counts at most 595 at this bound, where verl's bound
 * of 20 on the same log-ratio (which it follows with a second one of 10 on the value of k3) would let it count 9e9. What
 * it costs: beyond the bound the gradient is 0, so a run should report `clampRate`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const defaultLogRatioBound = 5

/**
 * A log-ratio held within ±bound; its gradient is 0 outside.
 *
 * **Domain** bound ≥ 0; `Infinity` switches it off.
 *
 * ```ts import.meta.vitest
 * import { Dual, Float64 } from "@rapo/distributions"
 * import { Estimator } from "@rapo/divergences"
 * Estimator.clampLogRatio(Estimator.defaultLogRatioBound)(Float64.Real)(-12) // => -5
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const clampLogRatio =
  (bound: number): Estimator =>
  (R) =>
  (logRatio) =>
    Real.clamp(R)(logRatio, R.of(-bound), R.of(bound))

/**
 * The share of log-ratios that lie outside ±bound, and so are clamped; 0 of none.
 *
 * ```ts import.meta.vitest
 * import { Dual, Float64 } from "@rapo/distributions"
 * import { Estimator } from "@rapo/divergences"
 * Estimator.clampRate(5)([-12, 0, 3, 5]) // => 0.25
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const clampRate =
  (bound: number) =>
  (logRatios: ReadonlyArray<number>): number =>
    logRatios.filter((l) => Math.abs(l) > bound).length / Math.max(1, logRatios.length)

// the named variants

/** An estimator that ignores the weight, as the "naive" losses do. */
const unweighted =
  (estimator: Estimator): WeightedEstimator =>
  (R) =>
  (_, logRatio) =>
    estimator(R)(logRatio)

/** k1 as a constant: what a penalty in the reward comes to, since the weight alone carries the policy gradient. */
const constantK1: Estimator = (R) => (logRatio) => R.stopGradient(k1(R)(logRatio))

/**
 * The per-sample loss of each variant, to be averaged over samples of π_old.
 *
 * `rkl-k1-reward` is a penalty −α·k1 in the reward in practice; as a loss that is w·k1 with k1 held constant.
 *
 * @category estimators
 * @since 0.1.0
 */
export const losses: Readonly<Record<EstimatorName, WeightedEstimator>> = {
  "rkl-k1-reward": weighted(constantK1),
  "rkl-k2-loss": unweighted(k2),
  "k3-naive": unweighted(k3),
  "k3-weighted": weighted(k3),
  "fkl-naive": unweighted(kF),
  "fkl-weighted": weighted(kF),
}

/**
 * What each variant's mean gradient descends, on-policy: the table of this module as data, tested with dual numbers.
 *
 * ```ts import.meta.vitest
 * import { Dual, Float64 } from "@rapo/distributions"
 * import { Estimator } from "@rapo/divergences"
 * Estimator.descends["k3-naive"] // => "forward"
 * ```
 *
 * @category estimators
 * @since 0.1.0
 */
export const descends: Readonly<Record<EstimatorName, Descends>> = {
  "rkl-k1-reward": "reverse",
  "rkl-k2-loss": "reverse",
  "k3-naive": "forward",
  "k3-weighted": "reverse",
  "fkl-naive": "half-squared-log-ratio",
  "fkl-weighted": "forward",
}

/**
 * The KL that each variant's value is for: exactly its mean on-policy, except that `rkl-k2-loss` is only near it.
 *
 * ```ts import.meta.vitest
 * import { Estimator } from "@rapo/divergences"
 * Estimator.estimates["k3-naive"] // => "reverse"
 * ```
 *
 * @category estimators
 * @since 0.1.0
 */
export const estimates: Readonly<Record<EstimatorName, "reverse" | "forward">> = {
  "rkl-k1-reward": "reverse",
  "rkl-k2-loss": "reverse",
  "k3-naive": "reverse",
  "k3-weighted": "reverse",
  "fkl-naive": "forward",
  "fkl-weighted": "forward",
}
