/**
 * Numbers that are read off a distribution, and equality up to rounding. Documented in `Categorical.ts`.
 */
import type { Eq as EqOf } from "fp-ts/lib/Eq.js"
import { partialSums, sum, timesLog } from "../LogSpace.ts"
import type { Categorical } from "./Model.ts"
import { logProb, prob, probabilities, size, support } from "./Model.ts"

// destructors

/**
 * The most probable outcome, the first one at a tie.
 *
 * @category destructors
 * @since 0.1.0
 */
export const mode = ({ logProbs }: Categorical): number => {
  let best = 0
  for (let y = 1; y < logProbs.length; y++) {
    if ((logProbs[y] ?? Number.NaN) > (logProbs[best] ?? Number.NaN)) best = y
  }
  return best
}

/**
 * The mean of a function of the outcome.
 *
 *     E_p f = Σ_{i in support p} p_i f(i)
 *
 * **Domain** f is not asked about outcomes that cannot happen, so it may be infinite or undefined there.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const die = Categorical.uniform(6)
 * E.isRight(die) && Categorical.expectation(die.right, (i) => i + 1) // ≈ 3.5
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const expectation = (p: Categorical, f: (outcome: number) => number): number =>
  sum(support(p).map((i) => timesLog(prob(p, i), f(i))))

/**
 * The variance of a function of the outcome.
 *
 *     Var_p f = E_p (f − E_p f)²
 *
 * **Domain** f finite on the support.  **Laws** ≥ 0, and 0 for a constant - see Laws.ts
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const coin = Categorical.uniform(2)
 * E.isRight(coin) && Categorical.variance(coin.right, (i) => 1e9 + i) // ≈ 0.25
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const variance = (p: Categorical, f: (outcome: number) => number): number => {
  const mean = expectation(p, f)
  return expectation(p, (i) => (f(i) - mean) ** 2)
}

/**
 * F_0, …, F_{K−1}: the probability of an outcome up to each.
 *
 *     F_i = Σ_{j ≤ i} p_j
 *
 * **Numerics** non-decreasing, F_{K−1} = 1 exactly, and F_i = F_{i−1} exactly where p_i = 0; error within 4 u.
 *
 * @category destructors
 * @since 0.1.0
 */
export const cumulative = (p: Categorical): ReadonlyArray<number> => {
  const sums = partialSums(probabilities(p))
  const total = sums.at(-1) ?? 1
  return sums.map((x) => x / total)
}

/**
 * The probability of an outcome up to x.
 *
 *     F(x) = Σ_{i ≤ x} p_i
 *
 * **Domain** any number x but NaN: 0 below the outcomes, 1 above.
 *
 * @category destructors
 * @since 0.1.0
 */
export const cdf = (p: Categorical, x: number): number =>
  x < 0 ? 0 : (cumulative(p)[Math.min(Math.floor(x), size(p) - 1)] ?? 0)

/**
 * The least possible outcome up to which the probability is at least u: the inverse of the cdf.
 *
 *     Q(u) = min { i ∈ support p : F_i ≥ u }
 *
 * **Domain** u in [0, 1].  **Laws** Q(u) ≤ i ⟺ u ≤ F_i for u > 0, a Galois connection - see Laws.ts
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Categorical.fromWeights([0, 1, 1])
 * E.isRight(p) && [0, 0.5, 0.6].map((u) => Categorical.quantile(p.right, u)) // => [1, 1, 2]
 * E.isRight(p) && Categorical.cdf(p.right, 1) // => 0.5
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const quantile = (p: Categorical, u: number): number => lookUp(cumulative(p), u)

/**
 * The first place where a cumulative distribution reaches u, by bisection.
 *
 * The target is never 0 but the smallest double, so that leading outcomes of probability 0 are skipped.
 *
 * **Domain** non-decreasing, with 1 at its end, as `cumulative` gives it; u in [0, 1].
 *
 * @category destructors
 * @since 0.1.0
 */
export const lookUp = (cumulative: ReadonlyArray<number>, u: number): number => {
  const target = Math.max(u, Number.MIN_VALUE)
  let low = 0
  let high = cumulative.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((cumulative[middle] ?? 0) >= target) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * The Shannon entropy.
 *
 *     H(p) = −Σ p_i ln p_i,   0 ln 0 = 0
 *
 * **Units** nats.  **Laws** within [0, ln |support|] - see Laws.ts
 * **Numerics** relative error ≤ 8 u for the log-probabilities as they are held, u = 2⁻⁵³, whatever K is: all terms have
 * one sign, and their sum is compensated. Tested against integers of 1,700 bits ("accuracy").
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const coin = Categorical.uniform(2)
 * E.isRight(coin) && Categorical.entropy(coin.right) // ≈ 0.693147
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const entropy = (p: Categorical): number => 0 - expectation(p, (i) => logProb(p, i))

// instances

/**
 * Equality of sizes, and of every probability within an absolute tolerance.
 *
 * With a tolerance above 0 it is reflexive and symmetric, but transitive only up to the tolerance.
 *
 * @category instances
 * @since 0.1.0
 */
export const getEq = (tolerance: number): EqOf<Categorical> => ({
  equals: (p, q) =>
    size(p) === size(q) && p.logProbs.every((_, i) => Math.abs(prob(p, i) - prob(q, i)) <= tolerance),
})

/**
 * Equality up to rounding: a few thousand operations on doubles stay well within 1e-12 (*ours*).
 *
 * @category instances
 * @since 0.1.0
 */
export const Eq: EqOf<Categorical> = getEq(1e-12)
