/**
 * The loss of an objective over tensors: what trains. The twin of `Loss` over numbers, which it equals to float32.
 *
 *     L(θ) = -J(θ) = -Σ_bt w_bt [ surrogate_bt - α · KL_bt + β · H_bt ]
 *
 * The formulas are the same code for both, read here over the `Tokenwise` of tensors with a mask; what touches the
 * vocabulary are the kernels of `@rapo/distributions/tensor` and `@rapo/divergences/tensor`.
 *
 * Laws: those of `Loss`; and nothing is computed that the objective does not need, except the entropy that is
 * reported, which has no gradient when β = 0.
 */
import * as tf from "@tensorflow/tfjs-core"
import { Categorical } from "@rapo/distributions/tensor"
import type { Aggregation } from "../Aggregation.ts"
import { evaluate, lossCoefficient } from "../internal/evaluate.ts"
import type { Metrics as MetricsOver } from "../Loss.ts"
import type * as Objective from "../Objective.ts"
import type { Batch } from "./Batch.ts"
import { observe } from "./internal/observe.ts"
import { tokenwise } from "./internal/tokenwise.ts"

// model

export type { Batch } from "./Batch.ts"

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
    tf.tidy(() => {
      const { W, lengths } = tokenwise(batch)
      const { gain, cost, clipped, clamped } = evaluate(W)(objective, observe(W, objective, batch))
      const weights = weightsOf(objective.aggregation, batch, lengths)
      const share = tf.div(batch.mask, batch.tokenCount)
      const entropy = Categorical.entropy(batch.logits)
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

// numerics

const weightsOf = (aggregation: Aggregation, batch: Batch, lengths: tf.Tensor): tf.Tensor => {
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
