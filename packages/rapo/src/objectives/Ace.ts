/**
 * ACE: wrong answers that the policy has become confident of are pushed down harder.
 *
 *     A'_i = A_i (1 + a softplus(c_i)) where A_i < 0,  A_i elsewhere;    c_i = ln( π_θ(o_i) / π_ref(o_i) )
 *
 * | default | value | from |
 * |---|---|---|
 * | the form of A' | 1 + a·softplus(c), c a constant | [ours], inferred from the abstract and summaries [secondary] |
 * | a | 1 | [ours]: not found |
 * | over | GRPO | [paper] composes with GRPO and DAPO |
 *
 * Source: arXiv 2602.21420, abstract.
 */
import type { PolicyGradientObjective } from "../Objective.ts"
import { grpo } from "./Grpo.ts"

/**
 * ACE over any policy gradient.
 *
 * ```ts import.meta.vitest
 * import { Ace, Dapo, Objective } from "@rapo/rapo"
 * Objective.needsReference(Ace.over(Dapo.dapo, 1)) // => true
 * ```
 *
 * @category objectives
 * @since 0.1.0
 */
export const over = (objective: PolicyGradientObjective, strength: number): PolicyGradientObjective => ({
  ...objective,
  name: `ACE over ${objective.name}, a = ${strength}`,
  surrogate: { ...objective.surrogate, shaping: { _tag: "OverConfidence", strength } },
})

/**
 * @category objectives
 * @since 0.1.0
 */
export const ace: PolicyGradientObjective = { ...over(grpo, 1), name: "ACE" }
