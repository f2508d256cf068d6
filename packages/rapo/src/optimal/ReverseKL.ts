/**
 * The reverse-KL optimum (T1): the reference, tilted exponentially by the reward.
 *
 *     max_π E_π[r] - α KL(π ‖ p) + β H(π)   at   π*(y) = p(y)^{α/(α+β)} e^{r(y)/(α+β)} / Z
 *     value = (α+β) ln Z,                          so with β = 0   π* = p e^{r/α} / Z,  value α ln E_p[e^{r/α}]
 *
 * Laws
 * 1. π*(y) = 0 wherever p(y) = 0: whatever the reward, the support is not left.
 * 2. r + α ln p - (α+β) ln π* is one constant, the value, on the support.
 * 3. J(π) = value - (α+β) KL(π ‖ π*) for every π: no policy has a higher value.
 * 4. The dual, g(λ) = λ + (α+β) (Z e^{-λ/(α+β)} - 1), is least at λ = value, and there it is the value.
 *
 * Source: *derived* (theory T1); β = 0 also Korbak et al. (2022), arXiv 2205.11275.
 */
import { Categorical, LogSpace } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import { unsafeFromLogWeights } from "../internal/numbers.ts"
import type { Optimum } from "./Certificate.ts"
import { certify, kktResidual, unitOf } from "./Certificate.ts"
import { outcomesOf } from "./internal/outcomes.ts"
import { entropyBonus, expected, klOf, massesOf, mean, meanDifference } from "./internal/values.ts"
import * as Optimal from "./Optimal.ts"

// model

/**
 * The optimum; λ is the value, as the table of `Certificate.ts` says.
 *
 * @category models
 * @since 0.1.0
 */
export interface ReverseOptimum extends Optimum {
  readonly _tag: "Interior"
  /** ln Z. */
  readonly logPartition: number
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
): E.Either<Optimal.ProblemError, ReverseOptimum> =>
  pipe(
    Optimal.entropyCoefficient(beta),
    E.flatMap((beta) =>
      pipe(
        Optimal.positiveCoefficient(alpha),
        E.map((alpha) => solve(problem, alpha, beta)),
      ),
    ),
  )

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
): number => expected(policy, rewards) - alpha * klOf(policy, reference) + entropyBonus(beta, policy)

/**
 * The Lagrange dual, an upper bound on what any policy earns, for every λ.
 *
 *     g(λ) = λ + (α+β) (Σ_S e^{(r + α ln p - λ)/(α+β)} - 1)
 *
 * @category destructors
 * @since 0.1.0
 */
export const dual = (problem: Optimal.Problem, alpha: number, beta: number, multiplier: number): number => {
  const { best, logWeights } = weigh(problem, alpha, beta)
  return dualAt(multiplier, best, LogSpace.logSumExp(logWeights), alpha + beta)
}

/**
 * How far any policy is from the optimum: its `kktResidual` with h = r + α ln p - (α+β) ln π, in units of the problem;
 * +Infinity when the supports differ. 0 exactly at the optimum.
 *
 * @category destructors
 * @since 0.1.0
 */
export const residual = (
  problem: Optimal.Problem,
  alpha: number,
  beta: number,
  policy: Categorical.Categorical,
): number =>
  kktResidual(policy, marginals(problem, alpha, beta, policy)) / unitOf(problem.rewards, alpha + beta)

// numerics

/** ln of p^{α/(α+β)} e^{(r - best)/(α+β)}: relative to the best reward, for r/α has no digits to spare when α is small. */
const weigh = (
  problem: Optimal.Problem,
  alpha: number,
  beta: number,
): { readonly best: number; readonly logWeights: ReadonlyArray<number> } => {
  const { logP, rewards, bestOn } = outcomesOf(problem)
  const [total, power] = [alpha + beta, alpha / (alpha + beta)]
  return {
    best: bestOn,
    logWeights: logP.map((l, y) =>
      l === -Infinity ? l : ((rewards[y] ?? NaN) - bestOn) / total + power * l,
    ),
  }
}

const dualAt = (multiplier: number, best: number, relative: number, total: number): number =>
  multiplier + total * Math.expm1(relative - (multiplier - best) / total)

const marginals = (
  { reference, rewards }: Optimal.Problem,
  alpha: number,
  beta: number,
  { logProbs }: Categorical.Categorical,
): Float64Array => {
  const worths = new Float64Array(rewards.length)
  for (let y = 0; y < worths.length; y++) {
    const logP = reference.logProbs[y] ?? NaN
    worths[y] =
      logP === -Infinity
        ? -Infinity
        : (rewards[y] ?? NaN) + alpha * logP - (alpha + beta) * (logProbs[y] ?? NaN)
  }
  return worths
}

const solve = (problem: Optimal.Problem, alpha: number, beta: number): ReverseOptimum => {
  const total = alpha + beta
  const { reference, rewards } = problem
  const { best, logWeights } = weigh(problem, alpha, beta)
  const policy = unsafeFromLogWeights(logWeights)
  const masses = massesOf(policy)
  // ln Z: what normalising took away, read off at the likeliest outcome, whose digits are the best
  const mode = Categorical.mode(policy)
  const relative = (logWeights[mode] ?? NaN) - Categorical.logProb(policy, mode)
  const value =
    mean(masses, rewards) -
    alpha * meanDifference(masses, policy.logProbs, reference.logProbs) -
    beta * mean(masses, policy.logProbs)
  const multiplier = best + total * relative
  return {
    _tag: "Interior",
    policy,
    logPartition: best / total + relative,
    multiplier,
    value,
    certificate: certify({
      masses,
      marginals: marginals(problem, alpha, beta, policy),
      multiplier,
      dual: dualAt(multiplier, best, relative, total),
      value,
      unit: unitOf(rewards, total),
    }),
  }
}
