/**
 * The loss of a shard as a function of the policy's hidden states: by whole logits where they are few, else in chunks.
 */
import { Objective } from "@rapo/rapo"
import { Loss, type Projection } from "@rapo/rapo/tensor"
import * as tf from "@tensorflow/tfjs-core"
import type { Parameters } from "../model/Parameters.ts"
import { type PlacedAnswers, hiddenOfAnswers, placeAnswers } from "../model/promptBatch.ts"
import { headName, headOf, logits } from "../model/Qwen2.ts"
import type { Learner } from "./Learner.ts"
import { chunkOf } from "./Memory.ts"
import type { Policy } from "./Optimise.ts"
import type { Shard, Totals } from "./Shard.ts"
import { type Given, answeredBy, arraysOf, shardTensors } from "./shardTensors.ts"

// model

/** All that a shard's loss is a function of; nothing in it is read from the host but sizes. */
export interface LossInputs {
  readonly learner: Learner
  readonly policy: Policy
  /** π_ref, a whole model; undefined where the objective has none. */
  readonly reference: Parameters | undefined
  readonly given: Given
  readonly answers: PlacedAnswers
}

/** A shard's loss, ready to be differentiated once, and what was observed on the way. */
export interface ShardLoss {
  /** Of the hidden states [B·T, C] of the responses, and of the policy's parameters, from which the head is taken. */
  readonly lossOf: (hidden: tf.Tensor2D, parameters: Parameters) => tf.Scalar
  /** The loss's metrics; after `lossOf`. They are kept: the caller's to free. */
  readonly metrics: () => Loss.Metrics
}

// constructors

/** The shard on the device. Its tensors belong to the scope around. */
export const lossInputs = (
  learner: Learner,
  policy: Policy,
  reference: Parameters,
  shard: Shard,
  totals: Totals,
): LossInputs => {
  const arrays = arraysOf(shard)
  const { parameters, frozen } = policy
  return {
    learner,
    // Nothing else that a policy may come with, such as its optimiser's counts.
    policy: frozen === undefined ? { parameters } : { parameters, frozen },
    reference: Objective.needsReference(learner.objective) ? reference : undefined,
    given: shardTensors(learner.objective, shard, arrays, totals),
    answers: placeAnswers(learner.config, answeredBy(shard, arrays)),
  }
}

/** See the module header. Its tensors belong to the scope around. */
export const shardLoss = ({ learner, policy, reference, given, answers }: LossInputs): ShardLoss => {
  const { config, objective, memory } = learner
  const [sequences, time] = given.tokens.shape
  const chunk = chunkOf(memory, sequences * time, config.vocab_size)
  const asLogits = (parameters: Parameters, hidden: tf.Tensor2D): tf.Tensor3D =>
    tf.reshape(logits(config, parameters, hidden), [sequences, time, config.vocab_size])
  const referred = reference && {
    parameters: reference,
    hidden: tf.tidy(() => hiddenOfAnswers(config, reference, answers)),
  }

  const evaluated = (): ((hidden: tf.Tensor2D, parameters: Parameters) => Loss.LossAndMetrics) => {
    if (chunk === undefined) {
      const referenceLogits = referred && tf.tidy(() => asLogits(referred.parameters, referred.hidden))
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
        reference: referred && projection(referred.parameters, referred.hidden),
        rows: chunk,
      })
  }

  const evaluate = evaluated()
  let observed: Loss.Metrics | undefined
  return {
    lossOf: (hidden, parameters) => {
      const { loss, metrics } = evaluate(hidden, parameters)
      // What a gradient function does not return is freed at its end.
      for (const tensor of Object.values(metrics)) tf.keep(tensor)
      observed = metrics
      return loss
    },
    metrics: () => {
      if (observed === undefined) throw new Error("bug: the loss was not evaluated")
      return observed
    },
  }
}
