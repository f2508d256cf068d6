/**
 * Responses with all that descent needs of them, as plain data: a batch, a micro-batch, or what a worker thread is sent.
 *
 *     batch = shard₁ ∪ … ∪ shard_n        ∇L(batch) = Σᵢ ∇L(shardᵢ), with the whole batch's counts in every L
 *
 * The sum is exact because a loss is a sum over tokens with weights that know only the response and the batch's counts
 * (`Totals`); objectives that compare within groups (`Objective.needs`: whole-groups) get whole groups.
 *
 * Laws (tests): shards of a batch, joined, are the batch; a shard has at most the asked number of responses, or one group;
 * the gradients and metrics of shards add up to the batch's.
 */
import type { Credit } from "@rapo/rapo"
import type { PromptBatch } from "../model/promptBatch.ts"
import type { Rollouts } from "../rollout/collect.ts"
import type { Responses } from "../rollout/sample.ts"

// model

/** See the module header. Lists are one entry a response. */
export interface Shard {
  readonly batch: PromptBatch
  readonly responses: Responses
  readonly rewards: ReadonlyArray<number>
  readonly advantages: ReadonlyArray<number>
  readonly klWeights: ReadonlyArray<number>
  /** What the policy that sampled said; undefined while it is the policy itself. */
  readonly old: OldPolicy | undefined
}

/** ln π_old of each response's tokens, and where it is asked for the mean of ln π_old over the vocabulary there. */
export interface OldPolicy {
  readonly logProbs: ReadonlyArray<Float32Array>
  readonly meanLogProbs: ReadonlyArray<Float32Array> | undefined
}

/** The counts of the whole batch, by which its losses are normalised. */
export interface Totals {
  readonly tokenCount: number
  readonly sequenceCount: number
}

// constructors

/** The whole batch as one shard. */
export const ofRollouts = (rollouts: Rollouts, credits: ReadonlyArray<Credit.GroupCredit>): Shard => ({
  batch: rollouts.batch,
  responses: rollouts.responses,
  rewards: rollouts.rewards,
  advantages: credits.flatMap(({ advantages }) => advantages),
  klWeights: credits.flatMap(({ klWeights }) => klWeights),
  old: undefined,
})

// destructors

/** The counts of a shard that is the whole batch. */
export const totalsOf = ({ responses }: Shard): Totals => ({
  tokenCount: responses.reduce((sum, { length }) => sum + length, 0),
  sequenceCount: responses.length,
})

// combinators

/**
 * Shards of at most `size` responses, in order: as many whole groups as fit, or where not even one does, pieces of one
 * group, unless groups must stay whole.
 *
 * **Domain**  size ≥ 1. `size` ≥ the number of responses gives the shard itself.
 */
export const split = (shard: Shard, size: number, keepsGroups: boolean): ReadonlyArray<Shard> => {
  const { prompts, groupSize } = shard.batch
  if (size >= shard.responses.length) return [shard]
  if (size >= groupSize || keepsGroups) {
    const groups = Math.max(1, Math.floor(size / groupSize))
    return starts(prompts.length, groups).map((p) =>
      part(shard, prompts.slice(p, p + groups), groupSize, p * groupSize),
    )
  }
  return prompts.flatMap((prompt, p) =>
    starts(groupSize, size).map((g) =>
      part(shard, [prompt], Math.min(size, groupSize - g), p * groupSize + g),
    ),
  )
}

/** How many shards `split` makes of so many groups. */
export const shardCount = (groups: number, groupSize: number, size: number, keepsGroups: boolean): number => {
  if (size >= groups * groupSize) return 1
  return size >= groupSize || keepsGroups
    ? Math.ceil(groups / Math.max(1, Math.floor(size / groupSize)))
    : groups * Math.ceil(groupSize / size)
}

// numerics

const starts = (length: number, step: number): ReadonlyArray<number> =>
  Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step)

/** The responses from `from` on that are `groupSize` answers to each of `prompts`. */
const part = (shard: Shard, prompts: PromptBatch["prompts"], groupSize: number, from: number): Shard => {
  const cut = <A>(values: ReadonlyArray<A>): ReadonlyArray<A> =>
    values.slice(from, from + prompts.length * groupSize)
  return {
    batch: { ...shard.batch, prompts, groupSize },
    responses: cut(shard.responses),
    rewards: cut(shard.rewards),
    advantages: cut(shard.advantages),
    klWeights: cut(shard.klWeights),
    old: shard.old && {
      logProbs: cut(shard.old.logProbs),
      meanLogProbs: shard.old.meanLogProbs && cut(shard.old.meanLogProbs),
    },
  }
}
