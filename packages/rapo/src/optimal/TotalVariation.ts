/**
 * The optimum under a total-variation penalty, whose dual is not smooth but whose answer is simple.
 *
 *     max_π E_π[r] - α TV(π, p),   TV = ½ Σ |π - p|
 *     π* = p where r > r_max - α;   0 where r < r_max - α;   all that is freed goes to the best outcomes
 *
 * Moving a unit of probability from y to a best outcome earns r_max - r(y) and costs α, whatever has been moved before:
 * so outcomes move whole or not at all. At r = r_max - α both are optimal, and the outcome stays. The best outcomes share
 * what is freed in the proportion of their reference probabilities, or equally where none of them has one.
 *
 * Laws: λ = r_max - α/2; the dual g(λ) = λ + α E_p max((r-λ)/α, -½) meets the value; no policy has a higher one.
 *
 * Source: *ours*; an exchange argument, certified by duality (theory T10 with f = ½|t - 1|).
 */
import { Categorical, LogSpace } from "@rapo/distributions"
import { FDivergence } from "@rapo/divergences"
import * as E from "fp-ts/lib/Either.js"
import { maximum, unsafeFromLogWeights } from "../internal/numbers.ts"
import type { Optimum } from "./Certificate.ts"
import { certify, unitOf } from "./Certificate.ts"
import * as General from "./FDivergence.ts"
import { massesOf } from "./internal/values.ts"
import * as Optimal from "./Optimal.ts"

// constructors

/**
 * An optimum; `Boundary` when outcomes off the support get mass.
 *
 * **Shapes**  problem: N outcomes;  policy: [N].
 * **Fails with** `CoefficientNotPositive`.
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { pipe } from "fp-ts/lib/function.js"
 * import { Categorical } from "@rapo/distributions"
 * import { Optimal, OptimalTotalVariation } from "@rapo/rapo"
 * const policy = pipe(
 *   Categorical.fromProbabilities([0.25, 0.25, 0.5]),
 *   E.flatMap((reference): E.Either<unknown, Optimal.Problem> => Optimal.problem(reference, [1, 0.75, 0])),
 *   E.flatMap((problem) => OptimalTotalVariation.optimum(problem, 0.5)),
 *   E.match(() => [], ({ policy }) => Categorical.probabilities(policy)),
 * )
 * policy // => [0.75, 0.25, 0]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const optimum = (problem: Optimal.Problem, alpha: number): E.Either<Optimal.ProblemError, Optimum> =>
  E.map((alpha: number) => solve(problem, alpha))(Optimal.positiveCoefficient(alpha))

// numerics

const solve = (problem: Optimal.Problem, alpha: number): Optimum => {
  const { reference, rewards } = problem
  const best = maximum(rewards)
  const logP = (y: number): number => Categorical.logProb(reference, y)
  const moves = (reward: number): boolean => reward < best - alpha
  const logFreed = LogSpace.logSumExp(rewards.flatMap((reward, y) => (moves(reward) ? [logP(y)] : [])))
  const winners = rewards.flatMap((reward, y) => (reward === best ? [logP(y)] : []))
  const logWinners = LogSpace.logSumExp(winners)
  const share = (y: number): number =>
    logWinners === -Infinity ? -Math.log(winners.length) : logP(y) - logWinners
  const policy = unsafeFromLogWeights(
    rewards.map((reward, y) => {
      if (moves(reward)) return -Infinity
      return reward === best ? LogSpace.logAddExp(logP(y), share(y) + logFreed) : logP(y)
    }),
  )
  const multiplier = best - alpha / 2
  const value = General.objective(FDivergence.totalVariation, problem, alpha, policy)
  return {
    _tag: logWinners === -Infinity && logFreed > -Infinity ? "Boundary" : "Interior",
    policy,
    multiplier,
    value,
    certificate: certify({
      masses: massesOf(policy),
      marginals: rewards.map((reward, y) =>
        logP(y) === -Infinity || moves(reward)
          ? reward + (logP(y) === -Infinity ? -alpha : alpha) / 2
          : reward - nearestSubgradient(reward - multiplier, alpha),
      ),
      multiplier,
      dual: dual(problem, alpha, multiplier),
      value,
      unit: unitOf(rewards, alpha),
    }),
  }
}

/**
 * α s with s the subgradient of ½ |t - 1| that comes nearest to making an outcome worth λ, given r - λ: any slope in
 * [-½, ½] where the outcome keeps what it had, and ½ where it gains, which is what the best ones ask for.
 */
const nearestSubgradient = (above: number, alpha: number): number =>
  Math.min(alpha / 2, Math.max(-alpha / 2, above))

/** g(λ) = λ + E_p max(r - λ, -α/2). */
const dual = ({ reference, rewards }: Optimal.Problem, alpha: number, multiplier: number): number =>
  multiplier +
  Categorical.expectation(reference, (y) => Math.max((rewards[y] ?? NaN) - multiplier, -alpha / 2))
