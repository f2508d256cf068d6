/**
 * The arms of the default experiment: one objective, and one difference from it an arm.
 *
 *     unregularised   J₀ = Σ_bt w_bt surrogate(r_bt, A_b)
 *     reverseKL α     J₀ - α Σ_bt w_bt KL(π(·|h) ‖ π_ref(·|h))
 *     forwardKL α     J₀ - α Σ_bt w_bt KL(π_ref(·|h) ‖ π(·|h))
 *
 * Both KLs are exact over the vocabulary, so that each arm's gradient is that of the KL in its name; a sampled k3
 * would make the reverse arm a forward one in gradient. Only α and the direction differ, so that a difference in
 * outcome is due to them. Equal α is not equal strength: compare fronts, not two arms.
 *
 * All choices are [ours], taken from SimpleRL-Zoo where it has them (clip 0.2, standardised advantages with 1e-6);
 * weights are token means, so that α weighs a token's KL as the policy gradient weighs a token.
 */
import * as Advantage from "../Advantage.ts"
import * as Aggregation from "../Aggregation.ts"
import type { PolicyGradientObjective } from "../Objective.ts"
import * as Regulariser from "../Regulariser.ts"
import * as PolicyGradient from "../surrogates/PolicyGradient.ts"
import * as TrustRegion from "../TrustRegion.ts"

/**
 * @category objectives
 * @since 0.1.0
 */
export const unregularised: PolicyGradientObjective = {
  name: "unregularised",
  surrogate: PolicyGradient.of(Advantage.groupStandardised, TrustRegion.clip(0.2)),
  regulariser: Regulariser.none,
  entropy: 0,
  aggregation: Aggregation.tokenMean,
}

/**
 * Held to the frozen reference by KL(π ‖ π_ref), which forbids going where the reference is not.
 *
 * @category objectives
 * @since 0.1.0
 */
export const reverseKL = (coefficient: number): PolicyGradientObjective => held("reverse", coefficient)

/**
 * Held to the frozen reference by KL(π_ref ‖ π), which forbids leaving where the reference is.
 *
 * @category objectives
 * @since 0.1.0
 */
export const forwardKL = (coefficient: number): PolicyGradientObjective => held("forward", coefficient)

const held = (direction: "forward" | "reverse", coefficient: number): PolicyGradientObjective => ({
  ...unregularised,
  name: `${direction} KL, α = ${coefficient}`,
  regulariser: Regulariser.exact(direction, coefficient),
})
