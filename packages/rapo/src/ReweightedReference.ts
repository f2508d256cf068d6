/**
 * The reward-reweighted reference π̂_ref ∝ π_ref^{φ(r)}, in the three ways it can be read.
 *
 * | reading | formula | Z |
 * |---|---|---|
 * | `tokenLevel`, the default | ln π̂(·|h) = log_softmax(φ(r) · logits_ref(h)) | exact and free |
 * | `Categorical.escort` | π̂ = p^φ / Z, one φ for a whole distribution: temperature 1/φ | exact |
 * | `literal` | π̂(y) ∝ p(y)^{φ(r(y))}, each outcome its own φ | a sum over all outcomes |
 *
 * The literal reading is the paper's equation, and is meant for small sets that can be enumerated: with φ(wrong) = 0
 * every wrong outcome weighs 1, so that on V^T sequences the correct mass drowns (V = 3, T = 6: 0.3 → 4.1e-4).
 *
 * Laws
 * 1. φ = 1 is the reference; φ = 0 is uniform (on the support).
 * 2. The entropy of `tokenLevel` and of the escort does not increase with φ.
 * 3. One φ for all outcomes: `literal` is the escort.
 * 4. φ(wrong) = 0, φ(right) = 1: Z = #wrong + q, and the correct mass falls from q to q/Z.
 *
 * Source: RAPO (arXiv 2510.03865) for π̂_ref; the token-level reading is the project's.
 */
import { Categorical, LogSpace } from "@rapo/distributions"
import { unsafeFromLogWeights } from "./internal/numbers.ts"
import * as Phi from "./Phi.ts"

// constructors

/**
 * Log-probabilities of the reweighted reference at one position, from the reference's logits and the reward of the
 * response that the position belongs to.
 *
 *     ln π̂(·|h) = log_softmax(φ(r) · z)
 *
 * **Shapes**  logits: [V];  result: [V].
 *
 * ```ts import.meta.vitest
 * import { Phi, ReweightedReference } from "@rapo/rapo"
 * const flat = ReweightedReference.tokenLevel(Phi.binary(0), 0, [5, -3])
 * flat // => [-Math.LN2, -Math.LN2]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const tokenLevel = (
  phi: Phi.Phi,
  reward: number,
  logits: ReadonlyArray<number>,
): ReadonlyArray<number> => {
  const power = Phi.at(phi, reward)
  return LogSpace.logSoftmax(logits.map((logit) => power * logit))
}

/**
 * Each outcome of an enumerable set reweighted by its own reward: π̂(y) ∝ p(y)^{φ(r(y))}.
 *
 * **Shapes**  reference: N outcomes; rewards: [N].
 * **Domain**  outcomes outside the reference's support stay outside, for φ = 0 too.
 *
 * @category constructors
 * @since 0.1.0
 */
export const literal = (
  phi: Phi.Phi,
  reference: Categorical.Categorical,
  rewards: ReadonlyArray<number>,
): Categorical.Categorical => unsafeFromLogWeights(logWeights(phi, reference, rewards))

// destructors

/**
 * ln Z of the literal reading: Z = Σ_y p(y)^{φ(r(y))}.
 *
 * With φ(wrong) = 0 and φ(right) = 1 it is ln(#wrong + q): about the number of all outcomes. To leave Z out is to give
 * every wrong answer the ratio ρ = 1/π.
 *
 * **Shapes**  reference: N outcomes; rewards: [N].
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { Categorical } from "@rapo/distributions"
 * import { Phi, ReweightedReference } from "@rapo/rapo"
 * const reference = Categorical.fromProbabilities([0.3, 0.3, 0.4])
 * const logZ = E.map((p: Categorical.Categorical) => ReweightedReference.logPartition(Phi.binary(0), p, [1, 0, 0]))
 * E.getOrElse(() => NaN)(E.map(Math.exp)(logZ(reference))) // ≈ 2.3
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const logPartition = (
  phi: Phi.Phi,
  reference: Categorical.Categorical,
  rewards: ReadonlyArray<number>,
): number => LogSpace.logSumExp(logWeights(phi, reference, rewards))

// numerics

/** φ(r) ln p, and -Infinity off the support also for φ = 0. */
const logWeights = (
  phi: Phi.Phi,
  reference: Categorical.Categorical,
  rewards: ReadonlyArray<number>,
): ReadonlyArray<number> =>
  reference.logProbs.map((logP, y) =>
    logP === -Infinity ? -Infinity : Phi.at(phi, rewards[y] ?? NaN) * logP,
  )
