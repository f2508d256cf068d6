/**
 * KL over sequences, and what per-token estimates make of it.
 *
 *     KL(p ‖ q) over sequences = Σ_h d_p(h) KL(p(·|h) ‖ q(·|h)),     d_p(h) = Π_t p(h_t|h_<t)
 *
 * The chain rule weights prefixes h by the *first* argument. A per-token estimate whose states come from the policy,
 * E_{y ~ π} Σ_t kF(y_t|h_t) = Σ_h d_π(h) KL(p(·|h) ‖ π(·|h)), weights them by the *policy*: for the reverse KL that is
 * the chain rule, for the forward KL it is another function, which vanishes at π = p too but has other optima.
 *
 * Everything is by enumeration of the V^T sequences: for small trees, and as what estimators are tested against.
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. F5: `overSequences(T, p, q) = perPrefix(T, p, p, q)`.
 * 2. E7: E_{y ~ π} Σ_t kF = `perPrefix(T, π, p, π)`, and in general not `overSequences(T, p, π)`.
 *
 * Sources: chain rule: Cover & Thomas (2006), theorem 2.5.3; the weighting of per-token estimates is derived here.
 */
import { Categorical, LogSpace } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { excessTerm } from "./internal/Exponential.ts"
import { kl } from "./KL.ts"
import type { SupportMismatch } from "./KL.ts"

// model

/**
 * The distribution of the next token after a prefix, over one vocabulary for all prefixes.
 *
 * @category models
 * @since 0.1.0
 */
export type NextToken = (prefix: ReadonlyArray<number>) => Categorical.Categorical

/**
 * A prefix or a whole sequence, with its log-probability.
 *
 * @category models
 * @since 0.1.0
 */
export interface Weighted {
  readonly tokens: ReadonlyArray<number>
  readonly logProb: number
}

// destructors

/**
 * All sequences of a length that a policy may produce, with their log-probabilities, in lexicographic order.
 *
 * **Domain** length ≥ 0, and V^length small enough to hold.
 *
 * @category destructors
 * @since 0.1.0
 */
export const sequences = (length: number, policy: NextToken): ReadonlyArray<Weighted> =>
  length === 0
    ? [{ tokens: [], logProb: 0 }]
    : sequences(length - 1, policy).flatMap(({ tokens, logProb }) => {
        const next = policy(tokens)
        return Categorical.support(next).map((v) => ({
          tokens: [...tokens, v],
          logProb: logProb + Categorical.logProb(next, v),
        }))
      })

/**
 * The log-probability of a sequence.
 *
 * @category destructors
 * @since 0.1.0
 */
export const logProb =
  (policy: NextToken) =>
  (tokens: ReadonlyArray<number>): number =>
    LogSpace.sum(tokens.map((v, t) => Categorical.logProb(policy(tokens.slice(0, t)), v)))

/**
 * KL(p ‖ q) between the distributions over sequences of a length, from the definition.
 *
 * **Units**  nats.
 * **Domain** +∞ where q excludes a sequence that p produces.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import { SequenceKL } from "@rapo/divergences"
 * import * as E from "fp-ts/lib/Either.js"
 * const get = E.getOrElseW(() => { throw new Error() })
 * const [fair, biased] = [get(Categorical.uniform(2)), get(Categorical.fromProbabilities([0.75, 0.25]))]
 * SequenceKL.overSequences(3, () => biased, () => fair) // ≈ 0.392436
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const overSequences = (length: number, p: NextToken, q: NextToken): number => {
  const all = sequences(length, p).map((y) => [y.logProb, logProb(q)(y.tokens)] as const)
  // Σ (q − p) over the sequences that p produces is the mass that q has elsewhere, less than 0 by that much.
  const elsewhere = 1 - LogSpace.sum(all.map(([, lnQ]) => Math.exp(lnQ)))
  return Math.max(0, LogSpace.sum([...all.map(([lnP, lnQ]) => excessTerm(lnP, lnQ)), elsewhere]))
}

/**
 * The KLs at single tokens, summed over positions, with prefixes weighted by the policy that visits them.
 *
 *     Σ_{t < T} Σ_{h of length t} d_visits(h) KL(p(·|h) ‖ q(·|h))
 *
 * **Units**      nats.
 * **Fails with** `SupportMismatch` when the vocabularies differ.
 *
 * @category destructors
 * @since 0.1.0
 */
export const perPrefix = (
  length: number,
  visits: NextToken,
  p: NextToken,
  q: NextToken,
): Either<SupportMismatch, number> =>
  E.map((terms: ReadonlyArray<number>) => LogSpace.sum(terms))(
    E.traverseArray(({ tokens, logProb }: Weighted) =>
      E.map((value: number) => Math.exp(logProb) * value)(kl(p(tokens), q(tokens))),
    )(Array.from({ length }, (_, t) => sequences(t, visits)).flat()),
  )
