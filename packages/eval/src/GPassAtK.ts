/**
 * G-Pass@k_τ: the chance that at least a share τ of k samples is correct; pass@k at one end, pass^k at the other.
 *
 *     G-Pass@k_τ = Σ_{j >= max(1, ⌈τk⌉)} C(c, j) C(n-c, k-j) / C(n, k)
 *     mG-Pass@k  = (2/k) Σ_{j = ⌈k/2⌉+1..k} G-Pass@k_{j/k}
 *
 * **Laws** (`Laws.ts`)
 * 1. τ -> 0 gives pass@k, τ = 1 gives pass^k = C(c, k)/C(n, k).
 * 2. It never grows with τ, and never falls when c grows.
 * 3. Unbiased: for c ~ Binomial(n, q) its mean is P(Binomial(k, q) >= max(1, ⌈τk⌉)).
 *
 * **Source**  Liu et al. (2024), "Are Your LLMs Capable of Stable Reasoning?", arXiv 2412.13147; pass^k: Yao et al. (2024),
 * τ-bench, arXiv 2406.12045.
 */
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as PassAtK from "./PassAtK.ts"

// destructors

/**
 * G-Pass@k_τ of one problem.
 *
 * **Domain**   integers 0 <= c <= n, 1 <= k <= n; 0 <= τ <= 1.
 * **Numerics** from the ratios of neighbouring terms, in logarithms: nothing overflows.
 * **Fails with** the errors of `PassAtK.passAtK`.
 *
 * ```ts import.meta.vitest
 * import { GPassAtK } from "@rapo/eval"
 * const half = GPassAtK.gPassAtK(4, 2, 2, 0.5)
 * half._tag === "Right" && half.right // ≈ 0.83333
 * const all = GPassAtK.allOfK(4, 2, 2)
 * all._tag === "Right" && all.right // ≈ 0.16667
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const gPassAtK = (
  n: number,
  c: number,
  k: number,
  tau: number,
): E.Either<PassAtK.PassAtKError, number> =>
  pipe(
    PassAtK.passAtK(n, c, k),
    E.map(() => atLeast(n, c, k, Math.max(1, Math.ceil(tau * k)))),
  )

/**
 * pass^k: all k samples are correct.
 *
 * @category destructors
 * @since 0.1.0
 */
export const allOfK = (n: number, c: number, k: number): E.Either<PassAtK.PassAtKError, number> =>
  gPassAtK(n, c, k, 1)

/**
 * mG-Pass@k: the mean over the thresholds above one half; 0 for k = 1, as its definition has it.
 *
 * @category destructors
 * @since 0.1.0
 */
export const meanGPassAtK = (n: number, c: number, k: number): E.Either<PassAtK.PassAtKError, number> =>
  pipe(
    PassAtK.passAtK(n, c, k),
    E.map(() => {
      const first = Math.ceil(k / 2) + 1
      const thresholds = Array.from({ length: Math.max(0, k - first + 1) }, (_, i) => first + i)
      return (2 / k) * thresholds.reduce((total, j) => total + atLeast(n, c, k, j), 0)
    }),
  )

// numerics

/** P(at least `least` of k drawn without replacement from n, c of them correct, are correct). */
const atLeast = (n: number, c: number, k: number, least: number): number => {
  const first = Math.max(least, k - (n - c))
  const last = Math.min(c, k)
  let total = 0
  for (let j = first; j <= last; j++) {
    total += Math.exp(logChoose(c, j) + logChoose(n - c, k - j) - logChoose(n, k))
  }
  return Math.min(1, total)
}

const logChoose = (n: number, k: number): number => {
  let total = 0
  for (let i = 1; i <= Math.min(k, n - k); i++) total += Math.log((n - Math.min(k, n - k) + i) / i)
  return total
}
