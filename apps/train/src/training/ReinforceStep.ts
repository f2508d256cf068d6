/**
 * One iteration of RLVR, for any objective: roll out, judge, compare within groups, descend on the objective's loss.
 *
 *     rollouts → rewards → credit → micro-batches → Σ gradients → new policy
 *
 * The step does not know which objective it runs: that is a value (`@rapo/rapo`), read by `tensor/Loss`. Its phases are
 * functions of plain data but for the parameters: `collectRollouts`, `Shard.split`, `oldPolicyOf`, `gradientOf`,
 * `descendAlong`; so the gradients of shards may come from anywhere.
 */
import type { Seed } from "@rapo/distributions"
import { type Advantage, Credit, Objective } from "@rapo/rapo"
import type { Parameters } from "../model/Parameters.ts"
import { type Rollouts, type Setting, collectRollouts } from "../rollout/collect.ts"
import type { Problem } from "../tasks/Task.ts"
import { sumOfGradients } from "./gradientOf.ts"
import type { Learner } from "./Learner.ts"
import type { Memory } from "./Memory.ts"
import { oldPolicyOf } from "./oldPolicy.ts"
import { type OptimiserOptions, type Trained, descendAlong, policyOf } from "./Optimise.ts"
import { type Schedule, rateAt } from "./Schedule.ts"
import * as Shard from "./Shard.ts"

// model

/** The constants of RLVR. */
export interface ReinforceOptions {
  readonly optimiser: OptimiserOptions
  readonly schedule: Schedule
  readonly groupSize: number
  readonly temperature: number
  /** K: descents on the same rollouts. From the second on the policy differs from the one that sampled. */
  readonly updatesPerBatch: number
  /** How memory is spent. Absent: everything is held at once. */
  readonly memory?: Memory | undefined
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

/** The step's outcome: the new state; or the last finite one, when a loss or gradient was not finite. */
export type ReinforceResult =
  | { readonly _tag: "Stepped"; readonly trained: Trained; readonly metrics: StepMetrics }
  | {
      readonly _tag: "Diverged"
      readonly trained: Trained
      readonly step: number
      readonly loss: number
      readonly gradientNorm: number
    }

// combinators

/** One iteration on `problems`. `reference` is π_ref, frozen here; the objective's anchor is the loop's business. */
export const reinforceStep = (
  setting: Setting,
  objective: Objective.Objective,
  options: ReinforceOptions,
  trained: Trained,
  reference: Parameters,
  problems: ReadonlyArray<Problem>,
  step: number,
  seed: Seed.Seed,
): ReinforceResult => {
  const { groupSize, temperature, updatesPerBatch, memory } = options
  const learner: Learner = { config: setting.config, objective, memory }
  const sampling =
    memory?.samplingPlaces === undefined ? setting : { ...setting, places: memory.samplingPlaces }
  const rollouts = collectRollouts(sampling, policyOf(trained), problems, groupSize, temperature, seed)
  const credits = Credit.ofBatch(objective)(judgedGroups(rollouts, groupSize))
  const whole = Shard.ofRollouts(rollouts, credits)
  const totals = Shard.totalsOf(whole)
  const fresh = Shard.split(
    whole,
    memory?.microBatch ?? Infinity,
    Objective.needs(objective).includes("whole-groups"),
  )
  const shards =
    updatesPerBatch === 1
      ? fresh
      : fresh.map((shard) => ({ ...shard, old: oldPolicyOf(learner, trained, shard) }))
  const learningRate = rateAt(options.schedule, step)

  let current = trained
  let first: StepMetrics | undefined
  for (let update = 0; update < updatesPerBatch; update++) {
    const { loss, gradients, metrics } = sumOfGradients(learner, current, reference, shards, totals)
    const descent = descendAlong(options.optimiser, learningRate, current, { loss, gradients })
    if (descent._tag === "NotFinite")
      return { _tag: "Diverged", trained: current, step, loss, gradientNorm: descent.gradientNorm }
    current = descent.trained
    first ??= {
      step,
      loss,
      reward: mean(rollouts.rewards),
      legalRate: mean(rollouts.isLegal.map(Number)),
      entropy: metrics.entropy,
      kl: metrics.regulariser,
      clipFraction: metrics.clipFraction,
      clampRate: metrics.clampRate,
      gradientNorm: descent.gradientNorm,
      informativeGroups: mean(credits.map(({ _tag }) => Number(_tag === "Informative"))),
      meanLength: totals.tokenCount / totals.sequenceCount,
      learningRate,
    }
  }
  if (first === undefined) throw new Error("bug: updatesPerBatch is at least 1")
  return { _tag: "Stepped", trained: current, metrics: first }
}

// numerics

/** The rollouts' groups as the objective's credit sees them. */
const judgedGroups = (
  { rewards, responses }: Rollouts,
  groupSize: number,
): ReadonlyArray<Advantage.Group> => {
  const lengths = chunk(
    responses.map(({ length }) => length),
    groupSize,
  )
  return chunk(rewards, groupSize).map((group, p) => ({ rewards: group, lengths: lengths[p] ?? [] }))
}

const chunk = <A>(values: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size))

const mean = (values: ReadonlyArray<number>): number => values.reduce((a, b) => a + b, 0) / values.length
