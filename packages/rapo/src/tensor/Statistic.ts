/**
 * Statistics of next-token distributions: the few numbers a token that losses are made of.
 *
 *     π = softmax(z),   one number of π for each row of z, and its gradient in z
 *
 * | statistic | value | gradient in z |
 * |---|---|---|
 * | LogProb | ln π(id) | [v = id] - π |
 * | Entropy | H = -Σ π ln π | -π (ln π + H) |
 * | MeanLogProb | (1/V) Σ ln π | 1/V - π |
 * | ReferenceLogProb | ln p(id) | none |
 * | Divergence, forward | KL(p ‖ π) | π - p |
 * | Divergence, reverse | KL(π ‖ p) | π (ln π - ln p - KL) |
 *
 * The reference p is softmax(z_ref), or softmax(φ z_ref) where it is reweighted by φ of the response's reward. A loss that
 * knows these numbers does not need the logits, [tokens, V], from which they come: `Projection` makes them in chunks.
 *
 * Source: gradients derived here; they equal those of `Categorical` and `KL`, which take whole logits (tests).
 */
import { Categorical } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"
import type { Objective } from "../Objective.ts"
import * as Regulariser from "../Regulariser.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export type Statistic =
  | { readonly _tag: "LogProb" }
  /** Without a gradient where it is only reported. */
  | { readonly _tag: "Entropy"; readonly isConstant: boolean }
  | { readonly _tag: "MeanLogProb" }
  | { readonly _tag: "ReferenceLogProb"; readonly reference: Regulariser.Reference }
  | {
      readonly _tag: "Divergence"
      readonly direction: "forward" | "reverse"
      readonly reference: Regulariser.Reference
    }

/**
 * What a statistic is computed from, n rows at a time.
 *
 * @category models
 * @since 0.1.0
 */
export interface Rows {
  readonly policy: Categorical.Normalised
  /** The chosen tokens, int32 [n]. */
  readonly ids: tf.Tensor
  /** The reference, reweighted where it is asked for so; made anew at every call. */
  readonly reference: (of: Regulariser.Reference) => Categorical.Normalised
}

// constructors

/**
 * All that the loss of an objective asks of a batch's distributions.
 *
 * ```ts import.meta.vitest
 * import { Arms } from "@rapo/rapo"
 * import { Statistic } from "@rapo/rapo/tensor"
 * Statistic.ofObjective(Arms.forwardKL(0.1), true).map(({ _tag }) => _tag) // => ["LogProb", "Entropy", "Divergence"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const ofObjective = (
  { surrogate, regulariser, entropy }: Objective,
  isOnPolicy: boolean,
): ReadonlyArray<Statistic> => {
  const comparesWithPlain =
    surrogate._tag === "DistributionMatching" ||
    (surrogate._tag === "PolicyGradient" && surrogate.shaping._tag === "OverConfidence")
  const all: ReadonlyArray<Statistic> = [
    { _tag: "LogProb" },
    { _tag: "Entropy", isConstant: entropy === 0 },
    ...(surrogate._tag === "BellmanRegression" && !isOnPolicy ? [{ _tag: "MeanLogProb" } as const] : []),
    ...(comparesWithPlain ? [{ _tag: "ReferenceLogProb", reference: Regulariser.plain } as const] : []),
    ...(Regulariser.holds(regulariser) ? [ofRegulariser(regulariser)] : []),
  ]
  return [...new Map(all.map((statistic) => [keyOf(statistic), statistic])).values()]
}

const ofRegulariser = (regulariser: Regulariser.ExactVocabulary | Regulariser.Sampled): Statistic =>
  regulariser._tag === "ExactVocabulary"
    ? { _tag: "Divergence", direction: regulariser.direction, reference: regulariser.reference }
    : { _tag: "ReferenceLogProb", reference: regulariser.reference }

// refinements

/**
 * Whether a gradient flows through a statistic to the policy.
 *
 * @category refinements
 * @since 0.1.0
 */
export const hasGradient = (statistic: Statistic): boolean =>
  statistic._tag === "Entropy" ? !statistic.isConstant : statistic._tag !== "ReferenceLogProb"

/**
 * Whether a statistic is of the reference too.
 *
 * @category refinements
 * @since 0.1.0
 */
export const needsReference = (statistic: Statistic): boolean =>
  statistic._tag === "ReferenceLogProb" || statistic._tag === "Divergence"

// destructors

/**
 * A name that two statistics share if and only if they have the same values.
 *
 * @category destructors
 * @since 0.1.0
 */
export const keyOf = (statistic: Statistic): string => {
  switch (statistic._tag) {
    case "LogProb":
    case "Entropy":
    case "MeanLogProb":
      return statistic._tag
    case "ReferenceLogProb":
      return `${statistic._tag} ${referenceKey(statistic.reference)}`
    case "Divergence":
      return `${statistic._tag} ${statistic.direction} ${referenceKey(statistic.reference)}`
  }
}

/**
 * The values of n rows: [n].
 *
 * @category destructors
 * @since 0.1.0
 */
export const valueOf = (statistic: Statistic, { policy, ids, reference }: Rows): tf.Tensor => {
  switch (statistic._tag) {
    case "LogProb":
      return chosenOf(policy.logProbs, ids)
    case "Entropy":
      return tf.neg(along(tf.mul(policy.probs, policy.logProbs)))
    case "MeanLogProb":
      return tf.mean(policy.logProbs, 1)
    case "ReferenceLogProb":
      return chosenOf(reference(statistic.reference).logProbs, ids)
    case "Divergence": {
      const p = reference(statistic.reference)
      return statistic.direction === "forward"
        ? along(tf.mul(p.probs, tf.sub(p.logProbs, policy.logProbs)))
        : along(reverseTerms(policy, p))
    }
  }
}

/**
 * The gradients in the logits of n rows, each times its dy: [n, 1] to [n, V].
 *
 * **Domain**  statistics with a gradient.
 *
 * @category destructors
 * @since 0.1.0
 */
export const pullbackOf = (
  statistic: Statistic,
  { policy, ids, reference }: Rows,
  dy: tf.Tensor,
): tf.Tensor => {
  const { probs, logProbs } = policy
  switch (statistic._tag) {
    case "LogProb":
      return tf.sub(placed(dy, ids, probs.shape), tf.mul(dy, probs))
    case "Entropy": {
      const terms = tf.mul(probs, logProbs)
      return tf.mul(dy, tf.sub(tf.mul(probs, tf.sum(terms, 1, true)), terms))
    }
    case "MeanLogProb":
      return tf.mul(dy, tf.sub(1 / (probs.shape[1] ?? 1), probs))
    case "ReferenceLogProb":
      throw new Error("bug: the reference is constant")
    case "Divergence": {
      const p = reference(statistic.reference)
      if (statistic.direction === "forward") return tf.mul(dy, tf.sub(probs, p.probs))
      const terms = reverseTerms(policy, p)
      return tf.mul(dy, tf.sub(terms, tf.mul(probs, tf.sum(terms, 1, true))))
    }
  }
}

// numerics

/** x_{n, id_n}, by `gather` from the flat rows: on wasm a one-hot product would touch all of [n, V]. */
const chosenOf = (x: tf.Tensor, ids: tf.Tensor): tf.Tensor => {
  const [n = 0, v = 0] = x.shape
  const places = tf.add(tf.mul(tf.range(0, n, 1, "int32"), tf.scalar(v, "int32")), ids)
  return tf.gather(tf.reshape(x, [-1]), places)
}

/** [n, 1] to [n, V]: at id_n, and 0 elsewhere. */
const placed = (x: tf.Tensor, ids: tf.Tensor, shape: Array<number>): tf.Tensor =>
  tf.scatterND(tf.stack([tf.range(0, shape[0] ?? 0, 1, "int32"), ids], 1), tf.squeeze(x, [1]), shape)

const along = (x: tf.Tensor): tf.Tensor => tf.sum(x, 1)

const reverseTerms = (policy: Categorical.Normalised, p: Categorical.Normalised): tf.Tensor =>
  tf.mul(policy.probs, tf.sub(policy.logProbs, p.logProbs))

const referenceKey = (reference: Regulariser.Reference): string =>
  reference._tag === "Plain"
    ? "plain"
    : `${reference.phi.minimum} ${reference.phi.rewardLow} ${reference.phi.rewardHigh}`
