/**
 * The laws of this package as predicates: each takes values and answers whether the law holds for them, up to a
 * rounding tolerance that the caller names. The tests feed them with random values.
 */
import { Categorical } from "@rapo/distributions"
import type { Problem } from "./optimal/Optimal.ts"
import { expectedReward } from "./optimal/Optimal.ts"
import * as Forward from "./optimal/ForwardKL.ts"
import type { Phi } from "./Phi.ts"
import * as PhiFunctions from "./Phi.ts"
import { literal, tokenLevel } from "./ReweightedReference.ts"

export * from "./laws/Advantages.ts"
export * from "./laws/Aggregations.ts"
export * from "./laws/TrustRegions.ts"

type Numbers = ReadonlyArray<number>

const total = (xs: Numbers): number => xs.reduce((a, b) => a + b, 0)

// φ and the reweighted reference

/** φ_min <= φ(r) <= φ(s) <= 1 for r <= s, up to one rounding. */
export const phiIsMonotone =
  (tolerance: number) =>
  (phi: Phi, r: number, s: number): boolean => {
    const low = PhiFunctions.at(phi, Math.min(r, s))
    const high = PhiFunctions.at(phi, Math.max(r, s))
    return low <= high && phi.minimum <= low && high <= 1 + tolerance
  }

/** The entropy of the token-level reference does not increase with the reward, for φ does not decrease. */
export const reweightingFlattensByReward =
  (tolerance: number) =>
  (phi: Phi, logits: Numbers, r: number, s: number): boolean => {
    const entropy = (reward: number): number =>
      -total(tokenLevel(phi, reward, logits).map((l) => Math.exp(l) * l))
    return entropy(Math.min(r, s)) >= entropy(Math.max(r, s)) - tolerance
  }

/** One reward for all outcomes: the literal reference is the escort of that reward's φ. */
export const literalOfOneRewardIsEscort =
  (tolerance: number) =>
  (phi: Phi, reference: Categorical.Categorical, reward: number): boolean =>
    Categorical.getEq(tolerance).equals(
      literal(
        phi,
        reference,
        Categorical.probabilities(reference).map(() => reward),
      ),
      Categorical.escort(reference, PhiFunctions.at(phi, reward)),
    )

// optima

/** No mixture of the forward optimum with another policy earns more. */
export const forwardOptimumUnbeaten =
  (tolerance: number) =>
  (
    problem: Problem,
    alpha: number,
    optimum: Forward.ForwardOptimum,
    other: Categorical.Categorical,
  ): boolean =>
    Forward.objective(problem, alpha, other) <= optimum.value + tolerance * scaleOf(problem, alpha)

/** T3: λ = E_π*[r] + α. */
export const multiplierIdentity =
  (tolerance: number) =>
  (problem: Problem, alpha: number, optimum: Forward.ForwardOptimum): boolean =>
    Math.abs(optimum.multiplier - expectedReward(optimum.policy, problem.rewards) - alpha) <=
    tolerance * scaleOf(problem, alpha)

const scaleOf = ({ rewards }: Problem, alpha: number): number =>
  1 + alpha + rewards.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
