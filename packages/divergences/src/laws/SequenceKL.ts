/** Laws of KL over sequences (F5, E7). */
import { Float64, LogSpace } from "@rapo/distributions"
import { Categorical } from "@rapo/distributions"
import type { Eq } from "fp-ts/lib/Eq.js"
import { k1, k3, kF } from "../Estimator.ts"
import type { Estimator } from "../Estimator.ts"
import { orNaN } from "../internal/Relation.ts"
import type { NextToken } from "../SequenceKL.ts"
import { overSequences, perPrefix, sequences } from "../SequenceKL.ts"

/** The sequences' probabilities sum to 1. */
export const sequencesNormalise =
  (S: Eq<number>) =>
  (length: number, policy: NextToken): boolean =>
    S.equals(LogSpace.logSumExp(sequences(length, policy).map(({ logProb }) => logProb)), 0)

/** KL(p ‖ q) over sequences = Σ_h d_p(h) KL(p(·|h) ‖ q(·|h)). */
export const chainRule =
  (S: Eq<number>) =>
  (length: number, p: NextToken, q: NextToken): boolean =>
    S.equals(overSequences(length, p, q), orNaN(perPrefix(length, p, p, q)))

/** E_{y ~ π} Σ_t k(ln p(y_t|y_<t) − ln π(y_t|y_<t)). */
const perToken = (estimator: Estimator, length: number, p: NextToken, pi: NextToken): number =>
  LogSpace.sum(
    sequences(length, pi).map(({ tokens, logProb }) => {
      const ratios = tokens.map((v, t) => {
        const prefix = tokens.slice(0, t)
        return Categorical.logProb(p(prefix), v) - Categorical.logProb(pi(prefix), v)
      })
      return Math.exp(logProb) * LogSpace.sum(ratios.map(estimator(Float64.Real)))
    }),
  )

/**
 * With y ~ π: E Σ_t kF = Σ_h d_π(h) KL(p(·|h) ‖ π(·|h)), and E Σ_t k1 = E Σ_t k3 = Σ_h d_π(h) KL(π(·|h) ‖ p(·|h)), which is
 * the sequences' reverse KL.
 */
export const perTokenWeights =
  (S: Eq<number>) =>
  (length: number, p: NextToken, pi: NextToken): boolean =>
    S.equals(perToken(kF, length, p, pi), orNaN(perPrefix(length, pi, p, pi))) &&
    [k1, k3].every((k) => S.equals(perToken(k, length, p, pi), overSequences(length, pi, p)))
