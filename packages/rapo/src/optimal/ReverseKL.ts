/**
 * The reverse-KL optimum (T1): the reference, tilted exponentially by the reward.
 *
 *     max_π E_π[r] - α KL(π ‖ p) + β H(π)   at   π*(y) = p(y)^{α/(α+β)} e^{r(y)/(α+β)} / Z
 *     value = (α+β) ln Z,                          so with β = 0   π* = p e^{r/α} / Z,  value α ln E_p[e^{r/α}]
 *
 * Laws
 * 1. π*(y) = 0 wherever p(y) = 0: whatever the reward, the support is not left.
 * 2. r + α ln p - (α+β) ln π* is one constant, the value, on the support.
 * 3. No policy has a higher value.
 *
 * Source: *derived* (theory T1); β = 0 also Korbak et al. (2022), arXiv 2205.11275.
 */
import { Categorical, LogSpace } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { range, unsafeFromLogWeights } from "../internal/numbers.ts"
import * as Optimal from "./Optimal.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export interface ReverseOptimum {
  readonly policy: Categorical.Categorical
  /** ln Z. */
  readonly logPartition: number
  /** The objective at the optimum. */
  readonly value: number
  /** How far the policy is from satisfying law 2: see `residual`. */
  readonly residual: number
}

// constructors

/**
 * The optimum, in log space.
 *
 * **Shapes**  problem: N outcomes;  policy: [N].
 * **Fails with** `CoefficientNotPositive` for α, `EntropyCoefficientNegative` for β.
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { pipe } from "fp-ts/lib/function.js"
 * import { Categorical } from "@rapo/distributions"
 * import { Optimal, OptimalReverse } from "@rapo/rapo"
 * const correct = pipe(
 *   Categorical.fromProbabilities([0.1, 0.9]),
 *   E.flatMap((reference): E.Either<unknown, Optimal.Problem> => Optimal.problem(reference, [1, 0])),
 *   E.flatMap((problem) => OptimalReverse.optimum(problem, 0.5)),
 *   E.match(() => NaN, ({ policy }) => Categorical.prob(policy, 0)),
 * )
 * correct // ≈ 0.45085
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const optimum = (
  problem: Optimal.Problem,
  alpha: number,
  beta: number = 0,
): E.Either<Optimal.ProblemError, ReverseOptimum> => {
  if (!(beta >= 0 && beta < Infinity)) {
    return E.left({ _tag: "EntropyCoefficientNegative", coefficient: beta })
  }
  return E.map((alpha: number) => solve(problem, alpha, beta))(Optimal.positiveCoefficient(alpha))
}

// destructors

/**
 * What a policy earns: E_π[r] - α KL(π ‖ p) + β H(π); -Infinity where it leaves the support.
 *
 * @category destructors
 * @since 0.1.0
 */
export const objective = (
  { reference, rewards }: Optimal.Problem,
  alpha: number,
  beta: number,
  policy: Categorical.Categorical,
): number =>
  rewards.reduce((total, reward, y) => {
    const mass = Categorical.prob(policy, y)
    if (mass === 0) return total
    const logPolicy = Categorical.logProb(policy, y)
    return (
      total + mass * (reward - alpha * (logPolicy - Categorical.logProb(reference, y)) - beta * logPolicy)
    )
  }, 0)

/**
 * How far a policy is from the optimum's stationarity (law 2): the spread of r + α ln p - (α+β) ln π over the
 * support, in units of α + β + range of r; +Infinity when the supports differ. 0 exactly at the optimum.
 *
 * @category destructors
 * @since 0.1.0
 */
export const residual = (
  { reference, rewards }: Optimal.Problem,
  alpha: number,
  beta: number,
  policy: Categorical.Categorical,
): number => {
  const levels = rewards.flatMap((reward, y) => {
    const logP = Categorical.logProb(reference, y)
    const logPolicy = Categorical.logProb(policy, y)
    if (logP === -Infinity && logPolicy === -Infinity) return []
    return [reward + alpha * logP - (alpha + beta) * logPolicy]
  })
  return range(levels) / (alpha + beta + range(rewards))
}

// numerics

const solve = (problem: Optimal.Problem, alpha: number, beta: number): ReverseOptimum => {
  const { reference, rewards } = problem
  const total = alpha + beta
  const logWeights = rewards.map((reward, y) => (reward + alpha * Categorical.logProb(reference, y)) / total)
  const logPartition = LogSpace.logSumExp(logWeights)
  const policy = unsafeFromLogWeights(logWeights)
  return {
    policy,
    logPartition,
    value: total * logPartition,
    residual: residual(problem, alpha, beta, policy),
  }
}
