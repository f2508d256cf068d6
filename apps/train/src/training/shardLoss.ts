/**
 * The loss of a shard as a function of the policy's hidden states: by whole logits where they are few, else in chunks.
 */
import { Objective } from "@rapo/rapo"
import { Loss, type Projection } from "@rapo/rapo/tensor"
import * as tf from "@tensorflow/tfjs-core"
import type { Parameters } from "../model/Parameters.ts"
import { type Answered, responseHidden } from "../model/promptBatch.ts"
import { headName, headOf, logits } from "../model/Qwen2.ts"
import type { Learner } from "./Learner.ts"
import { chunkOf } from "./Memory.ts"
import type { Policy } from "./Optimise.ts"
import type { Shard, Totals } from "./Shard.ts"
import { answeredBy, arraysOf, shardTensors } from "./shardTensors.ts"

/** A shard's loss, ready to be differentiated once, and what was observed on the way. */
export interface ShardLoss {
  readonly answered: Answered
  /** Of the hidden states [B·T, C] of the responses, and of the policy's parameters, from which the head is taken. */
  readonly lossOf: (hidden: tf.Tensor2D, parameters: Parameters) => tf.Scalar
  /** The loss's metrics; after `lossOf`, once. */
  readonly metrics: () => Record<keyof Loss.Metrics, number>
}

/** See the module header. Its tensors belong to the scope around. */
export const shardLoss = (
  { config, objective, memory }: Learner,
  policy: Policy,
  reference: Parameters,
  shard: Shard,
  totals: Totals,
): ShardLoss => {
  const arrays = arraysOf(shard)
  const answered = answeredBy(shard, arrays)
  const [rows, vocabulary] = [shard.responses.length * arrays.time, config.vocab_size]
  const given = shardTensors(objective, shard, arrays, totals)
  const needsReference = Objective.needsReference(objective)
  const chunk = chunkOf(memory, rows, vocabulary)
  const asLogits = (parameters: Parameters, hidden: tf.Tensor2D): tf.Tensor3D =>
    tf.reshape(logits(config, parameters, hidden), [shard.responses.length, arrays.time, vocabulary])
  const referenceHidden = needsReference
    ? tf.tidy(() => responseHidden(config, reference, answered))
    : undefined

  const evaluated = (): ((hidden: tf.Tensor2D, parameters: Parameters) => Loss.LossAndMetrics) => {
    if (chunk === undefined) {
      const referenceLogits = referenceHidden && tf.tidy(() => asLogits(reference, referenceHidden))
      return (hidden, parameters) =>
        Loss.loss(objective)({ ...given, logits: asLogits(parameters, hidden), referenceLogits })
    }
    const projection = (parameters: Parameters, hidden: tf.Tensor2D): Projection.Projection => ({
      hidden,
      head: headOf(config, parameters),
    })
    return (hidden, parameters) =>
      Loss.ofProjection(objective)({
        ...given,
        policy: projection(parameters, hidden),
        isHeadFrozen: policy.parameters[headName(config)] === undefined,
        reference: referenceHidden && projection(reference, referenceHidden),
        rows: chunk,
      })
  }

  const evaluate = evaluated()
  let observed: Loss.Metrics | undefined
  return {
    answered,
    lossOf: (hidden, parameters) => {
      const { loss, metrics } = evaluate(hidden, parameters)
      // What a gradient function does not return is freed at its end.
      for (const tensor of Object.values(metrics)) tf.keep(tensor)
      observed = metrics
      return loss
    },
    metrics: () => {
      if (observed === undefined) throw new Error("bug: the loss was not evaluated")
      const values = Object.entries(observed).map(([name, tensor]) => [name, tensor.dataSync()[0] ?? NaN])
      tf.dispose(Object.values(observed))
      return Object.fromEntries(values) as Record<keyof Loss.Metrics, number>
    },
  }
}
