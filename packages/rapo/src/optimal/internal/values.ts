/** The ingredients of every objective here, by enumeration: expected reward, entropy and KL. */
import { Categorical, LogSpace } from "@rapo/distributions"
import { KL } from "@rapo/divergences"
import { isLeft } from "fp-ts/lib/Either.js"

/** The probabilities of a distribution: one exponential each, which is what a large problem's time goes to. */
export const massesOf = ({ logProbs }: Categorical.Categorical): Float64Array => {
  const masses = new Float64Array(logProbs.length)
  for (let y = 0; y < masses.length; y++) masses[y] = Math.exp(logProbs[y] ?? NaN)
  return masses
}

/** Σ_y m(y) f(y) over the outcomes of positive mass, with the rounding errors carried along. */
export const mean = (masses: Float64Array, f: ArrayLike<number>): number => {
  const terms = new Float64Array(masses.length)
  for (let y = 0; y < terms.length; y++) {
    const mass = masses[y] ?? NaN
    terms[y] = mass === 0 ? 0 : mass * (f[y] ?? NaN)
  }
  return LogSpace.sum(terms)
}

/** Σ_y m(y) (f(y) - g(y)) over the outcomes of positive mass. */
export const meanDifference = (masses: Float64Array, f: ArrayLike<number>, g: ArrayLike<number>): number => {
  const terms = new Float64Array(masses.length)
  for (let y = 0; y < terms.length; y++) {
    const mass = masses[y] ?? NaN
    terms[y] = mass === 0 ? 0 : mass * ((f[y] ?? NaN) - (g[y] ?? NaN))
  }
  return LogSpace.sum(terms)
}

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
