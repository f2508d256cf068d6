/**
 * The laws of optimal policies as predicates, up to tolerances that the caller names in units of the problem.
 */
import { Categorical } from "@rapo/distributions"
import * as BestOfNFunctions from "./BestOfN.ts"
import type { Optimum } from "./Certificate.ts"
import { unitOf } from "./Certificate.ts"
import * as Gdc from "./Gdc.ts"
import { klOf } from "./internal/values.ts"
import type { Problem } from "./Optimal.ts"
import { expectedReward } from "./Optimal.ts"
import type { ReverseOptimum } from "./ReverseKL.ts"
import { logOmega, omega } from "./WrightOmega.ts"

/** Rewards are themselves rounded: the unit of a problem, and what an ulp of its rewards is worth. */
export const scaleOf = ({ rewards }: Problem, coefficients: number): number =>
  unitOf(rewards, coefficients) + rewards.reduce((most, reward) => Math.max(most, Math.abs(reward)), 0)

/**
 * Its certificate proves the optimum: KKT residual, identity and duality gap are 0, the gap on both sides.
 * The certificate is in units of the problem, which rewards with a common offset do not see: the scale does.
 */
export const isCertified =
  (tolerance: number) =>
  (problem: Problem, coefficients: number, { certificate }: Optimum): boolean => {
    const scale = scaleOf(problem, coefficients)
    const unit = unitOf(problem.rewards, coefficients)
    return (
      certificate.kktResidual * unit <= tolerance * scale &&
      certificate.identity * unit <= tolerance * scale &&
      Math.abs(certificate.dualityGap) <= tolerance * scale
    )
  }

/** J(π) <= J(π*), where J(π*) is the value that the optimum says it has. */
export const isUnbeaten =
  (tolerance: number) =>
  (
    problem: Problem,
    coefficients: number,
    optimum: Optimum,
    objective: (policy: Categorical.Categorical) => number,
    other: Categorical.Categorical,
  ): boolean => {
    const slack = tolerance * scaleOf(problem, coefficients)
    return (
      Math.abs(objective(optimum.policy) - optimum.value) <= slack &&
      objective(other) <= optimum.value + slack
    )
  }

/** T3: λ = E_π*[r] + α. */
export const multiplierIdentity =
  (tolerance: number) =>
  (problem: Problem, alpha: number, optimum: Optimum): boolean =>
    Math.abs(optimum.multiplier - expectedReward(optimum.policy, problem.rewards) - alpha) <=
    tolerance * scaleOf(problem, alpha)

/** T5: λ = E_π[r] + α + β H(π) - β. */
export const entropyMultiplierIdentity =
  (tolerance: number) =>
  (problem: Problem, alpha: number, beta: number, { policy, multiplier }: Optimum): boolean => {
    const expected =
      expectedReward(policy, problem.rewards) + alpha + beta * Categorical.entropy(policy) - beta
    return Math.abs(multiplier - expected) <= tolerance * scaleOf(problem, alpha + beta)
  }

/** Two optima are one: their policies agree outcome by outcome. */
export const samePolicy =
  (tolerance: number) =>
  (a: Categorical.Categorical, b: Categorical.Categorical): boolean =>
    Categorical.getEq(tolerance).equals(a, b)

/** T9: KL(π_N ‖ p) <= ln N - (N-1)/N. */
export const bestOfNBound =
  (tolerance: number) =>
  (problem: Problem, draws: number, best: Categorical.Categorical): boolean =>
    klOf(best, problem.reference) <= BestOfNFunctions.klBound(draws) + tolerance

/** T14: E_π[r] - β KL(π ‖ p) = β ln Z - β KL(π ‖ p*). */
export const gdcIdentity =
  (tolerance: number) =>
  (problem: Problem, beta: number, target: ReverseOptimum, policy: Categorical.Categorical): boolean => {
    const [objective, matching] = Gdc.identity(problem, beta, target, policy)
    // r/β and ln p are summed: what rounding takes is of the size of β KL(π ‖ p)
    const size = scaleOf(problem, beta) + beta * klOf(policy, problem.reference)
    return Math.abs(objective - matching) <= tolerance * size
  }

/** Wright's ω solves ω + ln ω = x to a few units in the last place of the largest term. */
export const omegaSolves =
  (ulps: number) =>
  (x: number): boolean => {
    const w = omega(x)
    const error = Math.abs(w + logOmega(x) - x)
    return error <= ulps * Number.EPSILON * Math.max(w, Math.abs(logOmega(x)), Math.abs(x))
  }
