/**
 * Importance ratios between the policy that is trained and the policy that sampled, from log-probabilities.
 *
 *     token      r_t = π_θ(o_t | h_t) / π_old(o_t | h_t)
 *     sequence   s   = (π_θ(o) / π_old(o))^{1/|o|} = exp( mean_t ln r_t )
 *
 * Everything stays in logarithms until the last step, where the exponent is held inside ±`maximumLogRatio`.
 *
 * Laws
 * 1. At π_θ = π_old both are 1, and their derivatives in ln π_θ(o_t) are 1 and 1/|o|.
 * 2. A sequence of one token: s = r.
 * 3. s is the geometric mean of the r_t.
 *
 * Source: token, Schulman et al. (2017), arXiv 1707.06347; sequence, GSPO, Zheng et al. (2025), arXiv 2507.18071.
 */
import { Real } from "@rapo/distributions"

// model

/**
 * Whether a ratio belongs to one token or to the whole response.
 *
 * @category models
 * @since 0.1.0
 */
export type Level = "token" | "sequence"

/**
 * The bound on |ln r| before exponentiation: e^20 ≈ 4.9e8 stays finite in float32, also when it is squared or
 * multiplied by an advantage; beyond it no gradient flows. 20 as in verl (`core_algos.py`).
 *
 * @category constants
 * @since 0.1.0
 */
export const maximumLogRatio = 20

// combinators

/**
 * A ratio from its logarithm, guarded against overflow.
 *
 *     r = exp(clamp(ln r, -20, 20))
 *
 * ```ts import.meta.vitest
 * import { Float64 } from "@rapo/distributions"
 * import { Ratio } from "@rapo/rapo"
 * Ratio.fromLog(Float64.Real)(Math.log(1.5)) // ≈ 1.5
 * Number.isFinite(Ratio.fromLog(Float64.Real)(1e6)) // => true
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const fromLog =
  <A>(R: Real.Real<A>) =>
  (logRatio: A): A =>
    R.exp(Real.clamp(R)(logRatio, R.of(-maximumLogRatio), R.of(maximumLogRatio)))

/**
 * The log-ratios of one response, lifted to a level: unchanged, or each replaced by their mean.
 *
 * **Shapes**  logRatios: [T], response tokens only;  result: [T].
 *
 * ```ts import.meta.vitest
 * import { Float64 } from "@rapo/distributions"
 * import { Ratio } from "@rapo/rapo"
 * Ratio.atLevel(Float64.Real)("sequence", [1, 3]) // => [2, 2]
 * Ratio.atLevel(Float64.Real)("token", [1, 3]) // => [1, 3]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const atLevel =
  <A>(R: Real.Real<A>) =>
  (level: Level, logRatios: ReadonlyArray<A>): ReadonlyArray<A> => {
    if (level === "token") return logRatios
    const mean = R.div(logRatios.reduce(R.add, R.zero), R.of(Math.max(logRatios.length, 1)))
    return logRatios.map(() => mean)
  }
