/**
 * Classification (PACS): the policy's own log-ratios are the logits of "this answer is right", trained by cross-entropy.
 *
 *     ψ_i = r̂_i - mean_{j ≠ i} r̂_j,    r̂_i = β Σ_t ln( π_θ / π_old )
 *     J = -mean_i w_i BCE(ψ_i, R_i),    BCE(ψ, 1) = softplus(-ψ),  BCE(ψ, 0) = softplus(ψ)
 *
 * with w_i = n / (2 n_class) within its group, and 1 where the group has one class: both classes weigh the same.
 * The batch carries the label and its weight as one number, the credit A_i = w_i (2 R_i - 1) (`Credit`).
 *
 * Laws (`Laws.ts`)
 * 1. ∇J = mean_i A_i σ(-s_i ψ_i) ∇ψ_i with s_i the sign of A_i: a policy gradient with an implicit advantage.
 *    On-policy (ψ = 0), for groups of one size G: ∇J = (β/2) (G/(G-1)) mean_i (A_i - the group's mean of A) ∇ ln π(y_i).
 * 2. On-policy a group of one class has no gradient, for Σ_i ψ_i = 0 (off-policy it has).
 * 3. A group of one has ψ = 0, hence none at all: *ours*, the code would divide by 0.
 *
 * Source: PACS, arXiv 2509.02522, code `pacs_core_algos.py` (method 1; method 2, r̂ = β mean ln π_θ, is not here).
 */
import { Real } from "@rapo/distributions"
import { softplus } from "../internal/softplus.ts"
import type { Observed } from "../Observed.ts"
import type { Tokenwise } from "../Tokenwise.ts"

// model

/**
 * `beta` scales log-ratios into logits.
 *
 * @category models
 * @since 0.1.0
 */
export interface Classification {
  readonly _tag: "Classification"
  readonly beta: number
}

// combinators

/**
 * -w BCE(ψ, R) of each response, given to each of its tokens.
 *
 * @category combinators
 * @since 0.1.0
 */
export const gain =
  <A>(W: Tokenwise<A>) =>
  ({ beta }: Classification, { logWeight, advantage }: Observed<A>): A => {
    const logit = W.mul(W.of(beta), W.relativeToPeers(logWeight))
    const right = W.mul(W.max(advantage, W.zero), softplus(W)(Real.neg(W)(logit)))
    const wrong = W.mul(W.min(advantage, W.zero), softplus(W)(logit))
    return W.sub(wrong, right)
  }

/**
 * Each response's weight and label as one number: +w_i where it is right, -w_i where it is wrong.
 *
 * ```ts import.meta.vitest
 * import { Classification } from "@rapo/rapo"
 * Classification.signedWeights([true, false, false, false])[0] // => 2
 * Classification.signedWeights([true, false, false, false])[1] // ≈ -0.6667
 * Classification.signedWeights([false, false]) // => [-1, -1]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const signedWeights = (isRight: ReadonlyArray<boolean>): ReadonlyArray<number> => {
  const count = isRight.length
  const right = isRight.filter(Boolean).length
  const weight = (ofClass: number): number => (right === 0 || right === count ? 1 : count / (2 * ofClass))
  return isRight.map((label) => (label ? weight(right) : -weight(count - right)))
}
