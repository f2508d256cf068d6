/**
 * Forward KL with an entropy bonus (T5): one optimum, of full support.
 *
 *     max_π E_π[r] - α KL(p ‖ π) + β H(π)
 *     on S    u + ln u = ln(αp/β) + (λ+β-r)/β,   π*(y) = αp(y)/(βu)    (u is Wright's ω; u = αp/(βπ))
 *     off S   π*(y) = e^{(r-λ)/β - 1} > 0
 *
 * Laws
 * 1. λ = E_π*[r] + α + β H(π*) - β; every outcome is possible, on the support and off it.
 * 2. β → 0 gives `OptimalForward`, which β = 0 is; α → 0 gives softmax(r/β).
 * 3. No policy has a higher value; the dual, g(λ) = λ - α + β Σ π_λ + α Σ_S p ln(π_λ/p), meets it.
 *
 * **Numerics** solved for v = ln π(best), λ - r_best = α p e^{-v} - βv - β, so that λ - r does not cancel for any other
 * outcome; ln Σ π is nearly linear in v. Halley's method in a bracket, from the root for a sample of the outcomes.
 *
 * Source: *derived* (theory T5).
 */
import { Categorical } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import { unsafeFromLogWeights } from "../internal/numbers.ts"
import type { Optimum } from "./Certificate.ts"
import { certify, kktResidual, unitOf } from "./Certificate.ts"
import * as Forward from "./ForwardKL.ts"
import { stationary } from "./internal/stationary.ts"
import { entropyBonus, massesOf, mean, meanDifference, ratioOf } from "./internal/values.ts"
import * as Optimal from "./Optimal.ts"

// constructors

/**
 * The optimum; for β = 0 that of `OptimalForward`. With β > 0 it is always `Interior`.
 *
 * **Shapes**  problem: N outcomes;  policy: [N].
 * **Fails with** `CoefficientNotPositive` for α, `EntropyCoefficientNegative` for β.
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { pipe } from "fp-ts/lib/function.js"
 * import { Categorical } from "@rapo/distributions"
 * import { Optimal, OptimalForwardEntropy } from "@rapo/rapo"
 * const unsupported = pipe(
 *   Categorical.fromProbabilities([0, 1]),
 *   E.flatMap((reference): E.Either<unknown, Optimal.Problem> => Optimal.problem(reference, [0, 0])),
 *   E.flatMap((problem) => OptimalForwardEntropy.optimum(problem, 1, 1)),
 *   E.match(() => NaN, ({ policy }) => Categorical.prob(policy, 0)),
 * )
 * unsupported // ≈ 0.2178
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const optimum = (
  problem: Optimal.Problem,
  alpha: number,
  beta: number,
): E.Either<Optimal.ProblemError, Optimum> =>
  pipe(
    Optimal.entropyCoefficient(beta),
    E.flatMap((beta) =>
      beta === 0
        ? Forward.optimum(problem, alpha)
        : pipe(
            Optimal.positiveCoefficient(alpha),
            E.map((alpha) => solve(problem, alpha, beta)),
          ),
    ),
  )

// destructors

/**
 * What a policy earns: E_π[r] - α KL(p ‖ π) + β H(π).
 *
 * @category destructors
 * @since 0.1.0
 */
export const objective = (
  problem: Optimal.Problem,
  alpha: number,
  beta: number,
  policy: Categorical.Categorical,
): number => Forward.objective(problem, alpha, policy) + entropyBonus(beta, policy)

/**
 * How far any policy is from the optimum: its `kktResidual` with h = r + α p/π - β ln π - β, in units of the problem.
 *
 * @category destructors
 * @since 0.1.0
 */
export const residual = (
  problem: Optimal.Problem,
  alpha: number,
  beta: number,
  policy: Categorical.Categorical,
): number => {
  const worths = marginals(problem, alpha, beta, policy, massesOf(problem.reference), massesOf(policy))
  return kktResidual(policy, worths) / unitOf(problem.rewards, alpha + beta)
}

// numerics

const marginals = (
  { reference, rewards }: Optimal.Problem,
  alpha: number,
  beta: number,
  { logProbs }: Categorical.Categorical,
  referenceMasses: Float64Array,
  masses: Float64Array,
): Float64Array => {
  const worths = new Float64Array(rewards.length)
  for (let y = 0; y < worths.length; y++) {
    const logP = reference.logProbs[y] ?? NaN
    const logPolicy = logProbs[y] ?? NaN
    const pull =
      logP === -Infinity ? 0 : alpha * ratioOf(referenceMasses[y] ?? NaN, masses[y] ?? NaN, logP, logPolicy)
    worths[y] = (rewards[y] ?? NaN) + pull - beta * logPolicy - beta
  }
  return worths
}

const solve = (problem: Optimal.Problem, alpha: number, beta: number): Optimum => {
  const { reference, rewards } = problem
  const referenceMasses = massesOf(reference)
  const { best, gap, logWeights, weights } = stationary(problem, referenceMasses, alpha, beta)
  const policy = unsafeFromLogWeights(logWeights)
  // ln Σ π_λ: what normalising took away
  const mode = Categorical.mode(policy)
  const logTotal = (logWeights[mode] ?? NaN) - Categorical.logProb(policy, mode)
  const total = Math.exp(logTotal)
  const masses = weights
  for (let y = 0; y < masses.length; y++) masses[y] = (masses[y] ?? NaN) / total
  const value =
    mean(masses, rewards) -
    alpha * meanDifference(referenceMasses, reference.logProbs, policy.logProbs) -
    beta * mean(masses, policy.logProbs)
  const multiplier = best + gap
  return {
    _tag: "Interior",
    policy,
    multiplier,
    value,
    certificate: certify({
      masses,
      marginals: marginals(problem, alpha, beta, policy, referenceMasses, masses),
      multiplier,
      // g(λ) = λ - α + β Σ π_λ + α Σ_S p ln(π_λ/p)
      dual:
        best +
        (gap - alpha) +
        beta * total +
        alpha * meanDifference(referenceMasses, logWeights, reference.logProbs),
      value,
      unit: unitOf(rewards, alpha + beta),
    }),
  }
}
