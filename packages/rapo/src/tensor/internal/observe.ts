/** What the formulas see of a batch of tensors, [B, T] each; log-ratios are 0 at masked positions. */
import * as tf from "@tensorflow/tfjs-core"
import { Real as TensorReal } from "@rapo/distributions/tensor"
import { missing } from "../../internal/missing.ts"
import type { Objective } from "../../Objective.ts"
import type { Observed } from "../../Observed.ts"
import type { Given } from "../Batch.ts"
import type { Source } from "./source.ts"
import { toTokens } from "./tokenwise.ts"

export const observe = (objective: Objective, batch: Given, source: Source): Observed<tf.Tensor> => {
  const { logProb } = source
  const oldLogProb = batch.oldLogProbs ?? TensorReal.stopGradient(logProb)
  const masked = (perToken: tf.Tensor): tf.Tensor => tf.mul(perToken, batch.mask)
  const given = (perResponse: tf.Tensor): tf.Tensor => toTokens(tf.reshape(perResponse, [-1, 1]), batch)
  return {
    isOnPolicy: batch.oldLogProbs === undefined,
    logProb,
    logWeight: masked(tf.sub(logProb, oldLogProb)),
    logCorrection: batch.behaviourLogProbs && masked(tf.sub(oldLogProb, batch.behaviourLogProbs)),
    meanLogWeight: () => {
      if (batch.oldMeanLogProbs === undefined) throw missing(objective, "mean-log-probs", "oldMeanLogProbs")
      return masked(tf.sub(source.meanLogProb(), batch.oldMeanLogProbs))
    },
    advantage: given(batch.advantages),
    klWeight: batch.klWeights && given(batch.klWeights),
    isDemonstration: batch.isDemonstration && given(batch.isDemonstration),
    partition: () => {
      if (batch.partition === undefined) throw missing(objective, "partition", "partition")
      return tf.scalar(batch.partition)
    },
    logRatio: (reference) => masked(tf.sub(source.referenceLogProb(reference), logProb)),
    divergence: source.divergence,
  }
}
