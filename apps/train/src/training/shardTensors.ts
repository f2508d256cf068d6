/**
 * A shard on the device: what the loss is told besides the policy's logits.
 */
import { Objective } from "@rapo/rapo"
import type { Loss } from "@rapo/rapo/tensor"
import * as tf from "@tensorflow/tfjs-core"
import type { Answered } from "../model/promptBatch.ts"
import { type ResponseArrays, responseArrays } from "../rollout/responseArrays.ts"
import type { Shard, Totals } from "./Shard.ts"

/** All of a loss's batch but what models say of it. */
export type Given = Omit<Loss.Batch, "logits" | "referenceLogits">

/** The responses as a rectangle over the longest of the shard. */
export const arraysOf = ({ responses, batch }: Shard): ResponseArrays =>
  responseArrays(responses, batch.padId)

/** What the model is shown of a shard. */
export const answeredBy = ({ batch }: Shard, { tokens, time }: ResponseArrays): Answered => ({
  batch,
  tokens,
  time,
})

/** The tensors, with what the objective needs and no more. They belong to the scope around. */
export const shardTensors = (
  objective: Objective.Objective,
  shard: Shard,
  { tokens, mask, time }: ResponseArrays,
  { tokenCount, sequenceCount }: Totals,
): Given => {
  const { rewards, advantages, klWeights, old, batch } = shard
  const needs = Objective.needs(objective)
  const shape: [number, number] = [rewards.length, time]
  return {
    tokens: tf.tensor2d(tokens, shape, "int32"),
    mask: tf.tensor2d(mask, shape),
    advantages: tf.tensor1d([...advantages]),
    rewards: tf.tensor1d([...rewards]),
    klWeights: needs.includes("kl-weights") ? tf.tensor1d([...klWeights]) : undefined,
    oldLogProbs: old && tf.tensor2d(rectangle(old.logProbs, time), shape),
    oldMeanLogProbs: old?.meanLogProbs && tf.tensor2d(rectangle(old.meanLogProbs, time), shape),
    groupSize: batch.groupSize,
    // A tensor, because it differs from step to step.
    tokenCount: tf.scalar(tokenCount),
    sequenceCount,
  }
}

/** Rows of unequal length as [B, T], 0 after their end. */
const rectangle = (rows: ReadonlyArray<Float32Array>, time: number): Float32Array => {
  const all = new Float32Array(rows.length * time)
  rows.forEach((row, b) => all.set(row, b * time))
  return all
}
