/**
 * One sequence at a time: its probability, and draws. Documented in `Autoregressive.ts`.
 */
import * as Finite from "../Finite.ts"
import { sum } from "../LogSpace.ts"
import type { Seed } from "../Seed.ts"
import { child } from "../Seed.ts"
import type { Autoregressive } from "./Model.ts"
import { isFinished } from "./Model.ts"

// destructors

/**
 * The log-probability of each token given those before it.
 *
 *     l_t = ln p(y_t | y_<t)
 *
 * From the first token on that is impossible, or follows a finished prefix, all are −∞: the kernel is not asked there.
 * Tokens are compared by strict equality.
 *
 * @category destructors
 * @since 0.1.0
 */
export const stepLogProbs = <T>(
  model: Autoregressive<T>,
  sequence: ReadonlyArray<T>,
): ReadonlyArray<number> => {
  let possible = true
  return sequence.map((token, t) => {
    const prefix = sequence.slice(0, t)
    const l = possible && !isFinished(model, prefix) ? Finite.logProb(model.kernel(prefix), token) : -Infinity
    possible = l > -Infinity
    return l
  })
}

/**
 * The log-probability that a sequence begins so; for a finished one, that of the sequence.
 *
 *     ln p(y) = Σ_t ln p(y_t | y_<t)
 *
 * **Numerics** a compensated sum: thousands of tokens cost no digits, and exp of it may underflow where it does not.
 *
 * @category destructors
 * @since 0.1.0
 */
export const sequenceLogProb = <T>(model: Autoregressive<T>, sequence: ReadonlyArray<T>): number =>
  sum(stepLogProbs(model, sequence))

// combinators

/**
 * One finished sequence, drawn token by token; the token at t is drawn from the child t of the seed.
 *
 * @category combinators
 * @since 0.1.0
 */
export const sample = <T>(model: Autoregressive<T>, seed: Seed): ReadonlyArray<T> => {
  const drawn: Array<T> = []
  while (!isFinished(model, drawn))
    drawn.push(Finite.sample(model.kernel([...drawn]), child(seed, drawn.length)))
  return drawn
}
