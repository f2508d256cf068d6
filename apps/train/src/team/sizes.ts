/**
 * How many workers each arm of an experiment gets.
 *
 *     A arms on W workers:  as many rounds of W arms, one worker each, as are full;
 *                           the r = A mod W arms that are left share all workers: ⌊W/r⌋ or ⌈W/r⌉ each
 *
 * Never more than can work at once: the largest number of portions of rollouts, or shards, of a step. Sizes are fixed before
 * the first arm starts: arms of an experiment take about the same time, so that a round ends together.
 *
 * Laws (tests): every size is at least 1; the arms of a round take no more workers than there are; sizes beyond 1 only in the
 * last round; without portions and shards every size is 1.
 */
import type { Objective } from "@rapo/rapo"
import type { Training } from "../config/tables.ts"
import { portionCount } from "../rollout/portions.ts"
import { keepsGroups } from "../training/Judged.ts"
import { shardCount } from "../training/Shard.ts"

/** What of `[training]` says how a step is cut. */
type Sizes = Pick<Training, "prompts_per_step" | "group_size" | "micro_batch" | "sampling_batch">

/** The sizes of the arms' teams, in their order; `useful` says how many members can work at once for each arm. */
export const teamSizes = (useful: ReadonlyArray<number>, workers: number): ReadonlyArray<number> => {
  const left = useful.length % workers
  const first = useful.length - left
  return useful.map((most, arm) =>
    arm < first ? 1 : Math.min(most, Math.floor(workers / left) + Number(arm - first < workers % left)),
  )
}

/** How many arms come before the first that a team trains. */
export const aloneCount = (sizes: ReadonlyArray<number>): number => {
  const first = sizes.findIndex((size) => size > 1)
  return first === -1 ? sizes.length : first
}

/** How many members can work at once on a step of an experiment's `[training]`. */
export const usefulMembers = (
  objective: Objective.Objective,
  { prompts_per_step: problems, group_size, micro_batch = Infinity, sampling_batch }: Sizes,
): number =>
  Math.max(
    portionCount(problems, group_size, sampling_batch),
    shardCount(problems, group_size, micro_batch, keepsGroups(objective)),
  )
