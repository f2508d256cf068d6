/**
 * The loss of an objective over tensors: what trains. The twin of `Loss` over numbers, which it equals to float32.
 *
 *     L(θ) = -J(θ) = -Σ_bt w_bt [ surrogate(r_bt, A_b) - α · KL_bt + β · H_bt ]
 *
 * Pointwise formulas are those of `Ratio`, `TrustRegion`, `Regulariser` and `Phi`, read over tensors; what touches the
 * vocabulary are the kernels of `@rapo/distributions/tensor` and `@rapo/divergences/tensor`.
 *
 * Laws: those of `Loss`; and nothing is computed that the objective does not need, except the entropy that is
 * reported, which has no gradient when β = 0.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { Real } from "@rapo/distributions"
import { Categorical, Real as TensorReal } from "@rapo/distributions/tensor"
import { Estimator } from "@rapo/divergences"
import { KL } from "@rapo/divergences/tensor"
import type { Aggregation } from "../Aggregation.ts"
import { referenceMissing } from "../internal/referenceMissing.ts"
import type { Metrics as MetricsOver } from "../Loss.ts"
import * as Objective from "../Objective.ts"
import * as Phi from "../Phi.ts"
import * as Ratio from "../Ratio.ts"
import * as Regulariser from "../Regulariser.ts"
import * as TrustRegion from "../TrustRegion.ts"

// model

/**
 * A batch, or a micro-batch with the counts of the whole: B responses, T positions, a vocabulary of V.
 *
 * **Domain**  logits are finite, at masked positions too; their values there do not matter.
 *
 * @category models
 * @since 0.1.0
 */
export interface Batch {
  /** [B, T, V], of the policy; the loss is differentiated by them. */
  readonly logits: tf.Tensor3D
  /** int32 [B, T], below V. */
  readonly tokens: tf.Tensor2D
  /** float32 [B, T], 1 on the tokens of the response, `<eos>` included, 0 elsewhere. */
  readonly mask: tf.Tensor2D
  /** [B] */
  readonly advantages: tf.Tensor1D
  /** [B] */
  readonly rewards: tf.Tensor1D
  /** [B, T]; undefined means on-policy: π_old is π_θ taken as constant, so that r = 1 with gradient. */
  readonly oldLogProbs: tf.Tensor2D | undefined
  /** [B, T, V]; needed if and only if `Objective.needsReference`. */
  readonly referenceLogits: tf.Tensor3D | undefined
  /** Tokens of the whole batch, so that micro-batches add up. */
  readonly tokenCount: tf.Scalar | number
  /** Responses of the whole batch. */
  readonly sequenceCount: number
}

/**
 * What a step reports, in the units of the pure `Loss.Metrics`: the policy gradient's surrogate in the objective's own
 * weights, the rest as means over the whole batch's tokens.
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
      const tokens = tokensOf(objective, batch)
      const weights = weightsOf(objective.aggregation, batch, tokens.lengths)
      const share: tf.Tensor = tf.div(batch.mask, batch.tokenCount)

      const region = regionOf(objective, batch)
      const ratio = ratioOf(objective, batch, tokens)
      const advantages = advantagesOf(objective, batch, tokens)
      const policyGradient = weighted(weights, TrustRegion.surrogate(tokens.R)(region, ratio, advantages))

      const cost = costOf(objective, batch, tokens)
      const entropy = Categorical.entropy(batch.logits)
      const gain = [
        policyGradient,
        ...(cost === undefined || Regulariser.shapesAdvantage(objective.regulariser)
          ? []
          : [tf.mul(weighted(weights, cost), -coefficientOf(objective))]),
        ...(objective.entropy === 0 ? [] : [tf.mul(weighted(weights, entropy), objective.entropy)]),
      ].reduce((total, term) => tf.add(total, term))

      return {
        loss: tf.neg(gain) as tf.Scalar,
        metrics: {
          policyGradient,
          regulariser: cost === undefined ? tf.scalar(0) : weighted(share, cost),
          entropy: weighted(share, entropy),
          clipFraction:
            region._tag === "None" ? tf.scalar(0) : clipFraction(share, tokens, region, ratio, advantages),
          clampRate: clampRate(share, objective, tokens),
        },
      }
    })

// numerics

/** The quantities of the sampled tokens, [B, T], 0 at masked positions. */
interface Tokens {
  readonly R: Real.Real<tf.Tensor>
  /** |o_b|, at least 1; [B, 1] */
  readonly lengths: tf.Tensor
  /** ln r */
  readonly logWeight: tf.Tensor
  /** ln p, [B, T, V], where the objective has a reference */
  readonly referenceLogProbs: tf.Tensor | undefined
  /** ln ρ at the regulariser's level, not clamped, where it is sampled */
  readonly logRatio: tf.Tensor | undefined
}

const tokensOf = (objective: Objective.Objective, batch: Batch): Tokens => {
  const R = TensorReal.Real()
  const chosen = Categorical.gatherLogProbs(Categorical.logSoftmax(batch.logits), batch.tokens)
  const old = batch.oldLogProbs ?? TensorReal.stopGradient(chosen)
  const referenceLogProbs = referenceOf(R, objective, batch)
  return {
    R,
    lengths: tf.maximum(tf.sum(batch.mask, 1, true), 1),
    logWeight: tf.mul(tf.sub(chosen, old), batch.mask),
    referenceLogProbs,
    logRatio:
      referenceLogProbs === undefined ? undefined : logRatioOf(objective, batch, referenceLogProbs, chosen),
  }
}

/** On-policy no trust region can bind (`TrustRegion`, law 3): leaving it out saves its operations. */
const regionOf = (objective: Objective.Objective, batch: Batch): TrustRegion.TrustRegion =>
  batch.oldLogProbs === undefined ? TrustRegion.none : objective.trustRegion

/** r, [B, T]. On-policy ln r = 0, which needs no guard against overflow. */
const ratioOf = (
  objective: Objective.Objective,
  batch: Batch,
  { R, logWeight, lengths }: Tokens,
): tf.Tensor => {
  const logRatio = objective.ratio === "token" ? logWeight : tf.div(totalOf(logWeight, batch), lengths)
  return batch.oldLogProbs === undefined ? tf.exp(logRatio) : Ratio.fromLog(R)(logRatio)
}

const advantagesOf = (
  { regulariser }: Objective.Objective,
  batch: Batch,
  { R, logRatio }: Tokens,
): tf.Tensor => {
  const advantages = toTokens(tf.reshape(batch.advantages, [-1, 1]), batch)
  return regulariser._tag === "Sampled" && logRatio !== undefined
    ? Regulariser.shapedAdvantage(R)(regulariser, advantages, bounded(R, regulariser, logRatio))
    : advantages
}

const coefficientOf = ({ regulariser }: Objective.Objective): number =>
  regulariser._tag === "None" ? 0 : regulariser.coefficient

/** ln p over the vocabulary, a constant. */
const referenceOf = (
  R: Real.Real<tf.Tensor>,
  objective: Objective.Objective,
  batch: Batch,
): tf.Tensor | undefined => {
  const { regulariser } = objective
  if (regulariser._tag === "None" || !Objective.needsReference(objective)) return undefined
  if (batch.referenceLogits === undefined) throw referenceMissing(objective)
  if (regulariser.reference._tag === "Plain") return Categorical.logSoftmax(batch.referenceLogits)
  const phi = tf.reshape(Phi.apply(R)(regulariser.reference.phi, batch.rewards), [-1, 1, 1])
  return Categorical.logSoftmax(tf.mul(batch.referenceLogits, phi))
}

const logRatioOf = (
  { regulariser }: Objective.Objective,
  batch: Batch,
  referenceLogProbs: tf.Tensor,
  chosen: tf.Tensor,
): tf.Tensor | undefined => {
  if (regulariser._tag !== "Sampled") return undefined
  const reference = Categorical.gatherLogProbs(referenceLogProbs, batch.tokens)
  const logRatio = tf.mul(tf.sub(reference, chosen), batch.mask)
  return regulariser.level === "sequence" ? totalOf(logRatio, batch) : logRatio
}

/** The KL's cost a token, [B, T]; undefined without a reference. */
const costOf = (
  { regulariser }: Objective.Objective,
  batch: Batch,
  { R, lengths, logWeight, referenceLogProbs, logRatio }: Tokens,
): tf.Tensor | undefined => {
  if (regulariser._tag === "None" || referenceLogProbs === undefined) return undefined
  if (regulariser._tag === "ExactVocabulary") {
    return regulariser.direction === "forward"
      ? KL.forwardKL(referenceLogProbs, batch.logits)
      : KL.reverseKL(referenceLogProbs, batch.logits)
  }
  if (logRatio === undefined) return undefined
  const perResponse = regulariser.level === "sequence"
  const weight = perResponse ? totalOf(logWeight, batch) : logWeight
  const cost = Estimator.losses[regulariser.estimator](R)(
    Estimator.clampLogRatio(Ratio.maximumLogRatio)(R)(weight),
    bounded(R, regulariser, logRatio),
  )
  return perResponse ? tf.div(cost, lengths) : cost
}

const bounded = (
  R: Real.Real<tf.Tensor>,
  { logRatioBound }: Regulariser.Sampled,
  logRatio: tf.Tensor,
): tf.Tensor => Estimator.clampLogRatio(logRatioBound)(R)(logRatio)

const clipFraction = (
  share: tf.Tensor,
  { R }: Tokens,
  region: TrustRegion.TrustRegion,
  ratio: tf.Tensor,
  advantages: tf.Tensor,
): tf.Scalar => {
  const clipped = tf.mul(TrustRegion.clipRatio(R)(region, ratio), advantages)
  return weighted(share, tf.step(tf.sub(tf.mul(ratio, advantages), clipped)))
}

const clampRate = (
  share: tf.Tensor,
  { regulariser }: Objective.Objective,
  { logRatio }: Tokens,
): tf.Scalar =>
  regulariser._tag === "Sampled" && logRatio !== undefined
    ? weighted(share, tf.step(tf.sub(tf.abs(logRatio), regulariser.logRatioBound)))
    : tf.scalar(0)

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, and the compiler checks it
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

/** Σ_t over a response, given to each of its tokens: [B, T] to [B, T]. */
const totalOf = (perToken: tf.Tensor, batch: Batch): tf.Tensor =>
  toTokens(tf.sum(tf.mul(perToken, batch.mask), 1, true), batch)

/**
 * A number a response, given to each of its tokens: [B, 1] to [B, T]. Formulas must see one shape, for the engine's
 * gradients of `minimum` and `maximum` do not reduce over broadcast axes (tfjs 4.22).
 */
const toTokens = (perResponse: tf.Tensor, { mask }: Batch): tf.Tensor => tf.mul(perResponse, mask)

/** Σ_bt w_bt x_bt. */
const weighted = (weights: tf.Tensor, values: tf.Tensor): tf.Scalar =>
  tf.sum(tf.mul(weights, values)) as tf.Scalar
