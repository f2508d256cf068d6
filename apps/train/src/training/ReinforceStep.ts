/**
 * One iteration of RLVR, for any objective: roll out, judge, compare within groups, descend on the objective's loss.
 *
 *     rollouts → rewards → credit → micro-batches → Σ gradients → new policy
 *
 * The step does not know which objective it runs: that is a value (`@rapo/rapo`), read by `tensor/Loss`. Its phases are
 * functions of plain data but for the parameters: `collectInPortions`, `judgedBy`, `oldPolicyOf`, `gradientOf`,
 * `descendAlong`; so rollouts and gradients may be computed anywhere. Here one thread computes all of them, as a team of
 * one; `team/stepTogether.ts` is the same step by several.
 */
import type { Seed } from "@rapo/distributions"
import type { Objective } from "@rapo/rapo"
import type { Parameters } from "../model/Parameters.ts"
import type { Setting } from "../rollout/collect.ts"
import { collectInPortions } from "../rollout/portions.ts"
import type { Problem } from "../tasks/Task.ts"
import { sumOfGradients } from "./gradientOf.ts"
import { type StepMetrics, judgedBy, metricsOf } from "./Judged.ts"
import type { Learner } from "./Learner.ts"
import { type Memory, withPlaces } from "./Memory.ts"
import { oldPolicyOf } from "./oldPolicy.ts"
import { type OptimiserOptions, type Trained, descendAlong, policyOf } from "./Optimise.ts"
import { type Schedule, rateAt } from "./Schedule.ts"

export type { StepMetrics } from "./Judged.ts"

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
  const rollouts = collectInPortions(
    withPlaces(setting, memory),
    policyOf(trained),
    problems,
    groupSize,
    temperature,
    seed,
    memory?.samplingBatch,
  )
  const judged = judgedBy(learner, rollouts)
  const shards =
    updatesPerBatch === 1
      ? judged.shards
      : judged.shards.map((shard) => ({ ...shard, old: oldPolicyOf(learner, trained, shard) }))
  const learningRate = rateAt(options.schedule, step)

  let current = trained
  let first: StepMetrics | undefined
  for (let update = 0; update < updatesPerBatch; update++) {
    const sum = sumOfGradients(learner, current, reference, shards, judged.totals)
    const descent = descendAlong(options.optimiser, learningRate, current, sum)
    const { loss, gradientNorm } = descent
    if (descent._tag === "NotFinite") return { _tag: "Diverged", trained: current, step, loss, gradientNorm }
    current = descent.trained
    first ??= metricsOf(judged, sum, { step, learningRate, gradientNorm })
  }
  if (first === undefined) throw new Error("bug: updatesPerBatch is at least 1")
  return { _tag: "Stepped", trained: current, metrics: first }
}
