/**
 * ROVER: the uniform policy's Q-function is enough; the policy is regressed on a one-step target. See
 * `BellmanRegression` for the formula.
 *
 *     J = -mean over tokens of ( ρ ln(π_θ/π_old) - sg[ r̃ + ρ (m_θ(s') - m_old(s')) ] )²
 *
 * | default | value | from |
 * |---|---|---|
 * | ρ | 1 | [code] rover_t |
 * | r̃ | r - mean | [paper]; the released script standardises it: `withAdvantage(Advantage.groupStandardised)` |
 * | clip of Q | none | [ours]: optional in the code |
 *
 * Source: arXiv 2509.24981; code tinnerhrhe/ROVER at b0fa587.
 */
import * as Advantage from "../Advantage.ts"
import * as Aggregation from "../Aggregation.ts"
import type { BellmanObjective } from "../Objective.ts"
import * as Regulariser from "../Regulariser.ts"

/**
 * @category objectives
 * @since 0.1.0
 */
export const withAdvantage = (advantage: Advantage.Advantage): BellmanObjective => ({
  name: "ROVER",
  surrogate: { _tag: "BellmanRegression", advantage, temperature: 1 },
  regulariser: Regulariser.none,
  entropy: 0,
  aggregation: Aggregation.tokenMean,
})

/**
 * @category objectives
 * @since 0.1.0
 */
export const rover: BellmanObjective = withAdvantage(Advantage.groupCentred)
