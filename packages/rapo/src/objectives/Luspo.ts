/**
 * LUSPO: GSPO in which a response counts by its length, so that a long response's token is not worth less than a short
 * one's.
 *
 *     J = (1/G) Σ_i |o_i| min(s_i A_i, clip(s_i, 1 - ε_low, 1 + ε_high) A_i),   s_i = exp( mean_t ln r_it )
 *
 * | default | value | from |
 * |---|---|---|
 * | ε_low, ε_high | 2e-3, 2.5e-3 | [library] TRL `grpo_trainer.py`, paper index |
 * | KL | none | [ours], as in GSPO |
 *
 * Source: arXiv 2602.05261, as TRL implements it.
 */
import * as Aggregation from "../Aggregation.ts"
import type { PolicyGradientObjective } from "../Objective.ts"
import { gspo } from "./Gspo.ts"

/**
 * @category objectives
 * @since 0.1.0
 */
export const luspo: PolicyGradientObjective = {
  ...gspo,
  name: "LUSPO",
  surrogate: { ...gspo.surrogate, trustRegion: { _tag: "Clip", low: 2e-3, high: 2.5e-3 } },
  aggregation: Aggregation.sequenceSum,
}
