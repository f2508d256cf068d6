/**
 * PrefixRL: questions that begin with a part of a right solution, found by the base model. A strategy of data: the prefix
 * belongs to the prompt, and the loss is of the completion alone, which the mask says.
 *
 *     J = GRPO's, on x ⊕ y_{1:h} and x
 *
 * | default | value | from |
 * |---|---|---|
 * | objective | GRPO's, no KL | [ours]: the paper says on-policy RL |
 *
 * Source: arXiv 2601.18795, abstract.
 */
import type { PolicyGradientObjective } from "../Objective.ts"
import * as Regulariser from "../Regulariser.ts"
import { grpo } from "./Grpo.ts"

/**
 * @category objectives
 * @since 0.1.0
 */
export const prefixRl: PolicyGradientObjective = { ...grpo, name: "PrefixRL", regulariser: Regulariser.none }
