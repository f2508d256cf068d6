/** Laws of KL over sequences (F5, E7). */
import { Autoregressive, Finite, Float64, LogSpace } from "@rapo/distributions"
import { isRight } from "fp-ts/lib/Either.js"
import type { Eq } from "fp-ts/lib/Eq.js"
import { k1, k3, kF } from "../Estimator.ts"
import type { Estimator } from "../Estimator.ts"
import { orNaN } from "../internal/Relation.ts"
import { overSequences, perPrefix } from "../SequenceKL.ts"

/** KL(p ‖ q) over sequences = Σ_h d_p(h) KL(p(·|h) ‖ q(·|h)). */
export const chainRule =
  (S: Eq<number>) =>
  <T>(p: Autoregressive.Autoregressive<T>, q: Autoregressive.Autoregressive<T>): boolean =>
    S.equals(orNaN(overSequences(p, q)), orNaN(perPrefix(p, p, q)))

/** E_{y ~ π} Σ_t k(ln p(y_t|y_<t) − ln π(y_t|y_<t)). */
const perToken = <T>(
  estimator: Estimator,
  p: Autoregressive.Autoregressive<T>,
  pi: Autoregressive.Autoregressive<T>,
): number => {
  const sequences = Autoregressive.enumerate(pi)
  if (!isRight(sequences)) return NaN
  return Finite.expectation(sequences.right, (y) => {
    const lnP = Autoregressive.stepLogProbs(p, y)
    return LogSpace.sum(
      Autoregressive.stepLogProbs(pi, y).map((l, t) => estimator(Float64.Real)((lnP[t] ?? NaN) - l)),
    )
  })
}

/**
 * With y ~ π: E Σ_t kF = Σ_h d_π(h) KL(p(·|h) ‖ π(·|h)), and E Σ_t k1 = E Σ_t k3 = Σ_h d_π(h) KL(π(·|h) ‖ p(·|h)), which is
 * the sequences' reverse KL.
 */
export const perTokenWeights =
  (S: Eq<number>) =>
  <T>(p: Autoregressive.Autoregressive<T>, pi: Autoregressive.Autoregressive<T>): boolean =>
    S.equals(perToken(kF, p, pi), orNaN(perPrefix(pi, p, pi))) &&
    [k1, k3].every((k) => S.equals(perToken(k, p, pi), orNaN(overSequences(pi, p))))
