/**
 * RoRecomp: batches recomposed so that short right and long wrong answers come first. A strategy of data; the objective
 * that it is plugged into is PPO's or GRPO's.
 *
 * | default | value | from |
 * |---|---|---|
 * | objective | GRPO's | [paper], abstract: "plugs into" it; with GRPO's own coefficients [ours] |
 *
 * Source: arXiv 2509.25958.
 */
import type { PolicyGradientObjective } from "../Objective.ts"
import { grpo } from "./Grpo.ts"

/**
 * @category objectives
 * @since 0.1.0
 */
export const roRecomp: PolicyGradientObjective = { ...grpo, name: "RoRecomp" }
