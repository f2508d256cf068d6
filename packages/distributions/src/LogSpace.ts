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
 * 5. `logSumExpBy` of one group is `logSumExp`; the last of `partialSums` is `sum`.
 *
 * Source: Blanchard, Higham & Higham (2021), "Accurately computing the log-sum-exp and softmax functions", IMA J. Num. Anal.
 */

// combinators

/**
 * The sum of numbers, with the rounding errors carried along.
 *
 * **Numerics** |error| ≤ u |Σx| + 2 n² u² Σ|x|, u = 2⁻⁵³, against n u Σ|x| of the plain loop: to 10⁶ terms of one sign, an
 * ulp of the sum. Tested against exact integers of 2⁻¹⁰⁷⁴ ("accuracy").
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
 * The partial sums x_0, x_0 + x_1, …, of non-negative numbers, with the rounding errors carried along.
 *
 * **Domain**   x_i ≥ 0.
 * **Numerics** the bound of `sum` for each; non-decreasing, and constant where x_i = 0.
 *
 * ```ts import.meta.vitest
 * import { LogSpace } from "@rapo/distributions"
 * LogSpace.partialSums([1, 0, 2]) // => [1, 1, 3]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const partialSums = (xs: ReadonlyArray<number>): ReadonlyArray<number> => {
  let total = 0
  let lost = 0
  let last = 0
  return xs.map((x) => {
    const next = total + x
    lost += total >= x ? total - next + x : x - next + total
    total = next
    // The correction may take back a part of an ulp, which must not show as a decrease.
    last = Math.max(last, total + lost)
    return last
  })
}

/**
 * The logarithm of a sum of exponentials.
 *
 * **Domain**   numbers in [−∞, ∞]; the empty sum is −∞ = ln 0; never overflows before its result does.
 * **Numerics** |error| ≤ u (|result| + 3 ln K + 8) for K terms, u = 2⁻⁵³: each exponential errs by u (|x_i − m| + 2) of itself,
 * and the mean of |x_i − m| under the softmax is at most ln K (it is H − ln Σ e^{x_j − m}). Assumes exp and log1p within
 * 1 ulp, as in V8. Tested against integers of 1,700 bits ("accuracy").
 * **Laws**     shift, permutation - see Laws.ts
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
 * Log-sum-exp over groups: numbers with one key are added.
 *
 *     logSumExpBy(x, key, k)_j = ln Σ_{i : key_i = j} e^{x_i},   −∞ for a key that does not occur
 *
 * **Domain**   x_i in [−∞, ∞); key_i an integer in [0, k); as many keys as numbers.
 * **Numerics** each group as `logSumExp`; O(n + k) in time, whatever the groups are.
 *
 * ```ts import.meta.vitest
 * import { LogSpace } from "@rapo/distributions"
 * LogSpace.logSumExpBy([0, -1, -Infinity], [1, 0, 1], 3) // => [-1, 0, -Infinity]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const logSumExpBy = (
  xs: ReadonlyArray<number>,
  keys: ReadonlyArray<number>,
  k: number,
): ReadonlyArray<number> => {
  const tops = new Int32Array(k).fill(-1)
  keys.forEach((key, i) => {
    const top = tops[key] ?? -1
    if (top < 0 || (xs[i] ?? -Infinity) > (xs[top] ?? -Infinity)) tops[key] = i
  })
  const totals = new Float64Array(k)
  const lost = new Float64Array(k)
  keys.forEach((key, i) => {
    const top = tops[key] ?? -1
    const max = xs[top] ?? -Infinity
    if (i === top || max === -Infinity) return
    const x = Math.exp((xs[i] ?? -Infinity) - max)
    const total = totals[key] ?? 0
    const next = total + x
    lost[key] = (lost[key] ?? 0) + (total >= x ? total - next + x : x - next + total)
    totals[key] = next
  })
  return Array.from(tops, (top, j) =>
    top < 0 ? -Infinity : (xs[top] ?? -Infinity) + Math.log1p((totals[j] ?? 0) + (lost[j] ?? 0)),
  )
}

/**
 * The logarithms of normalised weights.
 *
 *     logSoftmax(x)_i = x_i − logSumExp(x)
 *
 * **Domain**   x_i in [−∞, ∞), at least one of them finite; −∞ stays −∞. Results are ≤ 0.
 * **Numerics** computed as (x_i − m) − ln(1 + …), both of one sign: nothing cancels, and a common shift of the logits costs no
 * digits. |error_i| ≤ u (2 |result_i| + 3 ln K + 8).
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
  // A copy that is written over takes a third of `map`'s time.
  const logs = xs.slice()
  for (let i = 0; i < logs.length; i++) logs[i] = (logs[i] ?? NaN) - max - logTail
  return logs
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

/**
 * The largest term m, and ln(Σ e^{x_i − m}) with the largest term's own 1 taken out of the sum for `log1p`. One pass and
 * no array of terms: log-softmax of 1e5 logits is where exact optima spend their time.
 */
const peeled = (xs: ReadonlyArray<number>): { readonly max: number; readonly logTail: number } => {
  let top = 0
  for (let i = 1; i < xs.length; i++) if ((xs[i] ?? NaN) > (xs[top] ?? NaN)) top = i
  const max = xs[top] ?? -Infinity
  if (!Number.isFinite(max)) return { max, logTail: 0 }
  let total = 0
  let lost = 0
  for (let i = 0; i < xs.length; i++) {
    if (i === top) continue
    const x = Math.exp((xs[i] ?? NaN) - max)
    const next = total + x
    lost += total >= x ? total - next + x : x - next + total
    total = next
  }
  return { max, logTail: Math.log1p(total + lost) }
}
