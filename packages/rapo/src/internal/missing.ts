/** The violated invariant of a batch without what its objective needs: a caller's bug. */
import type { Need, Objective } from "../Objective.ts"

export const missing = ({ name }: Objective, need: Need, field: string): Error =>
  new Error(`Objective "${name}" needs ${need}: the batch must have ${field} (Objective.needs says so).`)
