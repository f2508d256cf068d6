import { Grpo, Objectives } from "@rapo/rapo"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { portionCount, portionsOf } from "../../src/rollout/portions.ts"
import { aloneCount, teamSizes, usefulMembers } from "../../src/team/sizes.ts"
import { shardCount, split } from "../../src/training/Shard.ts"
import { keepsGroups } from "../../src/training/Judged.ts"
import { shard } from "../arbitraries/shards.ts"

const count = fc.integer({ min: 1, max: 12 })
const useful = fc.array(count, { maxLength: 15 })

describe("teamSizes", () => {
  it("gives each arm a worker at least, and no more than it can use", () => {
    fc.assert(
      fc.property(useful, count, (most, workers) => {
        const sizes = teamSizes(most, workers)
        return (
          sizes.length === most.length && sizes.every((size, arm) => size >= 1 && size <= (most[arm] ?? 0))
        )
      }),
    )
  })

  it("fills the workers in rounds: teams in the last one only, which share all workers when they can use them", () => {
    fc.assert(
      fc.property(useful, count, (most, workers) => {
        const sizes = teamSizes(most, workers)
        const first = sizes.length - (sizes.length % workers)
        const last = sizes.slice(first)
        const sum = last.reduce((a, b) => a + b, 0)
        const canUseAll = most.slice(first).every((each) => each >= workers)
        return (
          sizes.slice(0, first).every((size) => size === 1) &&
          sum <= workers &&
          (!canUseAll || last.length === 0 || sum === workers)
        )
      }),
    )
  })

  it("has its first team where aloneCount says", () => {
    fc.assert(
      fc.property(useful, count, (most, workers) => {
        const sizes = teamSizes(most, workers)
        const alone = aloneCount(sizes)
        return (
          sizes.slice(0, alone).every((size) => size === 1) &&
          (alone === sizes.length || (sizes[alone] ?? 0) > 1)
        )
      }),
    )
  })

  it("is as before where nothing can be shared", () => {
    expect(teamSizes([1, 1, 1], 8)).toEqual([1, 1, 1])
  })

  it.each([
    [[9], 2, [2]],
    [[9], 8, [8]],
    [[9, 9, 9], 2, [1, 1, 2]],
    [[9, 9, 9], 8, [3, 3, 2]],
    [[2, 9], 8, [2, 4]],
    [[9, 9, 9, 9, 9], 4, [1, 1, 1, 1, 4]],
  ])("%j on %i workers: %j", (most, workers, sizes) => {
    expect(teamSizes(most, workers)).toEqual(sizes)
  })
})

describe("portions of problems", () => {
  it("join to the problems, in order, of at most so many responses or one group", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { maxLength: 12 }),
        count,
        fc.option(count),
        (problems, groupSize, size) => {
          const most = size ?? undefined
          const portions = portionsOf(problems, groupSize, most)
          return (
            portions.flat().join() === problems.join() &&
            portions.length === portionCount(problems.length, groupSize, most) &&
            portions.every(
              ({ length }) => length >= 1 && length * groupSize <= Math.max(most ?? Infinity, groupSize),
            )
          )
        },
      ),
    )
  })

  it("are one, where nobody says", () => {
    expect(portionsOf([1, 2, 3], 4)).toEqual([[1, 2, 3]])
  })
})

describe("usefulMembers", () => {
  it("shardCount is the number of shards", () => {
    fc.assert(
      fc.property(shard, fc.integer({ min: 1, max: 14 }), fc.boolean(), (whole, size, keeps) => {
        const { prompts, groupSize } = whole.batch
        return shardCount(prompts.length, groupSize, size, keeps) === split(whole, size, keeps).length
      }),
    )
  })

  it.each([
    [{}, 1],
    [{ micro_batch: 8 }, 4],
    [{ micro_batch: 4 }, 8],
    [{ sampling_batch: 16 }, 2],
    [{ micro_batch: 8, sampling_batch: 1 }, 4],
  ])("of 4 groups of 8 with %j: %i", (memory, members) => {
    const training = { prompts_per_step: 4, group_size: 8, ...memory }
    expect(usefulMembers(Grpo.grpo, training)).toBe(members)
  })

  it("shards are whole groups where the objective compares within groups", () => {
    const whole = Object.values(Objectives.all).filter(keepsGroups)
    expect(whole.length).toBeGreaterThan(0)
    for (const objective of whole)
      expect(usefulMembers(objective, { prompts_per_step: 4, group_size: 8, micro_batch: 1 })).toBe(4)
  })
})
