/** What the formulas see of a batch of tensors, [B, T] each; log-ratios are 0 at masked positions. */
import * as tf from "@tensorflow/tfjs-core"
import { Categorical, Real as TensorReal } from "@rapo/distributions/tensor"
import { KL } from "@rapo/divergences/tensor"
import { missing } from "../../internal/missing.ts"
import type { Objective } from "../../Objective.ts"
import type { Observed } from "../../Observed.ts"
import * as Phi from "../../Phi.ts"
import type { Reference } from "../../Regulariser.ts"
import type { Tokenwise } from "../../Tokenwise.ts"
import type { Batch } from "../Batch.ts"
import { toTokens } from "./tokenwise.ts"

export const observe = (W: Tokenwise<tf.Tensor>, objective: Objective, batch: Batch): Observed<tf.Tensor> => {
  const logProbs = Categorical.logSoftmax(batch.logits)
  const logProb = Categorical.gatherLogProbs(logProbs, batch.tokens)
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
      return masked(tf.sub(tf.mean(logProbs, -1), batch.oldMeanLogProbs))
    },
    advantage: given(batch.advantages),
    klWeight: batch.klWeights && given(batch.klWeights),
    isDemonstration: batch.isDemonstration && given(batch.isDemonstration),
    partition: () => {
      if (batch.partition === undefined) throw missing(objective, "partition", "partition")
      return tf.scalar(batch.partition)
    },
    logRatio: (reference) => {
      const chosen = Categorical.gatherLogProbs(
        referenceLogProbs(W, objective, batch, reference),
        batch.tokens,
      )
      return masked(tf.sub(chosen, logProb))
    },
    divergence: (direction, reference) => {
      const kl = direction === "forward" ? KL.forwardKL : KL.reverseKL
      return kl(referenceLogProbs(W, objective, batch, reference), batch.logits)
    },
  }
}

/** ln p over the vocabulary, [B, T, V], a constant. */
const referenceLogProbs = (
  W: Tokenwise<tf.Tensor>,
  objective: Objective,
  { referenceLogits, rewards }: Batch,
  reference: Reference,
): tf.Tensor => {
  if (referenceLogits === undefined) throw missing(objective, "reference", "referenceLogits")
  if (reference._tag === "Plain") return Categorical.logSoftmax(referenceLogits)
  const phi = tf.reshape(Phi.apply(W)(reference.phi, rewards), [-1, 1, 1])
  return Categorical.logSoftmax(tf.mul(referenceLogits, phi))
}
