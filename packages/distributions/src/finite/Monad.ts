/**
 * Distributions from distributions: what happens to outcomes. Documented in `Finite.ts`.
 */
import type { Eq } from "fp-ts/lib/Eq.js"
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import type { CategoricalError } from "../categorical/Error.ts"
import { fromWeights } from "./Constructors.ts"
import type { Finite } from "./Model.ts"
import { collected, weighted } from "./Model.ts"

// combinators

/**
 * The distribution of f(a) for a drawn from p.
 *
 *     map(p, f)(b) = Σ_{a : f(a) = b} p(a)
 *
 * ```ts import.meta.vitest
 * import { Finite } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const die = Finite.uniform([1, 2, 3, 4, 5, 6])
 * E.isRight(die) && Finite.prob(Finite.map(die.right, (n) => n % 3), 0) // ≈ 0.333333
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const map = <A, B>(p: Finite<A>, f: (outcome: A) => B): Finite<B> =>
  collected(p.outcomes.map(f), p.law.logProbs)

/**
 * The distribution of b drawn from k(a), for a drawn from p.
 *
 *     chain(p, k)(b) = Σ_a p(a) k(a)(b)
 *
 * **Numerics** in log space: products far below 1e-308 are kept.
 *
 * ```ts import.meta.vitest
 * import { Finite } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const die = Finite.uniform([1, 2, 3, 4, 5, 6])
 * if (E.isRight(die)) {
 *   const two = Finite.chain(die.right, (a) => Finite.map(die.right, (b) => a + b))
 *   Finite.size(two) // => 11
 *   Finite.prob(two, 7) // ≈ 0.166667
 * }
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const chain = <A, B>(p: Finite<A>, k: (outcome: A) => Finite<B>): Finite<B> => {
  const outcomes: Array<B> = []
  const logWeights: Array<number> = []
  for (const [a, logA] of weighted(p))
    for (const [b, logB] of weighted(k(a))) {
      outcomes.push(b)
      logWeights.push(logA + logB)
    }
  return collected(outcomes, logWeights)
}

/**
 * A draw of a distribution, then a draw from it.
 *
 * @category combinators
 * @since 0.1.0
 */
export const flatten = <A>(p: Finite<Finite<A>>): Finite<A> => chain(p, (inner) => inner)

/**
 * A drawn function of an independent draw.
 *
 * @category combinators
 * @since 0.1.0
 */
export const ap = <A, B>(fs: Finite<(outcome: A) => B>, p: Finite<A>): Finite<B> =>
  chain(fs, (f) => map(p, f))

/**
 * Two independent draws as a pair.
 *
 *     product(p, q)(a, b) = p(a) q(b)
 *
 * @category combinators
 * @since 0.1.0
 */
export const product = <A, B>(p: Finite<A>, q: Finite<B>): Finite<readonly [A, B]> =>
  chain(p, (a) => map(q, (b) => [a, b] as const))

/**
 * A draw from one of several distributions, chosen with probabilities proportional to weights.
 *
 *     mixture(((p¹, w¹), …, (pⁿ, wⁿ)))(a) = Σ_c w^c p^c(a) / Σ_c w^c
 *
 * **Fails with** what `fromWeights` fails with: `Empty`, `NotFinite`, `NegativeWeight`, `ZeroTotal`.
 *
 * ```ts import.meta.vitest
 * import { Finite } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Finite.mixture([[Finite.of("a"), 3], [Finite.of("b"), 1]])
 * E.isRight(p) && Finite.prob(p.right, "a") // ≈ 0.75
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const mixture = <A>(
  components: ReadonlyArray<readonly [Finite<A>, number]>,
): Either<CategoricalError, Finite<A>> =>
  E.map((choice: Finite<Finite<A>>) => flatten(choice))(fromWeights(components))

/**
 * The same distribution, with equal outcomes made one; the first of them stands for all.
 *
 * **Cost** as many comparisons as outcomes times classes.
 *
 * ```ts import.meta.vitest
 * import { Finite } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * import * as S from "fp-ts/lib/string.js"
 * const byCase = { equals: (a: string, b: string) => S.Eq.equals(a.toLowerCase(), b.toLowerCase()) }
 * const p = Finite.uniform(["a", "A", "b"])
 * E.isRight(p) && Finite.support(Finite.merge(byCase)(p.right)) // => ["a", "b"]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const merge =
  <A>(eq: Eq<A>) =>
  (p: Finite<A>): Finite<A> =>
    collected(p.outcomes, p.law.logProbs, () => {
      const classes: Array<A> = []
      return (outcome) => {
        const known = classes.findIndex((other) => eq.equals(other, outcome))
        return known >= 0 ? known : classes.push(outcome) - 1
      }
    })
