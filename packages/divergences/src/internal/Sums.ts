/** The inner loops of KL, over log-probabilities, with the rounding errors of the sums carried along (Neumaier 1974). */
import { excessTerm } from "./Exponential.ts"

// numerics

/** From here on the direct sum errs by some 20 roundings at most; below it, cancellation would cost ever more. */
const large = 0.1

/**
 * KL(p ‖ q) of normalised distributions: Σ p (ln p − ln q) where that is large, one exponential an outcome; else
 * Σ p ln(p/q) − p + q, which is nowhere negative and keeps its digits where p is near q.
 */
export const klSum = (lnP: ReadonlyArray<number>, lnQ: ReadonlyArray<number>): number => {
  const direct = directSum(lnP, lnQ)
  return direct >= large ? direct : excessSum(lnP, lnQ)
}

const directSum = (lnP: ReadonlyArray<number>, lnQ: ReadonlyArray<number>): number => {
  let total = 0
  let lost = 0
  for (let i = 0; i < lnP.length; i++) {
    const l = lnP[i] ?? NaN
    if (l === -Infinity) continue
    const x = Math.exp(l) * (l - (lnQ[i] ?? NaN))
    const next = total + x
    lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total
    total = next
  }
  return Number.isFinite(total) ? total + lost : total
}

const excessSum = (lnP: ReadonlyArray<number>, lnQ: ReadonlyArray<number>): number => {
  let total = 0
  let lost = 0
  for (let i = 0; i < lnP.length; i++) {
    const x = excessTerm(lnP[i] ?? NaN, lnQ[i] ?? NaN)
    const next = total + x
    lost += total >= x ? total - next + x : x - next + total
    total = next
  }
  return Number.isFinite(total) ? Math.max(0, total + lost) : total
}
