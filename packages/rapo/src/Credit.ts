/**
 * Credit: the pure stage between judged groups and the loss. It says what each response's reward is worth to an objective,
 * and how much its KL counts.
 *
 *     groups of (rewards, lengths)  →  per response: credit A_b, KL weight k_b
 *
 * | surrogate | credit |
 * |---|---|
 * | PolicyGradient | the advantage, longer than right ones and wrong counting more where the shaping says so |
 * | BellmanRegression | the advantage |
 * | Classification | +w where right, -w where wrong, both classes of a group weighing the same |
 * | DistributionMatching | e^{r/β}, or r |
 *
 * | weighting | KL weight |
 * |---|---|
 * | uniform | 1 |
 * | by-difficulty (DADS) | 1 - e^{-e (1 - d)} where A > 0 and 0 < d < 1, else 1;  d = 1 - the group's accuracy |
 *
 * A reward above 0 is a right answer. Every group keeps its case (`Advantage`): a degenerate group's advantages are 0
 * with a centre of the group; a classification's credits are then all +1 or all -1 and cancel on-policy; distribution
 * matching has no groups, and every response counts.
 *
 * Source: DADS: APO, arXiv 2506.21655, code Indolent-Kawhi/View-R1 `experience_maker.py` @093f2d8, e read as Euler's
 * number; the rest, see the surrogates and `Shaping`.
 */
import * as Advantage from "./Advantage.ts"
import { meanOf } from "./internal/statistics.ts"
import type { Objective } from "./Objective.ts"
import type { Weighting } from "./Regulariser.ts"
import * as Shaping from "./Shaping.ts"
import type { Surrogate } from "./Surrogate.ts"
import * as Classification from "./surrogates/Classification.ts"
import * as DistributionMatching from "./surrogates/DistributionMatching.ts"

// model

/**
 * A group's case, and for each of its responses the credit and the weight of its KL.
 *
 * @category models
 * @since 0.1.0
 */
export interface GroupCredit {
  readonly _tag: Advantage.GroupAdvantages["_tag"]
  /** [G], what `Batch.advantages` is. */
  readonly advantages: ReadonlyArray<number>
  /** [G], what `Batch.klWeights` is. */
  readonly klWeights: ReadonlyArray<number>
}

// refinements

/**
 * Whether a reward is that of a right answer, for rewards of 0 and 1 and of -1 and 1.
 *
 * @category refinements
 * @since 0.1.0
 */
export const isRight = (reward: number): boolean => reward > 0

// destructors

/**
 * The credits of all groups of a batch.
 *
 * **Domain**  as `Advantage.ofBatch`.
 *
 * ```ts import.meta.vitest
 * import { Credit, Pacs } from "@rapo/rapo"
 * const groups = [{ rewards: [1, 0], lengths: [3, 4] }, { rewards: [0, 0], lengths: [2, 2] }]
 * Credit.ofBatch(Pacs.pacs)(groups).map(({ advantages }) => advantages) // => [[1, -1], [-1, -1]]
 * Credit.ofBatch(Pacs.pacs)(groups).map(({ _tag }) => _tag) // => ["Informative", "AllEqual"]
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const ofBatch =
  ({ surrogate, regulariser }: Objective) =>
  (groups: ReadonlyArray<Advantage.Group>): ReadonlyArray<GroupCredit> => {
    const weighting = regulariser._tag === "None" ? "uniform" : regulariser.weighting
    return creditsOf(surrogate)(groups).map(({ _tag, advantages }, p) => ({
      _tag,
      advantages,
      klWeights: klWeightsOf(weighting, groups[p]?.rewards ?? [], advantages),
    }))
  }

/**
 * DADS: the weight of the KL of a response of positive advantage, in a group of difficulty d = 1 - accuracy.
 *
 *     f(d) = 1 - e^{-e (1 - d)},  and 1 at d = 0 and d = 1
 *
 * It falls in d: what is hard to get right is held to the reference the less.
 *
 * ```ts import.meta.vitest
 * import { Credit } from "@rapo/rapo"
 * Credit.difficultyWeight(0.5) // ≈ 0.743119
 * Credit.difficultyWeight(1) // => 1
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const difficultyWeight = (difficulty: number): number =>
  difficulty <= 0 || difficulty >= 1 ? 1 : 1 - Math.exp(-Math.E * (1 - difficulty))

// numerics

const creditsOf =
  (surrogate: Surrogate) =>
  (groups: ReadonlyArray<Advantage.Group>): ReadonlyArray<Advantage.GroupAdvantages> => {
    switch (surrogate._tag) {
      case "PolicyGradient": {
        const shape = shapeOf(surrogate.shaping)
        return Advantage.ofBatch(surrogate.advantage)(groups).map((group, p) => ({
          ...group,
          advantages: shape(groups[p], group.advantages),
        }))
      }
      case "BellmanRegression":
        return Advantage.ofBatch(surrogate.advantage)(groups)
      case "Classification":
        return relabelled(groups, ({ rewards }) => Classification.signedWeights(rewards.map(isRight)))
      case "DistributionMatching":
        return relabelled(groups, ({ rewards }) =>
          rewards.map((reward) => DistributionMatching.multiplier(surrogate.target, reward)),
        )
    }
  }

/** The groups' cases with other credits. */
const relabelled = (
  groups: ReadonlyArray<Advantage.Group>,
  credits: (group: Advantage.Group) => ReadonlyArray<number>,
): ReadonlyArray<Advantage.GroupAdvantages> =>
  Advantage.ofBatch(Advantage.groupCentred)(groups).map((group, p) => {
    const judged = groups[p]
    return judged === undefined ? group : { ...group, advantages: credits(judged) }
  })

type Shape = (group: Advantage.Group | undefined, advantages: ReadonlyArray<number>) => ReadonlyArray<number>

/** Shaping by the data alone; what needs the policy is done in the loss. */
const shapeOf =
  (shaping: Shaping.Shaping): Shape =>
  (group, advantages) => {
    if (shaping._tag !== "LongWrong" || group === undefined) return advantages
    const { rewards, lengths } = group
    const rightLengths = lengths.filter((_, g) => isRight(rewards[g] ?? NaN))
    if (rightLengths.length === 0) return advantages
    const typical = meanOf(rightLengths)
    return advantages.map((advantage, g) =>
      advantage >= 0 || isRight(rewards[g] ?? NaN)
        ? advantage
        : advantage * Shaping.longWrong(shaping.base, (lengths[g] ?? NaN) - typical),
    )
  }

const klWeightsOf = (
  weighting: Weighting,
  rewards: ReadonlyArray<number>,
  advantages: ReadonlyArray<number>,
): ReadonlyArray<number> => {
  if (weighting === "uniform") return rewards.map(() => 1)
  const weight = difficultyWeight(1 - meanOf(rewards.map((reward) => Number(isRight(reward)))))
  return advantages.map((advantage) => (advantage > 0 ? weight : 1))
}
