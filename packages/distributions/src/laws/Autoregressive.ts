/**
 * Laws of distributions over sequences.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Eq } from "fp-ts/lib/Eq.js"
import { pipe } from "fp-ts/lib/function.js"
import * as O from "fp-ts/lib/Option.js"
import type { Autoregressive } from "../Autoregressive.ts"
import * as AR from "../Autoregressive.ts"
import * as F from "../Finite.ts"
import * as LogSpace from "../LogSpace.ts"

// laws

/** ln p(y) = Σ_t ln p(y_t | y_<t) for every enumerated y, each finished, and Σ_y p(y) = 1 by that formula. */
export const sequenceChainRule =
  (S: Eq<number>) =>
  <T>(model: Autoregressive<T>): boolean =>
    pipe(
      AR.enumerate(model),
      E.exists((sequences) => {
        const byFormula = F.support(sequences).map((y) => LogSpace.sum(AR.stepLogProbs(model, y)))
        return (
          F.weighted(sequences).every(
            ([y, l], i) =>
              AR.isFinished(model, y) &&
              S.equals(l, byFormula[i] ?? Number.NaN) &&
              S.equals(l, AR.sequenceLogProb(model, y)),
          ) && S.equals(LogSpace.sum(byFormula.map(Math.exp)), 1)
        )
      }),
    )

/** P(y_t = a) = Σ_{|h| = t} d(h) p(a | h), and it is also the sum over finished sequences. */
export const totalProbability =
  (S: Eq<number>, tokens: Eq<unknown>) =>
  <T>(model: Autoregressive<T>, position: number): boolean =>
    pipe(
      E.Do,
      E.bind("marginal", () => AR.marginal(model, position)),
      E.bind("states", () => AR.prefixWeights(model)),
      E.bind("sequences", () => AR.enumerate(model)),
      E.exists(({ marginal, states, sequences }) =>
        F.support(marginal).every((token) => {
          const p = F.prob(marginal, token)
          const overSequences = F.probabilityOf(sequences, (y) =>
            O.isNone(token)
              ? y.length <= position
              : y.length > position && tokens.equals(y[position], token.value),
          )
          const here = states.filter(({ prefix }) => prefix.length === position)
          const overStates = LogSpace.sum(
            here.map(
              ({ prefix, logWeight }) =>
                Math.exp(logWeight) * (O.isSome(token) ? F.prob(model.kernel(prefix), token.value) : 0),
            ),
          )
          return S.equals(p, overSequences) && (O.isNone(token) || S.equals(p, overStates))
        }),
      ),
    )

/** Σ_h d(h) = E |y|, and Σ_h d(h) H(p(·|h)) = H(y). */
export const statesAreVisits =
  (S: Eq<number>) =>
  <T>(model: Autoregressive<T>): boolean =>
    pipe(
      E.Do,
      E.bind("states", () => AR.prefixWeights(model)),
      E.bind("sequences", () => AR.enumerate(model)),
      E.exists(({ states, sequences }) => {
        const over = (f: (prefix: ReadonlyArray<T>) => number): number =>
          LogSpace.sum(states.map(({ prefix, logWeight }) => Math.exp(logWeight) * f(prefix)))
        return (
          S.equals(
            over(() => 1),
            F.expectation(sequences, (y) => y.length),
          ) &&
          S.equals(
            over((prefix) => F.entropy(model.kernel(prefix))),
            F.entropy(sequences),
          )
        )
      }),
    )
