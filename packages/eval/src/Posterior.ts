/**
 * What c correct of n samples say of one problem's rate q, with a uniform prior: Beta(c + 1, n - c + 1).
 *
 *     mean = (c + 1)/(n + 2),   P(q <= x) = P(Binomial(n + 1, x) > c)
 *
 * It is the honest answer to "the base never solved it": after 0 of 1024 the rate may still be 0.0029 at 95 %.
 *
 * **Laws** (`Laws.ts`)
 * 1. The ends have the probabilities that they claim; symmetric under exchanging right and wrong.
 * 2. More samples at one rate narrow the interval; more correct ones move it up.
 * 3. For pass@k the interval is that of q, mapped: pass@k grows with q.
 *
 * **Source**  Bayes (1763), with Laplace's uniform prior; the prior is our choice.
 */
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as Binomial from "./Binomial.ts"
import { defaultLevel } from "./Bootstrap.ts"
import type { Interval } from "./Interval.ts"
import * as PassAtK from "./PassAtK.ts"

// constructors

/**
 * The posterior mean of a problem's rate with its credible interval: the central one; after c = 0 or c = n, where the
 * density is highest at the end, the one that begins or ends there, so that 0 of n does not exclude a rate of 0.
 *
 * **Domain**   integers 0 <= c <= n, 0 < level < 1.
 * **Numerics** ends by bisection of the cdf to the last bit but few; absolute error about n · 2⁻⁵³ of probability.
 * **Fails with** `NotACount`, `MoreCorrectThanSamples`.
 *
 * ```ts import.meta.vitest
 * import { Interval, Posterior } from "@rapo/eval"
 * const rate = Posterior.rate(8, 8)
 * rate._tag === "Right" && Interval.show(rate.right) // => "0.900 [0.717, 1.000]"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const rate = (
  n: number,
  c: number,
  level: number = defaultLevel,
): E.Either<PassAtK.PassAtKError, Interval> =>
  pipe(
    PassAtK.checkCounts(undefined, n, c),
    E.map(() => ({
      mean: (c + 1) / (n + 2),
      low: c === 0 ? 0 : quantile(n, c, c === n ? 1 - level : (1 - level) / 2),
      high: c === n ? 1 : quantile(n, c, c === 0 ? level : (1 + level) / 2),
      level,
    })),
  )

/**
 * The largest rate that c of n leave possible: the one-sided upper bound of that level.
 *
 * ```ts import.meta.vitest
 * import { Posterior } from "@rapo/eval"
 * Posterior.upperBound(1024, 0) // ≈ 0.00292
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const upperBound = (n: number, c: number, level: number = defaultLevel): number =>
  quantile(n, c, level)

// numerics

/** The x with P(q <= x) = probability; the cdf rises from 0 to 1. */
const quantile = (n: number, c: number, probability: number): number => {
  let low = 0
  let high = 1
  for (;;) {
    const middle = (low + high) / 2
    if (!(low < middle && middle < high)) return middle
    if (Binomial.upperTail(n + 1, middle, c) < probability) low = middle
    else high = middle
  }
}
