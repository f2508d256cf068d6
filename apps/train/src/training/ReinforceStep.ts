/**
 * One iteration of RLVR, for any objective: roll out, judge, compare within groups, descend on the objective's loss.
 *
 *     rollouts → rewards → credit → loss(objective) → gradient → new policy
 *
 * The step does not know which objective it runs: that is a value (`@rapo/rapo`), read by `tensor/Loss`.
 */
import { Seed } from "@rapo/distributions"
import { Categorical } from "@rapo/distributions/tensor"
import { type Advantage, Credit, Objective } from "@rapo/rapo"
import { Loss } from "@rapo/rapo/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { scoped } from "../engine/scoped.ts"
import type { Parameters } from "../model/Parameters.ts"
import { responseLogits } from "../model/promptBatch.ts"
import { type Rollouts, type Setting, collectRollouts } from "../rollout/collect.ts"
import { type ResponseArrays, responseArrays } from "../rollout/responseArrays.ts"
import type { Problem } from "../tasks/Task.ts"
import { type OptimiserOptions, type Trained, descend, policyOf } from "./Optimise.ts"
import { type Schedule, rateAt } from "./Schedule.ts"

// model

/** The constants of RLVR. */
export interface ReinforceOptions {
  readonly optimiser: OptimiserOptions
  readonly schedule: Schedule
  readonly groupSize: number
  readonly temperature: number
  /** K: descents on the same rollouts. From the second on the policy differs from the one that sampled. */
  readonly updatesPerBatch: number
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
  const { groupSize, temperature, updatesPerBatch } = options
  const policy = policyOf(trained)
  const rollouts = collectRollouts(setting, policy, problems, groupSize, temperature, seed)
  const arrays = responseArrays(rollouts.responses, setting.codec.padId)
  const credits = Credit.ofBatch(objective)(judgedGroups(rollouts, groupSize))
  const needs = Objective.needs(objective)
  const learningRate = rateAt(options.schedule, step)

  const held = scoped(
    () => ({
      ...batchTensors(arrays, rollouts, credits),
      klWeights: needs.includes("kl-weights")
        ? tf.tensor1d(credits.flatMap(({ klWeights }) => klWeights))
        : undefined,
      referenceLogits: needs.includes("reference")
        ? responseLogits(setting.config, reference, rollouts.batch, arrays.tokens, arrays.time)
        : undefined,
      ...(updatesPerBatch > 1
        ? oldPolicy(setting, policy, rollouts, arrays, needs.includes("mean-log-probs"))
        : { oldLogProbs: undefined, oldMeanLogProbs: undefined }),
    }),
    (made) => Object.values(made).filter((tensor) => tensor !== undefined),
  )
  try {
    let current = trained
    let first: StepMetrics | undefined
    for (let update = 0; update < updatesPerBatch; update++) {
      let observed: Loss.Metrics | undefined
      const descent = descend(options.optimiser, learningRate, current, (parameters) => {
        const logits = responseLogits(setting.config, parameters, rollouts.batch, arrays.tokens, arrays.time)
        const { loss, metrics } = Loss.loss(objective)({
          ...held,
          logits,
          groupSize,
          tokenCount: arrays.tokenCount,
          sequenceCount: rollouts.responses.length,
        })
        observed = mapValues(metrics, (tensor) => tf.keep(tensor))
        return loss
      })
      const measured = readAndDispose(observed)
      if (descent._tag === "NotFinite") {
        const { loss, gradientNorm } = descent
        return { _tag: "Diverged", trained: current, step, loss, gradientNorm }
      }
      current = descent.trained
      first ??= {
        step,
        loss: descent.loss,
        reward: mean(rollouts.rewards),
        legalRate: mean(rollouts.isLegal.map(Number)),
        entropy: measured.entropy,
        kl: measured.regulariser,
        clipFraction: measured.clipFraction,
        clampRate: measured.clampRate,
        gradientNorm: descent.gradientNorm,
        informativeGroups: mean(credits.map(({ _tag }) => Number(_tag === "Informative"))),
        meanLength: arrays.tokenCount / rollouts.responses.length,
        learningRate,
      }
    }
    if (first === undefined) throw new Error("bug: updatesPerBatch is at least 1")
    return { _tag: "Stepped", trained: current, metrics: first }
  } finally {
    tf.dispose(Object.values(held).filter((tensor) => tensor !== undefined))
  }
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

const batchTensors = (
  { tokens, mask, time }: ResponseArrays,
  { rewards }: Rollouts,
  credits: ReadonlyArray<Credit.GroupCredit>,
): { tokens: tf.Tensor2D; mask: tf.Tensor2D; advantages: tf.Tensor1D; rewards: tf.Tensor1D } => ({
  tokens: tf.tensor2d(tokens, [rewards.length, time], "int32"),
  mask: tf.tensor2d(mask, [rewards.length, time]),
  advantages: tf.tensor1d(credits.flatMap(({ advantages }) => advantages)),
  rewards: tf.tensor1d([...rewards]),
})

/** What the policy that sampled said of its tokens, and of the mean token where that is asked for. */
const oldPolicy = (
  { config }: Setting,
  parameters: Parameters,
  { batch, rewards }: Rollouts,
  { tokens, time }: ResponseArrays,
  withMeans: boolean,
): { oldLogProbs: tf.Tensor2D; oldMeanLogProbs: tf.Tensor2D | undefined } => {
  const logProbs = Categorical.logSoftmax(responseLogits(config, parameters, batch, tokens, time))
  const sampled = tf.tensor2d(tokens, [rewards.length, time], "int32")
  return {
    oldLogProbs: Categorical.gatherLogProbs(logProbs, sampled) as tf.Tensor2D,
    oldMeanLogProbs: withMeans ? tf.mean(logProbs, -1) : undefined,
  }
}

const readAndDispose = (metrics: Loss.Metrics | undefined): Record<keyof Loss.Metrics, number> => {
  if (metrics === undefined) throw new Error("bug: the loss was not evaluated")
  const values = mapValues(metrics, (tensor) => tensor.dataSync()[0] ?? NaN)
  tf.dispose(Object.values(metrics))
  return values
}

const mapValues = <K extends string, A, B>(
  record: { readonly [key in K]: A },
  f: (a: A) => B,
): Record<K, B> =>
  Object.fromEntries(Object.entries<A>(record).map(([key, value]) => [key, f(value)])) as Record<K, B>

const chunk = <A>(values: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size))

const mean = (values: ReadonlyArray<number>): number => values.reduce((a, b) => a + b, 0) / values.length
