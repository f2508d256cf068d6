/**
 * KL over sequences, and what per-token estimates make of it.
 *
 *     KL(p ‖ q) over sequences = Σ_h d_p(h) KL(p(·|h) ‖ q(·|h)),     d_p(h) = Π_t p(h_t|h_<t)
 *
 * The chain rule weights prefixes h by the *first* argument. A per-token estimate whose states come from the policy,
 * E_{y ~ π} Σ_t kF(y_t|h_t) = Σ_h d_π(h) KL(p(·|h) ‖ π(·|h)), weights them by the *policy*: for the reverse KL that is
 * the chain rule, for the forward KL it is another function, which vanishes at π = p too but has other optima.
 *
 * Everything is by enumeration of the tree: for small ones, and as what estimators are tested against.
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. F5: `overSequences(p, q) = perPrefix(p, p, q)`.
 * 2. E7: E_{y ~ π} Σ_t kF = `perPrefix(π, p, π)`, and in general not `overSequences(p, π)`.
 *
 * Sources: chain rule: Cover & Thomas (2006), theorem 2.5.3; the weighting of per-token estimates is derived here.
 */
import { Autoregressive, Finite, LogSpace } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { excessTerm } from "./internal/Exponential.ts"

// destructors

/**
 * KL(p ‖ q) between the distributions over finished sequences, from the definition.
 *
 * **Units**      nats.
 * **Domain**     +∞ where q excludes a sequence that p produces.
 * **Fails with** `TreeTooLarge`.
 *
 * ```ts import.meta.vitest
 * import { Autoregressive, Finite } from "@rapo/distributions"
 * import { SequenceKL } from "@rapo/divergences"
 * import * as E from "fp-ts/lib/Either.js"
 * const get = E.getOrElseW(() => { throw new Error() })
 * const tosses = (p: number) => get(Autoregressive.make(() => get(Finite.bernoulli(p)), 3))
 * get(SequenceKL.overSequences(tosses(0.75), tosses(0.5))) // ≈ 0.392436
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const overSequences = <T>(
  p: Autoregressive.Autoregressive<T>,
  q: Autoregressive.Autoregressive<T>,
): Either<Autoregressive.AutoregressiveError, number> =>
  E.map((all: Finite.Finite<ReadonlyArray<T>>) => between(all, (y) => Autoregressive.sequenceLogProb(q, y)))(
    Autoregressive.enumerate(p),
  )

/**
 * The KLs at single tokens, summed over prefixes with the weights of the policy that visits them.
 *
 *     Σ_h d_visits(h) KL(p(·|h) ‖ q(·|h))
 *
 * **Units**      nats.
 * **Domain**     p and q have a next token after every prefix that is visited.
 * **Fails with** `TreeTooLarge`.
 *
 * @category destructors
 * @since 0.1.0
 */
export const perPrefix = <T>(
  visits: Autoregressive.Autoregressive<T>,
  p: Autoregressive.Autoregressive<T>,
  q: Autoregressive.Autoregressive<T>,
): Either<Autoregressive.AutoregressiveError, number> =>
  E.map((states: ReadonlyArray<Autoregressive.Weighted<T>>) =>
    LogSpace.sum(
      states.map(({ prefix, logWeight }) => {
        const next = q.kernel(prefix)
        return LogSpace.timesLog(
          Math.exp(logWeight),
          between(p.kernel(prefix), (token) => Finite.logProb(next, token)),
        )
      }),
    ),
  )(Autoregressive.prefixWeights(visits))

// numerics

/** KL(p ‖ q) = Σ_{supp p} (p ln(p/q) − p + q) + q(off supp p), with no cancellation but in the last term. */
const between = <T>(p: Finite.Finite<T>, logQ: (x: T) => number): number => {
  const logs = [...Finite.weighted(p)].map(([x, lnP]) => [lnP, logQ(x)] as const)
  const elsewhere = 1 - LogSpace.sum(logs.map(([, lnQ]) => Math.exp(lnQ)))
  return Math.max(0, LogSpace.sum([...logs.map(([lnP, lnQ]) => excessTerm(lnP, lnQ)), elsewhere]))
}
