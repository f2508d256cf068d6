/** Laws of advantages and credits: predicates, up to a tolerance that the caller names. */
import { Laws } from "@rapo/distributions"
import type { Advantage, Group, GroupAdvantages } from "../Advantage.ts"
import { isGroupRelative, leaveOneOut, groupCentred, ofBatch } from "../Advantage.ts"
import * as Credit from "../Credit.ts"
import type { Objective } from "../Objective.ts"

type Numbers = ReadonlyArray<number>
type Groups = ReadonlyArray<Group>

const total = (xs: Numbers): number => xs.reduce((a, b) => a + b, 0)

const valuesOf = (advantage: Advantage, groups: Groups): Numbers =>
  ofBatch(advantage)(groups).flatMap(({ advantages }) => advantages)

const same =
  (tolerance: number) =>
  (a: Numbers, b: Numbers): boolean =>
    a.length === b.length && a.every((x, i) => Laws.closeTo(tolerance).equals(x, b[i] ?? NaN))

const withRewards = (groups: Groups, f: (reward: number) => number): Groups =>
  groups.map((group) => ({ ...group, rewards: group.rewards.map(f) }))

/** Σ_g A_g = 0 in every group, relative to Σ_g |A_g|, for a group's centre that is not whitened; whitened, over all tokens. */
export const advantagesSumToZero =
  (tolerance: number) =>
  (advantage: Advantage, groups: Groups): boolean => {
    const isZero = (xs: Numbers): boolean =>
      Math.abs(total(xs)) <= tolerance * (1 + total(xs.map((x) => Math.abs(x))))
    const results = ofBatch(advantage)(groups)
    if (advantage.scale._tag !== "TokenWhitened") {
      return !isGroupRelative(advantage) || results.every(({ advantages }) => isZero(advantages))
    }
    // degenerate groups are left out of what whitening centres
    const hasDegenerate = isGroupRelative(advantage) && results.some(({ _tag }) => _tag !== "Informative")
    return (
      hasDegenerate ||
      isZero(
        results.flatMap(({ advantages }, p) => advantages.map((a, g) => a * (groups[p]?.lengths[g] ?? NaN))),
      )
    )
  }

/** A(r + c) = A(r), for every centre but None without whitening. */
export const advantagesShiftInvariant =
  (tolerance: number) =>
  (advantage: Advantage, groups: Groups, shift: number): boolean =>
    (advantage.centre === "None" && advantage.scale._tag !== "TokenWhitened") ||
    same(tolerance)(
      valuesOf(
        advantage,
        withRewards(groups, (reward) => reward + shift),
      ),
      valuesOf(advantage, groups),
    )

/** A(r ∘ σ) = A(r) ∘ σ, for a permutation of one group's responses and for one of the groups. */
export const advantagesPermutationEquivariant =
  (tolerance: number) =>
  (advantage: Advantage, group: Group, others: Groups, permutation: ReadonlyArray<number>): boolean => {
    const permuted = (xs: Numbers): Numbers => permutation.map((i) => xs[i] ?? NaN)
    const moved = { rewards: permuted(group.rewards), lengths: permuted(group.lengths) }
    const [plain = [], ...rest] = ofBatch(advantage)([group, ...others]).map(({ advantages }) => advantages)
    const turned = ofBatch(advantage)([...others, moved]).map(({ advantages }) => advantages)
    return same(tolerance)(turned.flat(), [...rest.flat(), ...permuted(plain)])
  }

/** Unscaled A(c r) = c A(r); by a deviation A_ε(c r) = A_{ε/c}(r); whitened A_ε(c r) = A_{ε/c²}(r); for c > 0. */
export const advantagesScale =
  (tolerance: number) =>
  (advantage: Advantage, groups: Groups, factor: number): boolean => {
    const scaled = valuesOf(
      advantage,
      withRewards(groups, (reward) => factor * reward),
    )
    const { scale } = advantage
    if (scale._tag === "None") {
      return same(tolerance)(
        scaled,
        valuesOf(advantage, groups).map((a) => factor * a),
      )
    }
    const epsilon = scale.epsilon / (scale._tag === "TokenWhitened" ? factor * factor : factor)
    const rescaled = { ...advantage, scale: { ...scale, epsilon } } as Advantage
    return same(tolerance)(scaled, valuesOf(rescaled, groups))
  }

/** RLOO = G/(G-1) · centred. */
export const leaveOneOutIsScaledCentred =
  (tolerance: number) =>
  (groups: Groups): boolean =>
    same(tolerance)(
      valuesOf(leaveOneOut, groups),
      ofBatch(groupCentred)(groups).flatMap(({ advantages: xs }) =>
        xs.map((a) => (a * xs.length) / Math.max(xs.length - 1, 1)),
      ),
    )

const isNamed = (group: Group, { _tag, advantages }: GroupAdvantages): boolean => {
  const [first] = group.rewards
  if (group.rewards.length !== advantages.length) return false
  if (first === undefined) return _tag === "Empty"
  if (group.rewards.length === 1) return _tag === "Singleton"
  return (_tag === "AllEqual") === group.rewards.every((reward) => reward === first)
}

/** Every group has the case of its rewards; one relative to itself that is degenerate has zeros and nothing else. */
export const degenerateGroupsAreNamed = (advantage: Advantage, groups: Groups): boolean =>
  ofBatch(advantage)(groups).every((result, p) => {
    const group = groups[p] ?? { rewards: [], lengths: [] }
    const isDegenerate = result._tag !== "Informative"
    return (
      isNamed(group, result) &&
      (!isGroupRelative(advantage) || !isDegenerate || result.advantages.every((a) => a === 0)) &&
      (result._tag !== "AllEqual" || group.rewards.every((reward) => reward === result.reward))
    )
  })

/** KL weights are in (0, 1], and 1 for what is not better than its group or in a degenerate one. */
export const klWeightsAreInRange = (objective: Objective, groups: Groups): boolean =>
  Credit.ofBatch(objective)(groups).every(({ _tag, klWeights, advantages }) =>
    klWeights.every(
      (weight, g) =>
        weight > 0 && weight <= 1 && (weight === 1 || (_tag === "Informative" && (advantages[g] ?? NaN) > 0)),
    ),
  )
