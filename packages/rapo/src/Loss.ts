/**
 * The loss of an objective on a small batch of nested arrays: the reference that `tensor/Loss` is held to.
 *
 *     L(θ) = -J(θ) = -Σ_bt w_bt [ surrogate(r_bt, A_b) - α · KL_bt + β · H_bt ]
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
import { clampedTokens, clippedTokens, costs, surrogates } from "./internal/perToken.ts"
import type { Response } from "./internal/response.ts"
import { at, responsesOf } from "./internal/response.ts"
import { entropy as entropyOf } from "./internal/vocabulary.ts"
import type * as Objective from "./Objective.ts"
import * as Regulariser from "./Regulariser.ts"

// model

export type { Batch } from "./Batch.ts"

/**
 * J's terms, each before its coefficient and in the objective's own weights w, and the loss.
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
 * What a step reports. `policyGradient` is in the objective's weights; the rest are means over the whole batch's
 * tokens: nats of KL and of entropy, the fraction of tokens that clipping stops, and that of tokens (at sequence
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
    const weights = Aggregation.weights(objective.aggregation, batch.mask, batch)
    return termsIn(R)(objective, weights, responsesOf(R)(objective, batch))
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
    const responses = responsesOf(R)(objective, batch)
    const { loss, policyGradient } = terms(R)(objective)(batch)
    const tokenMeans = Aggregation.weights({ _tag: "TokenMean" }, batch.mask, batch)
    const perToken = termsIn(R)(objective, tokenMeans, responses)
    const rate = (holds: (response: Response<number>) => ReadonlyArray<boolean>): number =>
      responses.reduce((total, response) => total + holds(response).filter(Boolean).length, 0) /
      batch.tokenCount
    return {
      loss,
      metrics: {
        policyGradient,
        regulariser: perToken.regulariser,
        entropy: perToken.entropy,
        clipFraction: rate((response) => clippedTokens(objective, response)),
        clampRate: rate((response) => clampedTokens(objective, response)),
      },
    }
  }

// numerics

const termsIn =
  <A>(R: Real.Real<A>) =>
  (
    objective: Objective.Objective,
    weights: ReadonlyArray<ReadonlyArray<number>>,
    responses: ReadonlyArray<Response<A>>,
  ): Terms<A> => {
    const total = (values: (response: Response<A>) => ReadonlyArray<A>): A =>
      Real.sum(R)(
        responses.flatMap((response, b) => {
          const xs = values(response)
          return response.tokens.map(({ position }, i) =>
            R.mul(R.of(at(at(weights, b), position)), at(xs, i)),
          )
        }),
      )
    const policyGradient = total((response) => surrogates(R)(objective, response))
    const regulariser = total((response) => costs(R)(objective, response))
    const entropy = total((response) => response.tokens.map(({ logProbs }) => entropyOf(R)(logProbs)))
    const alpha = lossCoefficient(objective.regulariser)
    const gain = R.add(
      R.sub(policyGradient, R.mul(R.of(alpha), regulariser)),
      R.mul(R.of(objective.entropy), entropy),
    )
    return { loss: Real.neg(R)(gain), policyGradient, regulariser, entropy }
  }

/** The coefficient of the KL as a loss: 0 where it has already entered through the advantage. */
const lossCoefficient = (regulariser: Regulariser.Regulariser): number =>
  regulariser._tag === "None" || Regulariser.shapesAdvantage(regulariser) ? 0 : regulariser.coefficient
