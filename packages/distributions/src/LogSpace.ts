/**
 * Arithmetic with logarithms of non-negative numbers, and sums that keep their digits.
 *
 *     logSumExp(x) = ln Σ e^{x_i} = m + ln(1 + Σ_{i ≠ argmax} e^{x_i − m}),   m = max x
 *
 * A number in log space is in [−∞, ∞), and −∞ stands for 0. Factors from 1e-300 to 1 and far beyond keep their
 * relative precision, where the plain product would underflow.
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. `logSumExp(x + c) = logSumExp(x) + c`, and the order of the terms does not matter.
 * 2. `logAddExp(a, b) = logSumExp([a, b])`; it is commutative and associative, with identity −∞.
 * 3. `Σ exp(logSoftmax x) = 1`.
 * 4. 0 · ln 0 = 0.
 *
 * Source: Blanchard, Higham & Higham (2021), "Accurately computing the log-sum-exp and softmax functions", IMA J. Num. Anal.
 */

// combinators

/**
 * The sum of numbers, with the rounding errors carried along.
 *
 * **Numerics** error at most about 1 ulp of the sum plus n² ε² Σ|x|, against n ε Σ|x| of the plain loop.
 * **Domain**   infinities follow IEEE rules; the empty sum is 0.
 * **Source**   Neumaier (1974), the improved Kahan–Babuška algorithm.
 *
 * ```ts import.meta.vitest
 * import { LogSpace } from "@rapo/distributions"
 * LogSpace.sum([1, 1e100, 1, -1e100]) // => 2
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const sum = (xs: Iterable<number>): number => {
  let total = 0
  let lost = 0
  for (const x of xs) {
    const next = total + x
    lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total
    total = next
  }
  return Number.isFinite(total) ? total + lost : total
}

/**
 * The logarithm of a sum of exponentials.
 *
 * **Domain**  numbers in [−∞, ∞]; the empty sum is −∞ = ln 0; never overflows before its result does.
 * **Laws**    shift, permutation - see Laws.ts
 *
 * ```ts import.meta.vitest
 * import { LogSpace } from "@rapo/distributions"
 * LogSpace.logSumExp([-1000, -1000]) // ≈ -999.306853
 * LogSpace.logSumExp([]) // => -Infinity
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const logSumExp = (xs: ReadonlyArray<number>): number => {
  const { max, logTail } = peeled(xs)
  return max + logTail
}

/**
 * ln(eᵃ + eᵇ).
 *
 * ```ts import.meta.vitest
 * import { LogSpace } from "@rapo/distributions"
 * LogSpace.logAddExp(-Infinity, 3) // => 3
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const logAddExp = (a: number, b: number): number => logSumExp([a, b])

/**
 * The logarithms of normalised weights.
 *
 *     logSoftmax(x)_i = x_i − logSumExp(x)
 *
 * **Domain**   x_i in [−∞, ∞), at least one of them finite; −∞ stays −∞. Results are ≤ 0.
 * **Numerics** computed as (x_i − m) − ln(1 + …), so a common shift of the logits costs no digits.
 *
 * ```ts import.meta.vitest
 * import { LogSpace } from "@rapo/distributions"
 * LogSpace.logSoftmax([1000, -Infinity]) // => [0, -Infinity]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const logSoftmax = (xs: ReadonlyArray<number>): ReadonlyArray<number> => {
  const { max, logTail } = peeled(xs)
  return xs.map((x) => x - max - logTail)
}

/**
 * x · ln y, with 0 · ln 0 = 0.
 *
 * ```ts import.meta.vitest
 * import { LogSpace } from "@rapo/distributions"
 * LogSpace.xLogY(0, 0) // => 0
 * LogSpace.xLogY(2, 1) // => 0
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const xLogY = (x: number, y: number): number => timesLog(x, Math.log(y))

/**
 * x · l for a logarithm l, with 0 · (±∞) = 0: the convention 0 ln 0 = 0 for numbers that are kept in log space.
 *
 * ```ts import.meta.vitest
 * import { LogSpace } from "@rapo/distributions"
 * LogSpace.timesLog(0, -Infinity) // => 0
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const timesLog = (x: number, l: number): number => (x === 0 || l === 0 ? 0 : x * l)

// numerics

/** The largest term m, and ln(Σ e^{x_i − m}) with the largest term's own 1 taken out of the sum for `log1p`. */
const peeled = (xs: ReadonlyArray<number>): { readonly max: number; readonly logTail: number } => {
  const max = xs.reduce((m, x) => (x > m ? x : m), -Infinity)
  if (!Number.isFinite(max)) return { max, logTail: 0 }
  const top = xs.indexOf(max)
  return { max, logTail: Math.log1p(sum(xs.map((x, i) => (i === top ? 0 : Math.exp(x - max))))) }
}
