/**
 * DAPO's objective: a higher ceiling for ratios than floor, a mean over tokens, no KL.
 *
 *     J = (1 / Σ_i |o_i|) Σ_i Σ_t min(r_t A_i, clip(r_t, 1 - ε_low, 1 + ε_high) A_i),   A = (r - mean)/std
 *
 * | default | value | from |
 * |---|---|---|
 * | ε_low, ε_high | 0.2, 0.28 | [paper] |
 * | dual clip c | 10 | [code] verl `run_dapo_qwen2.5_32b.sh` |
 * | std + 1e-6 | | [code] verl |
 *
 * DAPO's dynamic sampling and overlong penalty are strategies of data and reward, not of the objective.
 *
 * Source: Yu et al. (2025), arXiv 2503.14476; code volcengine/verl, recipe/dapo.
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
export const dapo: PolicyGradientObjective = {
  name: "DAPO",
  surrogate: PolicyGradient.of(Advantage.groupStandardised, { _tag: "Clip", low: 0.2, high: 0.28, dual: 10 }),
  regulariser: Regulariser.none,
  entropy: 0,
  aggregation: Aggregation.tokenMean,
}
