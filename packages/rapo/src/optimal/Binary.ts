/**
 * Binary rewards (T4): how much mass the correct outcomes get, in closed form.
 *
 *     forward   Q = ½ [ (1 - α) + √((1 - α)² + 4 α q) ]
 *     reverse   Q = q e^{1/α} / (q e^{1/α} + 1 - q)
 *
 * with q the reference's mass on the correct outcomes (reward 1; the others 0). As q → 0 the forward Q tends to
 * 1 - α (α < 1), to √q (α = 1), to q α/(α - 1) (α > 1); the reverse Q tends to 0 for every α.
 * This says how fast a rare success is amplified, and not that one direction always wins: at q = ½ reverse is better.
 *
 * Laws: q <= Q <= 1; forward Q >= max(q, 1 - α); both agree with `OptimalForward` and `OptimalReverse` on two outcomes.
 *
 * Source: *derived* (theory T4, T8); with λ = ½[(1+α) + √((1+α)² - 4α(1-q))] and Q = 1 - α(1-q)/λ, rearranged so that no
 * digits cancel.
 */

// destructors

/**
 * The correct mass at the forward-KL optimum.
 *
 * **Domain**  q in [0, 1], α > 0. At q = 0 it is 1 - α for α < 1: the boundary case, where the correct outcome is
 * reached although the reference never does; else 0.
 * **Numerics** relative error of a few ulp for q down to the smallest double.
 *
 * ```ts import.meta.vitest
 * import { OptimalBinary } from "@rapo/rapo"
 * OptimalBinary.forward(1e-8, 1) // ≈ 0.0001
 * OptimalBinary.forward(0, 0.5) // => 0.5
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const forward = (q: number, alpha: number): number => {
  if (q === 0) return Math.max(0, 1 - alpha)
  const root = Math.sqrt((1 - alpha) ** 2 + 4 * alpha * q)
  // (1-α) + root cancels for α > 1; its conjugate, root - (1-α), cancels for α < 1: their product is 4αq
  return alpha <= 1 ? (1 - alpha + root) / 2 : (2 * alpha * q) / (root + alpha - 1)
}

/**
 * The correct mass at the reverse-KL optimum.
 *
 * **Domain**  q in [0, 1], α > 0.
 *
 * ```ts import.meta.vitest
 * import { OptimalBinary } from "@rapo/rapo"
 * OptimalBinary.reverse(0.5, 1) // ≈ 0.73106
 * OptimalBinary.reverse(0, 0.01) // => 0
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const reverse = (q: number, alpha: number): number => {
  // divided by e^{1/α}, which overflows for small α
  const discount = Math.exp(-1 / alpha)
  return q === 0 ? 0 : q / (q + (1 - q) * discount)
}

/**
 * The chance that one of k independent answers is correct (T8).
 *
 *     pass@k = 1 - (1-Q)^k
 *
 * Forward KL with α < 1 makes it at least 1 - α^k wherever some outcome is correct, supported or not, and never less than
 * the reference's; reverse KL leaves it 0 where q = 0. Per prompt: parameters shared between prompts can break it.
 *
 * **Domain** Q in [0, 1], k >= 0.
 * **Numerics** relative precision for Q down to the smallest double.
 *
 * ```ts import.meta.vitest
 * import { OptimalBinary } from "@rapo/rapo"
 * OptimalBinary.passAtK(0.5, 2) // ≈ 0.75
 * OptimalBinary.passAtK(OptimalBinary.forward(0, 0.5), 10) // ≈ 0.99902
 * OptimalBinary.passAtK(OptimalBinary.reverse(0, 0.5), 10) // => 0
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const passAtK = (correct: number, k: number): number =>
  correct >= 1 ? Math.sign(k) : -Math.expm1(k * Math.log1p(-correct))
