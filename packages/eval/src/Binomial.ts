/**
 * The binomial distribution: how many of n samples are correct when each is with probability q.
 *
 *     P(c) = C(n, c) q^c (1 - q)^(n - c)
 *
 * **Laws** (`Laws.ts`)
 * 1. Σ P = 1; mean nq; the upper tail grows with q.
 * 2. Bayes with a uniform prior: the posterior of q after c of n is Beta(c + 1, n - c + 1), and its cdf at q is
 *    P(Binomial(n + 1, q) > c).
 *
 * **Source**  law 2: the beta-binomial identity, e.g. Abramowitz & Stegun 26.5.24.
 */
import { LogSpace } from "@rapo/distributions"

// destructors

/**
 * ln P(c) for c = 0..n; -Infinity where a count cannot be.
 *
 * **Domain**   integer n >= 0, q in [0, 1].
 * **Numerics** by the recurrence of neighbours in logarithms: nothing underflows; relative error of P about n · 2⁻⁵³.
 *
 * ```ts import.meta.vitest
 * import { Binomial } from "@rapo/eval"
 * Binomial.logProbs(2, 0.5).map(Math.exp)[1] // ≈ 0.5
 * Binomial.logProbs(2, 0) // => [0, -Infinity, -Infinity]
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const logProbs = (n: number, q: number): ReadonlyArray<number> => {
  if (q === 0 || q === 1)
    return Array.from({ length: n + 1 }, (_, c) => (c === (q === 0 ? 0 : n) ? 0 : -Infinity))
  const odds = Math.log(q) - Math.log1p(-q)
  const terms = [n * Math.log1p(-q)]
  for (let c = 0; c < n; c++) terms.push((terms[c] ?? NaN) + Math.log((n - c) / (c + 1)) + odds)
  return terms
}

/**
 * E f(c), for any function of the count.
 *
 * ```ts import.meta.vitest
 * import { Binomial } from "@rapo/eval"
 * Binomial.expectation(10, 0.3, (c) => c) // ≈ 3
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const expectation = (n: number, q: number, f: (c: number) => number): number =>
  LogSpace.sum(logProbs(n, q).map((l, c) => (l === -Infinity ? 0 : Math.exp(l) * f(c))))

/**
 * P(count > c).
 *
 * ```ts import.meta.vitest
 * import { Binomial } from "@rapo/eval"
 * Binomial.upperTail(4, 0.5, 3) // ≈ 0.0625
 * Binomial.upperTail(4, 0.5, 4) // => 0
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const upperTail = (n: number, q: number, c: number): number =>
  Math.min(
    1,
    expectation(n, q, (count) => (count > c ? 1 : 0)),
  )
