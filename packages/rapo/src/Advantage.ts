/**
 * Advantages: how much better a response did than others, its group's or the batch's, as a product of two choices.
 *
 *     A = centre ∘ scale:      d_i = r_i - centre_i,      A_i = d_i / scale
 *
 * | centre | d_i | scale | A_i |
 * |---|---|---|---|
 * | GroupMean | r_i - mean of the group | None | d_i |
 * | LeaveOneOut | r_i - mean of the group's others | GroupStd ε | d_i / (std of the group + ε) |
 * | BatchMean | r_i - mean of the batch | BatchStd ε | d_i / (std of the batch's rewards + ε) |
 * | None | r_i | TokenWhitened ε | (d_i - m) / √(v + ε), m and v over the batch's tokens |
 *
 * All standard deviations and variances have Bessel's correction. A response's d weighs as often as it has tokens in m, v.
 *
 * **Degenerate groups.** A group whose rewards are all equal (`AllEqual`; its reward says whether all right or all
 * wrong), that has one member (`Singleton`) or none (`Empty`) says nothing about the policy relative to itself. That is
 * a named case. With a centre of the group its advantages are 0, under every scale (verl gives a singleton its raw
 * reward, and whitening would give a degenerate group -m/√v: here both are 0, *ours*). With a centre of the batch, or
 * none, the group has no part in the definition: a degenerate group's responses get what others of their reward get.
 * A group's own deviation is 0 in a degenerate group, so GroupStd goes with the group's centres only, by type.
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. With a group's centre, other than whitened: Σ_g A_g = 0 in every group.
 * 2. Shift: A(r + c) = A(r) for every centre but None.
 * 3. Permutation: A(r ∘ σ) = A(r) ∘ σ.
 * 4. Scale, c > 0: A(c r) = c A(r) unscaled;  A_ε(c r) = A_{ε/c}(r) by a deviation;  A_{ε/c²}(r) whitened.
 * 5. LeaveOneOut = G/(G-1) · GroupMean, unscaled.
 *
 * Source: GroupMean, GroupStd: GRPO, arXiv 2402.03300, section 4.1.2; unscaled: Dr. GRPO, arXiv 2503.20783;
 * LeaveOneOut: RLOO, Ahmadian et al. (2024), arXiv 2402.14740; BatchStd: Lite PPO, arXiv 2508.08221; BatchMean,
 * TokenWhitened: REINFORCE++, Hu (2025), arXiv 2501.03262, and verl's `masked_whiten`.
 */
import { meanOf, momentsOf, standardDeviation } from "./internal/statistics.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export type GroupCentre = "GroupMean" | "LeaveOneOut"

/**
 * What a deviation is divided by, where that is not its own group's.
 *
 * @category models
 * @since 0.1.0
 */
export type BatchScale =
  | { readonly _tag: "None" }
  | { readonly _tag: "BatchStd"; readonly epsilon: number }
  | { readonly _tag: "TokenWhitened"; readonly epsilon: number }

/**
 * Which advantage an objective uses, as data.
 *
 * @category models
 * @since 0.1.0
 */
export type Advantage =
  | {
      readonly centre: GroupCentre
      readonly scale: BatchScale | { readonly _tag: "GroupStd"; readonly epsilon: number }
    }
  | { readonly centre: "BatchMean" | "None"; readonly scale: BatchScale }

/**
 * The responses to one prompt, judged.
 *
 * @category models
 * @since 0.1.0
 */
export interface Group {
  /** [G] */
  readonly rewards: ReadonlyArray<number>
  /** [G], in tokens. */
  readonly lengths: ReadonlyArray<number>
  /** [G]: responses of another's; they are compared with the others' mean, of which they are no part. None if absent. */
  readonly isDemonstration?: ReadonlyArray<boolean>
}

/**
 * The advantages of one group, [G], and whether its own responses differ. `reward` is what all of them got.
 *
 * @category models
 * @since 0.1.0
 */
export type GroupAdvantages =
  | { readonly _tag: "Informative" | "Singleton" | "Empty"; readonly advantages: ReadonlyArray<number> }
  | { readonly _tag: "AllEqual"; readonly reward: number; readonly advantages: ReadonlyArray<number> }

/**
 * What is added to a standard deviation so that nearly equal rewards are not blown up; 1e-6 as in verl and SimpleRL-Zoo.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaultEpsilon = 1e-6

/**
 * What is added to the variance in whitening: 1e-8 as in verl's `masked_whiten`.
 *
 * @category constants
 * @since 0.1.0
 */
export const whiteningEpsilon = 1e-8

// constructors

/**
 * GRPO's: relative to the group's mean, in units of its standard deviation.
 *
 * @category constructors
 * @since 0.1.0
 */
export const groupStandardised: Advantage = {
  centre: "GroupMean",
  scale: { _tag: "GroupStd", epsilon: defaultEpsilon },
}

/**
 * Dr. GRPO's: relative to the group's mean, in units of reward.
 *
 * @category constructors
 * @since 0.1.0
 */
export const groupCentred: Advantage = { centre: "GroupMean", scale: { _tag: "None" } }

/**
 * RLOO's: relative to the mean of the others, in units of reward.
 *
 * @category constructors
 * @since 0.1.0
 */
export const leaveOneOut: Advantage = { centre: "LeaveOneOut", scale: { _tag: "None" } }

/**
 * Rewards of one group less their mean, in units of their standard deviation.
 *
 *     A_g = (r_g - mean r) / (std r + ε)
 *
 * **Shapes**  rewards: [G];  result: [G].
 * **Domain**  finite rewards, ε >= 0.
 *
 * ```ts import.meta.vitest
 * import { Advantage } from "@rapo/rapo"
 * Advantage.standardised([1, 0, 0, 1], 0).advantages[0] // ≈ 0.8660254
 * Advantage.standardised([1, 1, 1]) // => { _tag: "AllEqual", reward: 1, advantages: [0, 0, 0] }
 * Advantage.standardised([0.7]) // => { _tag: "Singleton", advantages: [0] }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const standardised = (
  rewards: ReadonlyArray<number>,
  epsilon: number = defaultEpsilon,
): GroupAdvantages => ofGroup({ centre: "GroupMean", scale: { _tag: "GroupStd", epsilon } })(rewards)

/**
 * Rewards of one group less their mean.
 *
 *     A_g = r_g - mean r
 *
 * ```ts import.meta.vitest
 * import { Advantage } from "@rapo/rapo"
 * Advantage.centred([1, 0, 0, 0]) // => { _tag: "Informative", advantages: [0.75, -0.25, -0.25, -0.25] }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const centred = (rewards: ReadonlyArray<number>): GroupAdvantages => ofGroup(groupCentred)(rewards)

// refinements

/**
 * Whether the centre is the group's own, so that degenerate groups get 0.
 *
 * @category refinements
 * @since 0.1.0
 */
export const isGroupRelative = ({ centre }: Advantage): boolean =>
  centre === "GroupMean" || centre === "LeaveOneOut"

// destructors

/**
 * The advantages of all groups of a batch together, since some centres and scales are the batch's.
 *
 * **Shapes**  P groups of any sizes;  result: P groups of the same sizes.
 * **Domain**  finite rewards; lengths of at least 0, as many as rewards.
 *
 * ```ts import.meta.vitest
 * import { Advantage } from "@rapo/rapo"
 * const groups = [{ rewards: [1, 0, 0], lengths: [5, 9, 7] }, { rewards: [0, 0], lengths: [4, 4] }]
 * Advantage.ofBatch(Advantage.leaveOneOut)(groups).map(({ advantages }) => advantages) // => [[1, -0.5, -0.5], [0, 0]]
 * Advantage.ofBatch(Advantage.leaveOneOut)(groups).map(({ _tag }) => _tag) // => ["Informative", "AllEqual"]
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const ofBatch =
  (advantage: Advantage) =>
  (groups: ReadonlyArray<Group>): ReadonlyArray<GroupAdvantages> => {
    const batch = groups.flatMap(({ rewards }) => rewards)
    const deviations = groups.map((group) => deviationsOf(advantage, group, meanOf(batch)))
    const scaled = scalerOf(advantage, groups, batch, deviations)
    return groups.map((group, p) => {
      const named = caseOf(group)
      const values = deviations[p] ?? []
      const isZero = isGroupRelative(advantage) && named._tag !== "Informative"
      return { ...named, advantages: isZero ? values.map(() => 0) : scaled(values, group) }
    })
  }

/**
 * The advantages of a batch of one group of equally long responses.
 *
 * ```ts import.meta.vitest
 * import { Advantage } from "@rapo/rapo"
 * Advantage.ofGroup(Advantage.groupCentred)([2, 0]).advantages // => [1, -1]
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const ofGroup =
  (advantage: Advantage) =>
  (rewards: ReadonlyArray<number>): GroupAdvantages => {
    const [group] = ofBatch(advantage)([{ rewards, lengths: rewards.map(() => 1) }])
    return group ?? { _tag: "Empty", advantages: [] }
  }

// numerics

/** Those of the policy's own responses. */
const ownRewards = ({ rewards, isDemonstration }: Group): ReadonlyArray<number> =>
  isDemonstration === undefined ? rewards : rewards.filter((_, g) => isDemonstration[g] !== true)

/** The group's case. With a demonstration that got another reward, equal rewards of one's own are still informative. */
const caseOf = (
  group: Group,
):
  | { readonly _tag: "Informative" | "Singleton" | "Empty" }
  | { readonly _tag: "AllEqual"; reward: number } => {
  const [first, ...others] = group.rewards
  if (first === undefined) return { _tag: "Empty" }
  if (others.length === 0) return { _tag: "Singleton" }
  const isEqual = others.every((reward) => reward === first)
  return isEqual ? { _tag: "AllEqual", reward: first } : { _tag: "Informative" }
}

const deviationsOf = ({ centre }: Advantage, group: Group, batchMean: number): ReadonlyArray<number> => {
  const own = ownRewards(group)
  const mean = meanOf(own)
  switch (centre) {
    case "None":
      return group.rewards
    case "BatchMean":
      return group.rewards.map((reward) => reward - batchMean)
    case "GroupMean":
      return group.rewards.map((reward) => reward - mean)
    case "LeaveOneOut": {
      // all of the group's own responses are others to a demonstration
      const ownFactor = own.length / Math.max(own.length - 1, 1)
      return group.rewards.map(
        (reward, g) => (group.isDemonstration?.[g] === true ? 1 : ownFactor) * (reward - mean),
      )
    }
  }
}

type Scaler = (deviations: ReadonlyArray<number>, group: Group) => ReadonlyArray<number>

const scalerOf = (
  { scale }: Advantage,
  groups: ReadonlyArray<Group>,
  batch: ReadonlyArray<number>,
  deviations: ReadonlyArray<ReadonlyArray<number>>,
): Scaler => {
  const by =
    (shift: number, unit: number): Scaler =>
    (values) =>
      values.map((d) => (d - shift) / unit)
  switch (scale._tag) {
    case "None":
      return (values) => values
    case "GroupStd":
      return (values, group) => by(0, standardDeviation(group.rewards) + scale.epsilon)(values, group)
    case "BatchStd":
      return by(0, standardDeviation(batch) + scale.epsilon)
    case "TokenWhitened": {
      const lengths = groups.flatMap((group) => group.lengths)
      const { mean, variance } = momentsOf(deviations.flat(), lengths)
      return by(mean, Math.sqrt(variance + scale.epsilon))
    }
  }
}
