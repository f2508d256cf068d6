/**
 * The laws of this package as predicates: each takes values and answers whether the law holds for them, up to a
 * rounding tolerance that the caller names. The tests feed them with random values.
 */
import { Categorical, Float64, Laws } from "@rapo/distributions"
import type { Advantage } from "./Advantage.ts"
import { ofGroup } from "./Advantage.ts"
import type { Aggregation, Counts } from "./Aggregation.ts"
import { countsOf, weights } from "./Aggregation.ts"
import type { Problem } from "./optimal/Optimal.ts"
import { expectedReward } from "./optimal/Optimal.ts"
import * as Forward from "./optimal/ForwardKL.ts"
import type { Phi } from "./Phi.ts"
import * as PhiFunctions from "./Phi.ts"
import { literal, tokenLevel } from "./ReweightedReference.ts"
import type { TrustRegion } from "./TrustRegion.ts"
import { clipRatio, surrogate } from "./TrustRegion.ts"

type Numbers = ReadonlyArray<number>

/** Equality of lists of numbers, relative for large numbers, absolute for small ones. */
const same =
  (tolerance: number) =>
  (a: Numbers, b: Numbers): boolean =>
    a.length === b.length && a.every((x, i) => Laws.closeTo(tolerance).equals(x, b[i] ?? NaN))

const total = (xs: Numbers): number => xs.reduce((a, b) => a + b, 0)

// advantages

/** Σ_g A_g = 0, relative to Σ_g |A_g|. */
export const advantagesSumToZero =
  (tolerance: number) =>
  (advantage: Advantage, rewards: Numbers): boolean => {
    const { advantages } = ofGroup(advantage)(rewards)
    return Math.abs(total(advantages)) <= tolerance * (1 + total(advantages.map(Math.abs)))
  }

/** A(r + c) = A(r). */
export const advantagesShiftInvariant =
  (tolerance: number) =>
  (advantage: Advantage, rewards: Numbers, shift: number): boolean =>
    same(tolerance)(
      ofGroup(advantage)(rewards.map((reward) => reward + shift)).advantages,
      ofGroup(advantage)(rewards).advantages,
    )

/** A(r ∘ σ) = A(r) ∘ σ. */
export const advantagesPermutationEquivariant =
  (tolerance: number) =>
  (advantage: Advantage, rewards: Numbers, permutation: ReadonlyArray<number>): boolean => {
    const permuted = (xs: Numbers): Numbers => permutation.map((i) => xs[i] ?? NaN)
    return same(tolerance)(
      ofGroup(advantage)(permuted(rewards)).advantages,
      permuted(ofGroup(advantage)(rewards).advantages),
    )
  }

/** Centred A(c r) = c A(r); standardised A_ε(c r) = A_{ε/c}(r), for c > 0. */
export const advantagesScale =
  (tolerance: number) =>
  (advantage: Advantage, rewards: Numbers, scale: number): boolean => {
    const scaled = ofGroup(advantage)(rewards.map((reward) => scale * reward)).advantages
    return advantage._tag === "Centred"
      ? same(tolerance)(
          scaled,
          ofGroup(advantage)(rewards).advantages.map((a) => scale * a),
        )
      : same(tolerance)(
          scaled,
          ofGroup({ _tag: "Standardised", epsilon: advantage.epsilon / scale })(rewards).advantages,
        )
  }

/** A group is degenerate exactly when its advantages are all 0; then it is named. */
export const degenerateGroupsAreNamed = (advantage: Advantage, rewards: Numbers): boolean => {
  const group = ofGroup(advantage)(rewards)
  return (group._tag === "Informative") === group.advantages.some((a) => a !== 0)
}

// trust regions

/** clip(clip(r)) = clip(r), and r <= s implies clip(r) <= clip(s). */
export const clipIsIdempotentAndMonotone = (region: TrustRegion, r: number, s: number): boolean => {
  const clip = (x: number): number => clipRatio(Float64.Real)(region, x)
  return clip(clip(r)) === clip(r) && clip(Math.min(r, s)) <= clip(Math.max(r, s))
}

/** The surrogate is at most r A, where no dual clip raises it; a dual clip c holds it above c A where A < 0. */
export const surrogateIsPessimistic = (region: TrustRegion, ratio: number, advantage: number): boolean => {
  const value = surrogate(Float64.Real)(region, ratio, advantage)
  const free = ratio * advantage
  if (region._tag === "None") return value === free
  if (region.dual === undefined || advantage >= 0) return value <= free
  return value >= region.dual * advantage && value <= Math.max(free, region.dual * advantage)
}

/** At r = 1 the surrogate is A. */
export const surrogateOnPolicy = (region: TrustRegion, advantage: number): boolean =>
  surrogate(Float64.Real)(region, 1, advantage) === advantage

// aggregation

/** The weights of a batch are those of its two parts, when all are told the counts of the whole. */
export const aggregationAdditive = (
  aggregation: Aggregation,
  mask: ReadonlyArray<Numbers>,
  cut: number,
): boolean => {
  const counts = countsOf(mask)
  const parts = [mask.slice(0, cut), mask.slice(cut)].flatMap((part) => weights(aggregation, part, counts))
  return parts.every((row, b) => row.every((w, t) => w === weights(aggregation, mask, counts)[b]?.[t]))
}

/** A mean's weights sum to 1 when no response is empty. */
export const meansAreNormalised =
  (tolerance: number) =>
  (aggregation: Aggregation, mask: ReadonlyArray<Numbers>, counts: Counts): boolean =>
    aggregation._tag === "Constant" ||
    Math.abs(total(weights(aggregation, mask, counts).flat()) - 1) <= tolerance

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
