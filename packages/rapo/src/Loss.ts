/**
 * The loss of an objective on a small batch of nested arrays: the reference that `tensor/Loss` is held to.
 *
 *     L(θ) = -J(θ) = -Σ_bt w_bt [ surrogate_bt - α · KL_bt + β · H_bt ]
 *
 * It is written over `Real<A>`: over numbers it is a value, over dual numbers also an exact derivative.
 *
 * | symbol | meaning |
 * |---|---|
 * | b in [0, B) | response, t in [0, T) its tokens, v in [0, V) the vocabulary |
 * | h, o_t | the prefix before position t, the token there |
 * | ln r_t | ln π_θ(o_t given h) - ln π_old(o_t given h); 0, with gradient, when on-policy |
 * | ln ρ_t | ln p(o_t given h) - ln π_θ(o_t given h), p the reference, perhaps reweighted |
 *
 * Laws (`test/Loss.test.ts`)
 * 1. Additive: the losses of micro-batches that share the whole batch's counts sum to the loss of the whole.
 * 2. Padding, and whatever stands at masked positions, changes nothing.
 * 3. At π_θ = π_old the gradient is that of Σ w A ln π, whatever the trust region.
 * 4. Where advantages are 0, only the regulariser and the entropy act.
 */
import { Float64, Real } from "@rapo/distributions"
import * as Aggregation from "./Aggregation.ts"
import type { Batch } from "./Batch.ts"
import { at } from "./internal/at.ts"
import { evaluate, lossCoefficient } from "./internal/evaluate.ts"
import { observe } from "./internal/observe.ts"
import type * as Objective from "./Objective.ts"
import type { Rows } from "./Tokenwise.ts"

// model

export type { Batch } from "./Batch.ts"

/**
 * J's terms, each before its coefficient and in the objective's own weights w, and the loss. `policyGradient` is the
 * surrogate's, whichever it is.
 *
 * @category models
 * @since 0.1.0
 */
export interface Terms<A> {
  readonly loss: A
  readonly policyGradient: A
  readonly regulariser: A
  readonly entropy: A
}

/**
 * What a step reports. `policyGradient`, the surrogate, is in the objective's weights; the rest are means over the whole
 * batch's tokens: nats of KL (weighed, where responses' KLs are) and of entropy, the fraction of tokens that clipping stops, and that of tokens (at sequence
 * level: of tokens in responses) whose ln ρ lies outside its bound.
 *
 * @category models
 * @since 0.1.0
 */
export interface Metrics<A> {
  readonly policyGradient: A
  readonly regulariser: A
  readonly entropy: A
  readonly clipFraction: A
  readonly clampRate: A
}

// combinators

/**
 * The terms of a loss over any `Real`.
 *
 * **Shapes**  see `Batch`;  result: scalars.
 * **Gradient** flows to `logits` only.
 *
 * @category combinators
 * @since 0.1.0
 */
export const terms =
  <A>(R: Real.Real<A>) =>
  (objective: Objective.Objective) =>
  (batch: Batch<A>): Terms<A> => {
    const { W, observed, entropy, rowsOf } = observe(R)(objective, batch)
    const { gain, cost } = evaluate(W)(objective, observed)
    const weights = rowsOf(Aggregation.weights(objective.aggregation, batch.mask, batch))
    const terms = {
      policyGradient: weighted(R)(weights, gain),
      regulariser: cost === undefined ? R.zero : weighted(R)(weights, cost),
      entropy: weighted(R)(weights, entropy),
    }
    const held = R.mul(R.of(lossCoefficient(objective)), terms.regulariser)
    const total = R.add(R.sub(terms.policyGradient, held), R.mul(R.of(objective.entropy), terms.entropy))
    return { loss: Real.neg(R)(total), ...terms }
  }

/**
 * The loss of a batch of numbers, and what it reports.
 *
 * ```ts import.meta.vitest
 * import { Arms, Loss } from "@rapo/rapo"
 * const batch: Loss.Batch<number> = {
 *   logits: [[[0, 0]]],
 *   tokens: [[1]],
 *   mask: [[1]],
 *   advantages: [2],
 *   rewards: [1],
 *   oldLogProbs: undefined,
 *   referenceLogits: undefined,
 *   tokenCount: 1,
 *   sequenceCount: 1,
 * }
 * Loss.loss(Arms.unregularised)(batch).loss // => -2
 * Loss.loss(Arms.unregularised)(batch).metrics.entropy // ≈ 0.693147
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const loss =
  (objective: Objective.Objective) =>
  (batch: Batch<number>): { readonly loss: number; readonly metrics: Metrics<number> } => {
    const R = Float64.Real
    const { W, observed, entropy, rowsOf } = observe(R)(objective, batch)
    const { cost, clipped, clamped } = evaluate(W)(objective, observed)
    const { loss, policyGradient } = terms(R)(objective)(batch)
    const share = rowsOf(Aggregation.weights(Aggregation.tokenMean, batch.mask, batch))
    const meanOf = (rows: Rows<number> | undefined): number =>
      rows === undefined ? 0 : weighted(R)(share, rows)
    const rateOf = (excess: Rows<number> | undefined): number =>
      meanOf(excess?.map((row) => row.map((x) => Number(x > 0))))
    return {
      loss,
      metrics: {
        policyGradient,
        regulariser: meanOf(cost),
        entropy: meanOf(entropy),
        clipFraction: rateOf(clipped),
        clampRate: rateOf(clamped),
      },
    }
  }

// numerics

/** Σ_bt w_bt x_bt. */
const weighted =
  <A>(R: Real.Real<A>) =>
  (weights: Rows<number>, values: Rows<A>): A =>
    Real.sum(R)(values.flatMap((row, b) => row.map((x, t) => R.mul(R.of(at(at(weights, b), t)), x))))
