/** The ingredients of every objective here, by enumeration: expected reward, entropy and KL. */
import { Categorical } from "@rapo/distributions"
import { KL } from "@rapo/divergences"
import { isLeft } from "fp-ts/lib/Either.js"

/** The probabilities of a distribution: one exponential each, which is what a large problem's time goes to. */
export const massesOf = ({ logProbs }: Categorical.Categorical): Float64Array => {
  const masses = new Float64Array(logProbs.length)
  for (let y = 0; y < masses.length; y++) masses[y] = Math.exp(logProbs[y] ?? NaN)
  return masses
}

/**
 * Σ_y m(y) (f(y) - g(y)) over the outcomes of positive mass, with the rounding errors carried along (Knuth's TwoSum, which
 * unlike Neumaier's has no branch to guess wrong); without a g it is 0.
 */
export const meanDifference = (masses: Float64Array, f: ArrayLike<number>, g?: ArrayLike<number>): number => {
  let total = 0
  let lost = 0
  for (let y = 0; y < masses.length; y++) {
    const mass = masses[y] ?? NaN
    if (mass === 0) continue
    const term = mass * (g === undefined ? (f[y] ?? NaN) : (f[y] ?? NaN) - (g[y] ?? NaN))
    const next = total + term
    const added = next - total
    lost += total - (next - added) + (term - added)
    total = next
  }
  return Number.isFinite(total) ? total + lost : total
}

/** Σ_y m(y) f(y) over the outcomes of positive mass. */
export const mean = (masses: Float64Array, f: ArrayLike<number>): number => meanDifference(masses, f)

/** p/π of an outcome from its masses, or, where they may have underflowed, from its log-probabilities. */
export const ratioOf = (p: number, pi: number, logP: number, logPi: number): number =>
  p > smallest && pi > smallest ? p / pi : Math.exp(logP - logPi)

/** Above it a mass has all its digits. */
const smallest = 1e-300

/** E_π[r]. */
export const expected = (policy: Categorical.Categorical, rewards: ReadonlyArray<number>): number =>
  mean(massesOf(policy), rewards)

/** β H(π), 0 for β = 0. */
export const entropyBonus = (beta: number, policy: Categorical.Categorical): number =>
  beta === 0 ? 0 : beta * Categorical.entropy(policy)

/** KL(p ‖ q) of distributions that the caller knows to be over the same outcomes. */
export const klOf = (p: Categorical.Categorical, q: Categorical.Categorical): number => {
  const kl = KL.kl(p, q)
  if (isLeft(kl)) throw new Error(KL.showError(kl.left))
  return kl.right
}
