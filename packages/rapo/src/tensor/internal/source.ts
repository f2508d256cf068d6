/** Where a loss has its statistics from: logits of all tokens, or hidden states and the head, chunk by chunk. */
import * as tf from "@tensorflow/tfjs-core"
import { Categorical } from "@rapo/distributions/tensor"
import { KL } from "@rapo/divergences/tensor"
import { missing } from "../../internal/missing.ts"
import type { Objective } from "../../Objective.ts"
import * as Phi from "../../Phi.ts"
import type { Reference } from "../../Regulariser.ts"
import * as Regulariser from "../../Regulariser.ts"
import type { Tokenwise } from "../../Tokenwise.ts"
import type { Batch, Given, ProjectedBatch } from "../Batch.ts"
import * as Projection from "../Projection.ts"
import * as Statistic from "../Statistic.ts"

/** Statistics of a batch's tokens, [B, T] each. Functions are those that only some objectives ask for. */
export interface Source {
  readonly logProb: tf.Tensor
  readonly entropy: () => tf.Tensor
  readonly meanLogProb: () => tf.Tensor
  /** A constant. */
  readonly referenceLogProb: (reference: Reference) => tf.Tensor
  readonly divergence: (direction: "forward" | "reverse", reference: Reference) => tf.Tensor
}

/** Each statistic when it is asked for, by the kernels of whole vocabularies. */
export const ofLogits = (W: Tokenwise<tf.Tensor>, objective: Objective, batch: Batch): Source => {
  const logProbs = Categorical.logSoftmax(batch.logits)
  return {
    logProb: Categorical.gatherLogProbs(logProbs, batch.tokens),
    entropy: () => Categorical.entropy(batch.logits),
    meanLogProb: () => tf.mean(logProbs, -1),
    referenceLogProb: (reference) =>
      Categorical.gatherLogProbs(referenceLogProbs(W, objective, batch, reference), batch.tokens),
    divergence: (direction, reference) => {
      const kl = direction === "forward" ? KL.forwardKL : KL.reverseKL
      return kl(referenceLogProbs(W, objective, batch, reference), batch.logits)
    },
  }
}

/** All that the objective asks for, in one pass over the chunks. */
export const ofProjection = (
  W: Tokenwise<tf.Tensor>,
  objective: Objective,
  batch: ProjectedBatch,
): Source => {
  const asked = Statistic.ofObjective(objective, batch.oldLogProbs === undefined)
  if (asked.some(Statistic.needsReference) && batch.reference === undefined)
    throw missing(objective, "reference", "reference")
  const [rows, time] = batch.tokens.shape
  const all = Projection.statistics(asked, {
    ...batch,
    ids: tf.reshape(batch.tokens, [-1]),
    phi: phiOfRows(W, objective, batch),
  })
  const places = new Map(asked.map((statistic, k) => [Statistic.keyOf(statistic), k]))
  const value = (statistic: Statistic.Statistic): tf.Tensor => {
    const k = places.get(Statistic.keyOf(statistic))
    if (k === undefined) throw new Error(`bug: ${objective.name} did not ask for ${statistic._tag}`)
    return tf.reshape(tf.slice(all, [k, 0], [1, rows * time]), [rows, time])
  }
  return {
    logProb: value({ _tag: "LogProb" }),
    entropy: () => value({ _tag: "Entropy", isConstant: false }),
    meanLogProb: () => value({ _tag: "MeanLogProb" }),
    referenceLogProb: (reference) => value({ _tag: "ReferenceLogProb", reference }),
    divergence: (direction, reference) => value({ _tag: "Divergence", direction, reference }),
  }
}

/** φ of each row's response, [B·T, 1], where the objective's reference is reweighted. */
const phiOfRows = (
  W: Tokenwise<tf.Tensor>,
  { regulariser }: Objective,
  { tokens, rewards }: Given,
): tf.Tensor2D | undefined => {
  if (!Regulariser.holds(regulariser) || regulariser.reference._tag === "Plain") return undefined
  const perResponse = tf.reshape(Phi.apply(W)(regulariser.reference.phi, rewards), [-1, 1])
  return tf.reshape(tf.mul(perResponse, tf.ones([1, tokens.shape[1]])), [-1, 1])
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
