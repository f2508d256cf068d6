/**
 * DPG and GDC: match a distribution instead of maximising a reward; see `DistributionMatching` for the formula.
 *
 *     dpg   p* ∝ π_ref e^{r/β},   weight P/q           the optimum of reward with reverse KL, reached by forward KL
 *     gdc   p* ∝ π_ref · r,       weight P/q - Z π/q   the reference among right answers, with the baseline
 *
 * | default | value | from |
 * |---|---|---|
 * | β of dpg | 1 | [ours] |
 * | baseline of gdc | Z π/q | [code] `pointwise_gdc.py`, whose variant P/(qZ) is not here |
 * | KL, entropy | none | [code] |
 *
 * Source: Khalifa, Elsahar, Dymetman (2021), arXiv 2012.11635; Korbak et al. (2022), arXiv 2205.11275; naver/gdc a59c5b7.
 */
import * as Aggregation from "../Aggregation.ts"
import type { ResponseObjective } from "../Objective.ts"
import * as Regulariser from "../Regulariser.ts"

/**
 * DPG towards the tilted reference of another temperature.
 *
 * @category objectives
 * @since 0.1.0
 */
export const dpgAt = (temperature: number): ResponseObjective => ({
  name: `DPG, β = ${temperature}`,
  surrogate: {
    _tag: "DistributionMatching",
    target: { _tag: "Tilted", temperature },
    hasBaseline: false,
  },
  regulariser: Regulariser.none,
  entropy: 0,
  aggregation: Aggregation.sequenceMean,
})

/**
 * @category objectives
 * @since 0.1.0
 */
export const dpg: ResponseObjective = { ...dpgAt(1), name: "DPG" }

/**
 * @category objectives
 * @since 0.1.0
 */
export const gdc: ResponseObjective = {
  ...dpg,
  name: "GDC",
  surrogate: { _tag: "DistributionMatching", target: { _tag: "Filtered" }, hasBaseline: true },
}
