/** The ingredients of every objective here: an expected reward, an entropy, and the KL between distributions of one size. */
import { Categorical, LogSpace } from "@rapo/distributions"
import { KL } from "@rapo/divergences"
import { isLeft } from "fp-ts/lib/Either.js"

/** Σ_y π(y) f(y) over the possible outcomes, with the rounding errors carried along. */
const mean = (policy: Categorical.Categorical, f: (y: number, logMass: number) => number): number => {
  const terms = new Float64Array(Categorical.size(policy))
  for (let y = 0; y < terms.length; y++) {
    const logMass = Categorical.logProb(policy, y)
    const mass = Math.exp(logMass)
    terms[y] = mass === 0 ? 0 : mass * f(y, logMass)
  }
  return LogSpace.sum(terms)
}

/** E_π[r]. */
export const expected = (policy: Categorical.Categorical, rewards: ReadonlyArray<number>): number =>
  mean(policy, (y) => rewards[y] ?? NaN)

/** β H(π), 0 for β = 0. */
export const entropyBonus = (beta: number, policy: Categorical.Categorical): number =>
  beta === 0 ? 0 : -beta * mean(policy, (_, logMass) => logMass)

/** KL(p ‖ q) of distributions that the caller knows to be over the same outcomes. */
export const klOf = (p: Categorical.Categorical, q: Categorical.Categorical): number => {
  const kl = KL.kl(p, q)
  if (isLeft(kl)) throw new Error(KL.showError(kl.left))
  return kl.right
}
