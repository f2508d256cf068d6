/**
 * BroRL: ProRL's objective with hundreds of responses a prompt (512).
 *
 * Why that is another system though the loss is the same: sampled terms always move mass to right answers; what may move it
 * away is the coupling to answers that were not sampled, and that shrinks as the group grows.
 *
 * | default | value | from |
 * |---|---|---|
 * | objective | ProRL's | [paper], abstract |
 * | G | 512 | [paper]: the group's size is the trainer's |
 *
 * Source: arXiv 2510.01180.
 */
import type { PolicyGradientObjective } from "../Objective.ts"
import { proRl } from "./ProRl.ts"

/**
 * @category objectives
 * @since 0.1.0
 */
export const broRl: PolicyGradientObjective = { ...proRl, name: "BroRL" }
