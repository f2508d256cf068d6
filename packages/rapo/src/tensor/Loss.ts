/**
 * The loss of an objective over tensors: what trains. The twin of `Loss` over numbers, which it equals to float32.
 *
 *     L(θ) = -J(θ) = -Σ_bt w_bt [ surrogate_bt - α · KL_bt + β · H_bt ]
 *
 * The formulas are the same code for both, read here over the `Tokenwise` of tensors with a mask; what they need of the
 * vocabulary is a few statistics a token, from whole logits (`loss`: the kernels of `@rapo/distributions/tensor` and
 * `@rapo/divergences/tensor`) or from hidden states and the head in chunks (`ofProjection`).
 *
 * Laws: those of `Loss`; both sources of statistics give the same loss, metrics and gradient; and nothing is computed that the objective does not need, except the entropy that is
 * reported, which has no gradient when β = 0.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { Aggregation } from "../Aggregation.ts"
import { evaluate, lossCoefficient } from "../internal/evaluate.ts"
import type { Metrics as MetricsOver } from "../Loss.ts"
import type * as Objective from "../Objective.ts"
import type { Batch, Given, ProjectedBatch } from "./Batch.ts"
import { observe } from "./internal/observe.ts"
import { type Source, ofLogits, ofProjection as sourceOfProjection } from "./internal/source.ts"
import type { Tokenwise } from "../Tokenwise.ts"
import { tokenwise } from "./internal/tokenwise.ts"

// model

export type { Batch, Given, ProjectedBatch } from "./Batch.ts"

/**
 * What a step reports, in the units of the pure `Loss.Metrics`: the surrogate in the objective's own weights, the rest as
 * means over the whole batch's tokens.
 *
 * @category models
 * @since 0.1.0
 */
export type Metrics = MetricsOver<tf.Scalar>

/**
 * @category models
 * @since 0.1.0
 */
export interface LossAndMetrics {
  readonly loss: tf.Scalar
  readonly metrics: Metrics
}

// combinators

/**
 * The loss of a batch, differentiable by its logits.
 *
 * Inside a gradient function the engine disposes whatever is not returned: `tf.keep` the metrics there.
 *
 * **Shapes**  see `Batch`;  result: scalars.
 * **Gradient** flows to `logits` only; none flows out of the metrics into the loss.
 *
 * @category combinators
 * @since 0.1.0
 */
export const loss =
  (objective: Objective.Objective) =>
  (batch: Batch): LossAndMetrics =>
    lossFrom(objective, batch, (W) => ofLogits(W, objective, batch))

/**
 * The same loss of a batch whose logits are made in chunks, differentiable by its hidden states and its head.
 *
 * **Shapes**  see `ProjectedBatch`;  result: scalars.
 * **Gradient** flows to the policy's hidden states and, unless it is frozen, to its head.
 *
 * @category combinators
 * @since 0.1.0
 */
export const ofProjection =
  (objective: Objective.Objective) =>
  (batch: ProjectedBatch): LossAndMetrics =>
    lossFrom(objective, batch, (W) => sourceOfProjection(W, objective, batch))

// numerics

const lossFrom = (
  objective: Objective.Objective,
  batch: Given,
  sourceOf: (W: Tokenwise<tf.Tensor>) => Source,
): LossAndMetrics =>
  tf.tidy(() => {
    const { W, lengths } = tokenwise(batch)
    const source = sourceOf(W)
    const { gain, cost, clipped, clamped } = evaluate(W)(objective, observe(objective, batch, source))
    const weights = weightsOf(objective.aggregation, batch, lengths)
    const share = tf.div(batch.mask, batch.tokenCount)
    const entropy = source.entropy()
    const alpha = lossCoefficient(objective)

    const policyGradient = weighted(weights, gain)
    const total = [
      policyGradient,
      ...(cost === undefined || alpha === 0 ? [] : [tf.mul(weighted(weights, cost), -alpha)]),
      ...(objective.entropy === 0 ? [] : [tf.mul(weighted(weights, entropy), objective.entropy)]),
    ].reduce((sum, term) => tf.add(sum, term))

    return {
      loss: tf.neg(total) as tf.Scalar,
      metrics: {
        policyGradient,
        regulariser: cost === undefined ? tf.scalar(0) : weighted(share, cost),
        entropy: weighted(share, entropy),
        clipFraction: rate(share, clipped),
        clampRate: rate(share, clamped),
      },
    }
  })

const weightsOf = (aggregation: Aggregation, batch: Given, lengths: tf.Tensor): tf.Tensor => {
  switch (aggregation._tag) {
    case "TokenMean":
      return tf.div(batch.mask, batch.tokenCount)
    case "SequenceMean":
      return tf.div(batch.mask, tf.mul(lengths, batch.sequenceCount))
    case "Constant":
      return tf.div(batch.mask, aggregation.length * batch.sequenceCount)
  }
}

/** The share of tokens at which a value is above 0. */
const rate = (share: tf.Tensor, excess: tf.Tensor | undefined): tf.Scalar =>
  excess === undefined ? tf.scalar(0) : weighted(share, tf.step(excess))

/** Σ_bt w_bt x_bt. */
const weighted = (weights: tf.Tensor, values: tf.Tensor): tf.Scalar =>
  tf.sum(tf.mul(weights, values)) as tf.Scalar
