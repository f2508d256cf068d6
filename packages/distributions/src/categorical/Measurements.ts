/**
 * Numbers that are read off a distribution, and equality up to rounding. Documented in `Categorical.ts`.
 */
import type { Eq as EqOf } from "fp-ts/lib/Eq.js"
import { sum, timesLog } from "../LogSpace.ts"
import type { Categorical } from "./Model.ts"
import { logProb, prob, size, support } from "./Model.ts"

// destructors

/**
 * The most probable outcome, the first one at a tie.
 *
 * @category destructors
 * @since 0.1.0
 */
export const mode = (p: Categorical): number =>
  p.logProbs.indexOf(p.logProbs.reduce((a, b) => (b > a ? b : a)))

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
 * The Shannon entropy.
 *
 *     H(p) = −Σ p_i ln p_i,   0 ln 0 = 0
 *
 * **Units** nats.  **Laws** within [0, ln K] - see Laws.ts
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
