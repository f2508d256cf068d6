/** The violated invariant of a batch without `referenceLogits` for an objective that has a reference: a caller's bug. */
import type { Objective } from "../Objective.ts"

export const referenceMissing = (objective: Objective): Error =>
  new Error(
    `Objective "${objective.name}" refers to a reference policy: the batch must have referenceLogits (Objective.needsReference says so).`,
  )
