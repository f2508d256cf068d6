/**
 * Numbers that are read off a distribution over labelled outcomes. Documented in `Finite.ts`.
 */
import type { Eq } from "fp-ts/lib/Eq.js"
import { eqStrict } from "fp-ts/lib/Eq.js"
import type { Ord } from "fp-ts/lib/Ord.js"
import * as Categorical from "../Categorical.ts"
import { logSumExp, partialSums } from "../LogSpace.ts"
import type { Finite } from "./Model.ts"
import { at, weighted } from "./Model.ts"

// destructors

/**
 * ln p(a), −∞ for what cannot happen; by strict equality if no other is given.
 *
 * @category destructors
 * @since 0.1.0
 */
export const logProb = <A>(p: Finite<A>, outcome: A, eq: Eq<A> = eqStrict): number =>
  logSumExp(weighted(p).flatMap(([a, l]) => (eq.equals(a, outcome) ? [l] : [])))

/**
 * p(a); by strict equality if no other is given.
 *
 * @category destructors
 * @since 0.1.0
 */
export const prob = <A>(p: Finite<A>, outcome: A, eq: Eq<A> = eqStrict): number =>
  Math.exp(logProb(p, outcome, eq))

/**
 * The probability of an event.
 *
 *     p(A) = Σ_{a ∈ A} p(a)
 *
 * @category destructors
 * @since 0.1.0
 */
export const probabilityOf = <A>(p: Finite<A>, event: (outcome: A) => boolean): number =>
  Math.min(
    1,
    expectation(p, (a) => (event(a) ? 1 : 0)),
  )

/**
 * The mean of a function of the outcome: Σ_a p(a) f(a).
 *
 * ```ts import.meta.vitest
 * import { Finite } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const words = Finite.fromWeights([["a", 3], ["bcd", 1]])
 * E.isRight(words) && Finite.expectation(words.right, (word) => word.length) // ≈ 1.5
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const expectation = <A>(p: Finite<A>, f: (outcome: A) => number): number =>
  Categorical.expectation(p.law, (i) => f(at(p, i)))

/**
 * The variance of a function of the outcome.
 *
 * @category destructors
 * @since 0.1.0
 */
export const variance = <A>(p: Finite<A>, f: (outcome: A) => number): number =>
  Categorical.variance(p.law, (i) => f(at(p, i)))

/**
 * The Shannon entropy, in nats; merge outcomes that count as one first.
 *
 * @category destructors
 * @since 0.1.0
 */
export const entropy = <A>(p: Finite<A>): number => Categorical.entropy(p.law)

/**
 * The most probable outcome, the first one at a tie.
 *
 * @category destructors
 * @since 0.1.0
 */
export const mode = <A>(p: Finite<A>): A => at(p, Categorical.mode(p.law))

/**
 * The probability of an outcome up to a: Σ_{b ≤ a} p(b).
 *
 * @category destructors
 * @since 0.1.0
 */
export const cdf =
  <A>(ord: Ord<A>) =>
  (p: Finite<A>, outcome: A): number =>
    probabilityOf(p, (a) => ord.compare(a, outcome) <= 0)

/**
 * The least outcome up to which the probability is at least u.
 *
 *     Q(u) = min { a : cdf(a) ≥ u }
 *
 * **Domain** u in [0, 1].
 *
 * ```ts import.meta.vitest
 * import { Finite } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * import * as N from "fp-ts/lib/number.js"
 * const die = Finite.uniform([6, 5, 4, 3, 2, 1])
 * E.isRight(die) && Finite.quantile(N.Ord)(die.right, 0.4) // => 3
 * E.isRight(die) && Finite.cdf(N.Ord)(die.right, 3) // ≈ 0.5
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const quantile =
  <A>(ord: Ord<A>) =>
  (p: Finite<A>, u: number): A => {
    const order = p.outcomes.map((_, i) => i).toSorted((i, j) => ord.compare(at(p, i), at(p, j)))
    const sums = partialSums(order.map((i) => Categorical.prob(p.law, i)))
    const total = sums.at(-1) ?? 1
    const place = Categorical.lookUp(
      sums.map((sum) => sum / total),
      u,
    )
    return at(p, order[place] ?? 0)
  }

// instances

/**
 * Equality of the probabilities of all classes of equal outcomes, within an absolute tolerance.
 *
 * @category instances
 * @since 0.1.0
 */
export const getEq = <A>(eq: Eq<A>, tolerance: number): Eq<Finite<A>> => {
  const covers = (p: Finite<A>, q: Finite<A>): boolean =>
    p.outcomes.every((a) => Math.abs(prob(p, a, eq) - prob(q, a, eq)) <= tolerance)
  return { equals: (p, q) => covers(p, q) && covers(q, p) }
}
