/**
 * How far the unbiased pass@k of one problem scatters, for sampling noise alone.
 *
 *     Var_q = Σ_c P(c) est(n, c, k)² - (1 - (1 - q)^k)²                    c ~ Binomial(n, q), exact
 *     V̂    = [C(n-c, k)/C(n, k)]² - C(n-c, 2k)/C(n, 2k)                   unbiased for Var_q, needs n >= 2k
 *
 * | symbol | meaning |
 * |---|---|
 * | n, c, k | samples, correct ones, attempts |
 * | q | the true rate |
 *
 * **Laws** (`Laws.ts`)
 * 1. E V̂ = Var_q for every q.
 * 2. k = 1: Var_q = q(1-q)/n, and V̂ = c(n-c)/(n²(n-1)).
 * 3. Var_q falls as n grows.
 *
 * **Source**  *derived*: (1 - q)^2k has the unbiased estimate C(n-c, 2k)/C(n, 2k), as (1 - q)^k has C(n-c, k)/C(n, k);
 * the general theory is Hoeffding (1948), of U-statistics.
 */
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as Binomial from "./Binomial.ts"
import * as PassAtK from "./PassAtK.ts"

// destructors

/**
 * The variance of the estimate at a true rate q.
 *
 * **Domain**   1 <= k <= n, q in [0, 1].
 * **Fails with** the errors of `PassAtK.passAtK`.
 *
 * ```ts import.meta.vitest
 * import { PassVariance } from "@rapo/eval"
 * const variance = PassVariance.exact(10, 1, 0.5)
 * variance._tag === "Right" && variance.right // ≈ 0.025
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const exact = (n: number, k: number, q: number): E.Either<PassAtK.PassAtKError, number> =>
  pipe(
    PassAtK.passAtK(n, 0, k),
    E.map(() => {
      const mean = -Math.expm1(k * Math.log1p(-q))
      // centred: a difference of squares would lose the digits of a small variance
      return Binomial.expectation(n, q, (c) => (PassAtK.unsafePassAtK(n, c, k) - mean) ** 2)
    }),
  )

/**
 * The unbiased estimate of that variance from one problem's counts. Like all of its kind it can be negative.
 *
 * **Domain**   0 <= c <= n and 2k <= n.
 * **Fails with** the errors of `PassAtK.passAtK`; `TooFewSamples` for n < 2k.
 *
 * ```ts import.meta.vitest
 * import { PassVariance } from "@rapo/eval"
 * const variance = PassVariance.unbiased(10, 5, 1)
 * variance._tag === "Right" && variance.right // ≈ 0.02778
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const unbiased = (n: number, c: number, k: number): E.Either<PassAtK.PassAtKError, number> =>
  pipe(
    PassAtK.passAtK(n, c, 2 * k),
    E.map((pass) => (1 - PassAtK.unsafePassAtK(n, c, k)) ** 2 - (1 - pass)),
  )
