/**
 * GSPO: one ratio a response, the geometric mean of its tokens', clipped in a very narrow region.
 *
 *     J = (1/G) Σ_i min(s_i A_i, clip(s_i, 1 - ε_low, 1 + ε_high) A_i),   s_i = exp( mean_t ln r_it ),   A = (r - mean)/std
 *
 * | default | value | from |
 * |---|---|---|
 * | ε_low, ε_high | 3e-4, 4e-4 | [library] TRL's paper index, after the paper's experiments |
 * | KL | none | [library] the same |
 * | std + 1e-6 | | [code] verl; the paper has no 1e-6 |
 *
 * Source: Zheng et al. (2025), arXiv 2507.18071.
 */
import * as Advantage from "../Advantage.ts"
import * as Aggregation from "../Aggregation.ts"
import type { PolicyGradientObjective } from "../Objective.ts"
import * as Regulariser from "../Regulariser.ts"
import * as PolicyGradient from "../surrogates/PolicyGradient.ts"

/**
 * @category objectives
 * @since 0.1.0
 */
export const gspo: PolicyGradientObjective = {
  name: "GSPO",
  surrogate: {
    ...PolicyGradient.of(Advantage.groupStandardised, { _tag: "Clip", low: 3e-4, high: 4e-4 }),
    ratio: "sequence",
    demonstrations: { _tag: "None" },
  },
  regulariser: Regulariser.none,
  entropy: 0,
  aggregation: Aggregation.sequenceMean,
}
