/**
 * Parameters in groups that a pass over all of them handles at once: as many calls as groups.
 *
 *     names = group₁ ⧺ group₂ ⧺ …,    Σ_{name ∈ group} size(name) ≤ `groupNumbers`,  or the group is one parameter
 *
 * Where passes run as graphs a call costs more than its work on a small parameter, and a group's temporaries live at once; so a
 * group is as large as its bound allows. Elsewhere nothing is gained by groups, and each parameter is one.
 *
 * Laws (tests): the groups are the names, in order; each obeys its bound; no two neighbours would fit in one.
 */
import { computesAs } from "../engine/computesAs.ts"
import type { Parameters } from "../model/Parameters.ts"

/** Numbers of a group: 16 MiB of float32. *Ours*: a call's cost is nothing beside the work on so many. */
export const groupNumbers = 2 ** 22

/** The groups of this thread's engine. */
export const parameterGroups = (parameters: Parameters): ReadonlyArray<ReadonlyArray<string>> =>
  groupsWithin(
    computesAs() === "native" ? groupNumbers : 0,
    Object.entries(parameters).map(([name, { size }]) => [name, size] as const),
  )

/** See the module header; `limit` is the bound. */
export const groupsWithin = (
  limit: number,
  sizes: ReadonlyArray<readonly [name: string, size: number]>,
): ReadonlyArray<ReadonlyArray<string>> => {
  const groups: Array<Array<string>> = []
  let room = 0
  for (const [name, size] of sizes) {
    const last = groups.at(-1)
    if (last !== undefined && size <= room) last.push(name)
    else {
      groups.push([name])
      room = limit
    }
    room -= size
  }
  return groups
}
