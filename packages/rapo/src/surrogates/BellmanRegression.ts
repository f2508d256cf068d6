/**
 * Bellman regression (ROVER): the policy's log-ratio is a Q-function, held to a one-step target under the uniform policy.
 *
 *     Q_t = ρ ln( π_θ(o_t) / π_old(o_t) ),     target_t = sg[ r̃ + ρ ( m_θ(s_{t+1}) - m_old(s_{t+1}) ) ]
 *     J = -Σ w (Q_t - target_t)²,              m(s) = mean_a ln π(a|s),  0 past the last token
 *
 * r̃ is the response's advantage, given to each of its tokens.
 *
 * Laws (`Laws.ts`)
 * 1. On-policy Q = 0 and the m cancel, so the target is r̃, and ∇J = 2ρ Σ w r̃ ∇ ln π(o_t): a policy gradient with the
 *    advantage 2ρ r̃.
 * 2. So on-policy a degenerate group (r̃ = 0) has no gradient; off-policy it is drawn back to consistency.
 *
 * Source: ROVER, arXiv 2509.24981, code tinnerhrhe/ROVER `dp_actor.py`, `core_algos.compute_rover_loss`; the code's
 * optional clip of Q is not here. Sampling from softmax(Q/ρ) is the rollout's business.
 */
import type { Advantage } from "../Advantage.ts"
import type { Observed } from "../Observed.ts"
import type { Tokenwise } from "../Tokenwise.ts"

// model

/**
 * `temperature` is ρ.
 *
 * @category models
 * @since 0.1.0
 */
export interface BellmanRegression {
  readonly _tag: "BellmanRegression"
  readonly advantage: Advantage
  readonly temperature: number
}

// combinators

/**
 * -(Q - target)², one number a token.
 *
 * @category combinators
 * @since 0.1.0
 */
export const gain =
  <A>(W: Tokenwise<A>) =>
  (
    { temperature }: BellmanRegression,
    { logWeight, meanLogWeight, advantage, isOnPolicy }: Observed<A>,
  ): A => {
    const rho = W.of(temperature)
    const target = isOnPolicy
      ? advantage
      : W.add(advantage, W.mul(rho, W.next(W.stopGradient(meanLogWeight()))))
    const error = W.sub(W.mul(rho, logWeight), target)
    return W.mul(W.of(-1), W.mul(error, error))
  }
