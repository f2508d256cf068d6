/**
 * The gradient of an objective on a shard: what a step sums over its micro-batches, and what worker threads compute.
 *
 *     (∇L, L, metrics)(shard),   each normalised by the whole batch's counts, so that they add up
 *
 * It depends on nothing but its arguments, which but for the parameters are plain data.
 */
import type { Loss } from "@rapo/rapo/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { asGraph } from "../engine/native/graph/asGraph.ts"
import { scoped } from "../engine/scoped.ts"
import type { Parameters } from "../model/Parameters.ts"
import { hiddenOfAnswers } from "../model/promptBatch.ts"
import { finalNorm } from "../model/Qwen2.ts"
import type { Learner } from "./Learner.ts"
import { layerwiseGradient } from "./layerwise.ts"
import { type Policy, policyOf } from "./Optimise.ts"
import type { Shard, Totals } from "./Shard.ts"
import { type LossInputs, lossInputs, shardLoss } from "./shardLoss.ts"
import { addTo, valueAndGradient } from "./valueAndGradient.ts"

// model

/** What adds up over shards. */
export interface ShardGradient {
  readonly loss: number
  readonly metrics: Record<keyof Loss.Metrics, number>
  /** Of every trained parameter; the caller's to free. */
  readonly gradients: Parameters
}

// combinators

/**
 * See the module header. `reference` is π_ref, a whole model. What it gives is added to `sum`, the shards' before, whose
 * tensors are used up.
 */
export const gradientOf = (
  learner: Learner,
  policy: Policy,
  reference: Parameters,
  shard: Shard,
  totals: Totals,
  sum?: ShardGradient,
): ShardGradient =>
  scoped(
    () => gradientFrom(lossInputs(learner, policy, reference, shard, totals), sum),
    ({ gradients }) => Object.values(gradients),
  )

/** `gradientOf` a shard that is on the device. */
export const gradientFrom = (inputs: LossInputs, sum?: ShardGradient): ShardGradient => {
  const own =
    inputs.learner.memory?.checkpointsLayers === true
      ? byLayers(inputs, sum?.gradients)
      : byTape(inputs, sum?.gradients)
  return sum === undefined
    ? own
    : {
        loss: sum.loss + own.loss,
        metrics: mapValues(sum.metrics, (x, name) => x + own.metrics[name]),
        gradients: own.gradients,
      }
}

/** The gradient of a batch from its shards, one after the other. */
export const sumOfGradients = (
  learner: Learner,
  policy: Policy,
  reference: Parameters,
  shards: ReadonlyArray<Shard>,
  totals: Totals,
): ShardGradient => {
  const [first, ...rest] = shards
  if (first === undefined) throw new Error("bug: a batch has a response")
  return rest.reduce(
    (sum, shard) => gradientOf(learner, policy, reference, shard, totals, sum),
    gradientOf(learner, policy, reference, first, totals),
  )
}

// numerics

/** The engine's tape over the whole model, as one graph where the engine has graphs; the gradient is added to `sum`. */
const byTape = (inputs: LossInputs, sum: Parameters | undefined): ShardGradient => {
  const { value, metrics, gradients } = asGraph("gradient", inputs, (inputs) => {
    const { lossOf, metrics } = shardLoss(inputs)
    const { learner, policy, answers } = inputs
    const { value, gradients } = valueAndGradient(policy.parameters, (own) => {
      const parameters = policyOf({ ...policy, parameters: own })
      return lossOf(hiddenOfAnswers(learner.config, parameters, answers), parameters)
    })
    return { value, metrics: metrics(), gradients }
  })
  return {
    loss: value.dataSync()[0] ?? NaN,
    metrics: readAndFree(metrics),
    gradients: addTo(sum, gradients),
  }
}

/** Layer by layer, for the memory of one. */
const byLayers = (inputs: LossInputs, sum: Parameters | undefined): ShardGradient => {
  const { learner, policy, answers } = inputs
  const { lossOf, metrics } = shardLoss(inputs)
  const { value, gradients } = layerwiseGradient(
    learner.config,
    policy,
    answers,
    (last, parameters) => lossOf(finalNorm(learner.config, parameters, last), parameters),
    sum,
  )
  return { loss: value, metrics: readAndFree(metrics()), gradients }
}

const readAndFree = (metrics: Loss.Metrics): ShardGradient["metrics"] => {
  const values = mapValues(metrics, (tensor) => tensor.dataSync()[0] ?? NaN)
  tf.dispose(Object.values(metrics))
  return values
}

const mapValues = <K extends string, A, B>(
  record: { readonly [key in K]: A },
  f: (a: A, key: K) => B,
): Record<K, B> =>
  Object.fromEntries(Object.entries<A>(record).map(([key, value]) => [key, f(value, key as K)])) as Record<
    K,
    B
  >
