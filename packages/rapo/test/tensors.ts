/** Batches of numbers as tensors, and when results of float32 agree. */
import * as tf from "@tensorflow/tfjs-core"
import type { Loss as Reference } from "../src/index.ts"
import type { Loss } from "../src/tensor/index.ts"
import type { Cube } from "./gradients.ts"

/**
 * float32 has 24 bits, 6e-8; log-softmax and the exponentials after it lose about 1e-6 of a ratio, and a sequence's
 * weight or ρ is a product of three of them. Relative to the largest magnitude that enters, not to what is left of it.
 */
const tolerance = 5e-5

const cube = (values: Cube): tf.Tensor3D => tf.tensor3d(values.map((m) => m.map((row) => [...row])))
export const matrix = (values: ReadonlyArray<ReadonlyArray<number>>, dtype?: "int32"): tf.Tensor2D =>
  tf.tensor2d(
    values.map((row) => [...row]),
    undefined,
    dtype,
  )

export const tensorsOf = (batch: Reference.Batch<number>): Loss.Batch => ({
  logits: cube(batch.logits),
  tokens: matrix(batch.tokens, "int32"),
  mask: matrix(batch.mask),
  advantages: tf.tensor1d([...batch.advantages]),
  rewards: tf.tensor1d([...batch.rewards]),
  oldLogProbs: batch.oldLogProbs === undefined ? undefined : matrix(batch.oldLogProbs),
  referenceLogits: batch.referenceLogits === undefined ? undefined : cube(batch.referenceLogits),
  tokenCount: batch.tokenCount,
  sequenceCount: batch.sequenceCount,
  groupSize: batch.groupSize,
  klWeights: batch.klWeights && tf.tensor1d([...batch.klWeights]),
  behaviourLogProbs: batch.behaviourLogProbs && matrix(batch.behaviourLogProbs),
  oldMeanLogProbs: batch.oldMeanLogProbs && matrix(batch.oldMeanLogProbs),
  isDemonstration: batch.isDemonstration && tf.tensor1d([...batch.isDemonstration]),
  partition: batch.partition,
})

/** Whether lists agree, relative to the largest magnitude among them and to 1. */
export const agree = (xs: ReadonlyArray<number>, ys: ReadonlyArray<number>): boolean => {
  const scale = [...xs, ...ys].reduce((a, b) => Math.max(a, Math.abs(b)), 1)
  return xs.length === ys.length && xs.every((x, i) => Math.abs(x - (ys[i] ?? NaN)) <= tolerance * scale)
}

/** `tf.tidy` for results of any type. */
export const scoped = <A>(f: () => A): A => {
  tf.engine().startScope()
  try {
    return f()
  } finally {
    tf.engine().endScope()
  }
}
