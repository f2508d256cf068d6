/**
 * RLOO: REINFORCE on whole responses, with the mean reward of the others as the baseline.
 *
 *     J = (1/G) Σ_i A_i Σ_t r_it,   A_i = r_i - mean_{j ≠ i} r_j,   no trust region
 *
 * On-policy its gradient is (1/G) Σ_i A_i ∇ ln π(o_i): the response is one action, and no length enters.
 *
 * | default | value | from |
 * |---|---|---|
 * | clip | none | [paper] REINFORCE, on-policy |
 * | KL | none | [ours]: the paper takes a response's k1 off the reward, with a coefficient that it varies |
 *
 * Source: Ahmadian et al. (2024), Back to Basics, arXiv 2402.14740; the leave-one-out form: Kool et al. (2019).
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
export const rloo: PolicyGradientObjective = {
  name: "RLOO",
  surrogate: PolicyGradient.of(Advantage.leaveOneOut, TrustRegion.none),
  regulariser: Regulariser.none,
  entropy: 0,
  aggregation: Aggregation.sequenceSum,
}
