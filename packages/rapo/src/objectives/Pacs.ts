/**
 * PACS: learning from verifiable rewards as supervised classification; see `Classification` for the formula.
 *
 *     J = -mean_i w_i BCE( r̂_i - mean_{j ≠ i} r̂_j, R_i ),    r̂_i = β Σ_t ln(π_θ/π_old)
 *
 * | default | value | from |
 * |---|---|---|
 * | β | 1 | [code] scripts use 1 and 2 |
 * | w | balanced within the group | [code] sklearn's "balanced"; 1 where the group has one class |
 * | KL, entropy | none | [code] |
 *
 * Source: arXiv 2509.02522; code at bbe1dc6, `src/pacs/pacs_core_algos.py`.
 */
import * as Aggregation from "../Aggregation.ts"
import type { ResponseObjective } from "../Objective.ts"
import * as Regulariser from "../Regulariser.ts"

/**
 * @category objectives
 * @since 0.1.0
 */
export const withBeta = (beta: number): ResponseObjective => ({
  name: `PACS, β = ${beta}`,
  surrogate: { _tag: "Classification", beta },
  regulariser: Regulariser.none,
  entropy: 0,
  aggregation: Aggregation.sequenceMean,
})

/**
 * @category objectives
 * @since 0.1.0
 */
export const pacs: ResponseObjective = { ...withBeta(1), name: "PACS" }
