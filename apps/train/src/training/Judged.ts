/**
 * What a step knows before it descends, as plain data: judged rollouts, their credits, the shards that they are cut into; and
 * what is reported of it afterwards.
 *
 *     rollouts → credits → shards
 *
 * Wherever rollouts and gradients are computed, on one thread or by a team, this lies between them.
 */
import { type Advantage, Credit, Objective } from "@rapo/rapo"
import type { Rollouts } from "../rollout/collect.ts"
import type { ShardGradient } from "./gradientOf.ts"
import type { Learner } from "./Learner.ts"
import * as Shard from "./Shard.ts"

// model

/** See the module header. */
export interface Judged {
  readonly rollouts: Rollouts
  readonly credits: ReadonlyArray<Credit.GroupCredit>
  readonly totals: Shard.Totals
  readonly shards: ReadonlyArray<Shard.Shard>
}

/** What one step showed. Means over the step's responses or response tokens, before its update. */
export interface StepMetrics {
  readonly step: number
  readonly loss: number
  readonly reward: number
  readonly legalRate: number
  /** Mean entropy of the policy's next token, in nats. */
  readonly entropy: number
  /** Mean of the objective's KL regulariser a token, before its coefficient, in nats; 0 without one. */
  readonly kl: number
  readonly clipFraction: number
  /** Share of log-ratios held back by the bound of a sampled KL estimator. */
  readonly clampRate: number
  readonly gradientNorm: number
  /** Share of groups whose rewards differ, and that therefore carry a policy gradient. */
  readonly informativeGroups: number
  readonly meanLength: number
  readonly learningRate: number
}

// constructors

/** Credits and shards of rollouts in groups. */
export const judgedBy = ({ objective, memory }: Learner, rollouts: Rollouts): Judged => {
  const credits = Credit.ofBatch(objective)(judgedGroups(rollouts))
  const whole = Shard.ofRollouts(rollouts, credits)
  return {
    rollouts,
    credits,
    totals: Shard.totalsOf(whole),
    shards: Shard.split(whole, memory?.microBatch ?? Infinity, keepsGroups(objective)),
  }
}

/** Whether shards of an objective are whole groups. */
export const keepsGroups = (objective: Objective.Objective): boolean =>
  Objective.needs(objective).includes("whole-groups")

// destructors

/** The metrics of a step, from its first gradient. */
export const metricsOf = (
  { rollouts, credits, totals }: Judged,
  { loss, metrics }: Pick<ShardGradient, "loss" | "metrics">,
  { step, learningRate, gradientNorm }: Pick<StepMetrics, "step" | "learningRate" | "gradientNorm">,
): StepMetrics => ({
  step,
  loss,
  reward: mean(rollouts.rewards),
  legalRate: mean(rollouts.isLegal.map(Number)),
  entropy: metrics.entropy,
  kl: metrics.regulariser,
  clipFraction: metrics.clipFraction,
  clampRate: metrics.clampRate,
  gradientNorm,
  informativeGroups: mean(credits.map(({ _tag }) => Number(_tag === "Informative"))),
  meanLength: totals.tokenCount / totals.sequenceCount,
  learningRate,
})

// numerics

/** The rollouts' groups as the objective's credit sees them. */
const judgedGroups = ({ rewards, responses, batch }: Rollouts): ReadonlyArray<Advantage.Group> => {
  const lengths = chunk(
    responses.map(({ length }) => length),
    batch.groupSize,
  )
  return chunk(rewards, batch.groupSize).map((group, p) => ({ rewards: group, lengths: lengths[p] ?? [] }))
}

const chunk = <A>(values: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size))

const mean = (values: ReadonlyArray<number>): number => values.reduce((a, b) => a + b, 0) / values.length
