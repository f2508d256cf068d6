/**
 * The gradient of an objective on a shard: what a step sums over its micro-batches, and what worker threads compute.
 *
 *     (∇L, L, metrics)(shard),   each normalised by the whole batch's counts, so that they add up
 *
 * It depends on nothing but its arguments, which but for the parameters are plain data.
 */
import type { Loss } from "@rapo/rapo/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { scoped } from "../engine/scoped.ts"
import type { Parameters } from "../model/Parameters.ts"
import { responseHidden } from "../model/promptBatch.ts"
import { finalNorm } from "../model/Qwen2.ts"
import type { Learner } from "./Learner.ts"
import { layerwiseGradient } from "./layerwise.ts"
import { type Policy, policyOf } from "./Optimise.ts"
import type { Shard, Totals } from "./Shard.ts"
import { shardLoss } from "./shardLoss.ts"
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
    () => {
      const { config, memory } = learner
      const { lossOf, metrics, answered } = shardLoss(learner, policy, reference, shard, totals)
      const { value, gradients } =
        memory?.checkpointsLayers === true
          ? layerwiseGradient(
              config,
              policy,
              answered,
              (last, parameters) => lossOf(finalNorm(config, parameters, last), parameters),
              sum?.gradients,
            )
          : tapedGradient(policy, sum?.gradients, (parameters) =>
              lossOf(responseHidden(config, parameters, answered), parameters),
            )
      const own = { loss: value, metrics: metrics(), gradients }
      return sum === undefined
        ? own
        : {
            loss: sum.loss + own.loss,
            metrics: mapValues(sum.metrics, (x, name) => x + own.metrics[name]),
            gradients,
          }
    },
    ({ gradients }) => Object.values(gradients),
  )

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

/** The loss and its gradient by the engine's tape over the whole model, added to `sum`. */
const tapedGradient = (
  policy: Policy,
  sum: Parameters | undefined,
  loss: (parameters: Parameters) => tf.Scalar,
): { readonly value: number; readonly gradients: Parameters } => {
  const { value, gradients } = valueAndGradient(policy.parameters, (parameters) =>
    loss(policyOf({ ...policy, parameters })),
  )
  return { value: value.dataSync()[0] ?? NaN, gradients: addTo(sum, gradients) }
}

const mapValues = <K extends string, A, B>(
  record: { readonly [key in K]: A },
  f: (a: A, key: K) => B,
): Record<K, B> =>
  Object.fromEntries(Object.entries<A>(record).map(([key, value]) => [key, f(value, key as K)])) as Record<
    K,
    B
  >
