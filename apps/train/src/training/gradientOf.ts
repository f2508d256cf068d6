/**
 * The gradient of an objective on a shard: what a step sums over its micro-batches, and what worker threads compute.
 *
 *     (∇L, L, metrics)(shard),   each normalised by the whole batch's counts, so that they add up
 *
 * It depends on nothing but its arguments, which but for the parameters are plain data.
 */
import { Categorical } from "@rapo/distributions/tensor"
import { Objective } from "@rapo/rapo"
import { Loss } from "@rapo/rapo/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { none, scoped } from "../engine/scoped.ts"
import type { Parameters } from "../model/Parameters.ts"
import { responseLogits } from "../model/promptBatch.ts"
import type { Qwen2Config } from "../model/Qwen2Config.ts"
import { type Policy, policyOf } from "./Optimise.ts"
import type { OldPolicy, Shard, Totals } from "./Shard.ts"
import { arraysOf, shardTensors } from "./shardTensors.ts"
import { valueAndGradient } from "./valueAndGradient.ts"

// model

/** What is constant over a run. */
export interface Learner {
  readonly config: Qwen2Config
  readonly objective: Objective.Objective
}

/** What adds up over shards. */
export interface ShardGradient {
  readonly loss: number
  readonly metrics: Record<keyof Loss.Metrics, number>
  /** Of every trained parameter; the caller's to free. */
  readonly gradients: Parameters
}

// combinators

/** See the module header. `reference` is π_ref, a whole model. */
export const gradientOf = (
  { config, objective }: Learner,
  policy: Policy,
  reference: Parameters,
  shard: Shard,
  totals: Totals,
): ShardGradient =>
  scoped(
    () => {
      const arrays = arraysOf(shard)
      const logitsOf = (parameters: Parameters): tf.Tensor3D =>
        responseLogits(config, parameters, shard.batch, arrays.tokens, arrays.time)
      const given = shardTensors(objective, shard, arrays, totals)
      const referenceLogits = Objective.needsReference(objective) ? logitsOf(reference) : undefined
      let metrics: Loss.Metrics | undefined
      const { value, gradients } = valueAndGradient(policy.parameters, (parameters) => {
        const logits = logitsOf(policyOf({ ...policy, parameters }))
        const evaluated = Loss.loss(objective)({ ...given, logits, referenceLogits })
        // What the gradient function does not return is freed at its end.
        metrics = mapValues(evaluated.metrics, (tensor) => tf.keep(tensor))
        return evaluated.loss
      })
      return { loss: value.dataSync()[0] ?? NaN, metrics: readAndDispose(metrics), gradients }
    },
    ({ gradients }) => Object.values(gradients),
  )

/** The gradient of a batch from its shards, one after the other: besides the sum, one shard's is held. */
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
    (sum, shard) => add(sum, gradientOf(learner, policy, reference, shard, totals)),
    gradientOf(learner, policy, reference, first, totals),
  )
}

/** What a policy says of a shard's tokens: to be remembered before the policy moves away from the one that sampled. */
export const oldPolicyOf = ({ config, objective }: Learner, policy: Policy, shard: Shard): OldPolicy =>
  scoped(() => {
    const { tokens, time } = arraysOf(shard)
    const logProbs = Categorical.logSoftmax(
      responseLogits(config, policyOf(policy), shard.batch, tokens, time),
    )
    const sampled = tf.tensor2d(tokens, [shard.responses.length, time], "int32")
    const rows = (values: tf.Tensor): ReadonlyArray<Float32Array> => {
      const all = values.dataSync<"float32">()
      return shard.responses.map(({ length }, b) => all.slice(b * time, b * time + length))
    }
    return {
      logProbs: rows(Categorical.gatherLogProbs(logProbs, sampled)),
      meanLogProbs: Objective.needs(objective).includes("mean-log-probs")
        ? rows(tf.mean(logProbs, -1))
        : undefined,
    }
  }, none)

/** The sum of two shards' results; their gradients are used up. */
export const add = (a: ShardGradient, b: ShardGradient): ShardGradient => {
  const gradients = mapValues(a.gradients, (gradient, name) => {
    const other = b.gradients[name]
    if (other === undefined) throw new Error(`bug: no gradient of ${name}`)
    const sum = tf.add(gradient, other)
    tf.dispose([gradient, other])
    return tf.keep(sum)
  })
  return {
    loss: a.loss + b.loss,
    metrics: mapValues(a.metrics, (value, name) => value + b.metrics[name]),
    gradients,
  }
}

// numerics

const readAndDispose = (metrics: Loss.Metrics | undefined): ShardGradient["metrics"] => {
  if (metrics === undefined) throw new Error("bug: the loss was not evaluated")
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
