/** Random advantages, and the judged groups that they are of. */
import * as fc from "fast-check"
import type { Advantage } from "../../src/index.ts"
import { double, eighths, listOf } from "./basics.ts"

const epsilon = fc.constantFrom(1e-8, 1e-6, 0.01)

const batchScale: fc.Arbitrary<Advantage.BatchScale> = fc.oneof(
  fc.constant({ _tag: "None" as const }),
  epsilon.map((epsilon) => ({ _tag: "BatchStd" as const, epsilon })),
  epsilon.map((epsilon) => ({ _tag: "TokenWhitened" as const, epsilon })),
)

export const groupAdvantage: fc.Arbitrary<Advantage.Advantage> = fc.record({
  centre: fc.constantFrom("GroupMean" as const, "LeaveOneOut" as const),
  scale: fc.oneof(
    batchScale,
    epsilon.map((epsilon) => ({ _tag: "GroupStd" as const, epsilon })),
  ),
})

export const advantage: fc.Arbitrary<Advantage.Advantage> = fc.oneof(
  { weight: 2, arbitrary: groupAdvantage },
  {
    weight: 1,
    arbitrary: fc.record({
      centre: fc.constantFrom("BatchMean" as const, "None" as const),
      scale: batchScale,
    }),
  },
)

const groupOf = (size: number): fc.Arbitrary<Advantage.Group> =>
  fc.record({
    rewards: fc.oneof(
      listOf(size, eighths),
      listOf(size, fc.constantFrom(0, 1)),
      eighths.map((reward) => Array.from({ length: size }, () => reward)),
    ),
    lengths: listOf(size, fc.integer({ min: 1, max: 40 })),
  })

/** A group of 1 to 8 responses, degenerate ones often. */
export const group: fc.Arbitrary<Advantage.Group> = fc.integer({ min: 1, max: 8 }).chain(groupOf)

/** Up to 5 groups, empty ones among them. */
export const groups: fc.Arbitrary<Array<Advantage.Group>> = fc.array(
  fc.oneof({ weight: 9, arbitrary: group }, { weight: 1, arbitrary: groupOf(0) }),
  { minLength: 1, maxLength: 5 },
)

export const groupAndPermutation: fc.Arbitrary<readonly [Advantage.Group, Array<number>]> = group.chain((g) =>
  fc.tuple(
    fc.constant(g),
    fc.shuffledSubarray([...g.rewards.keys()], {
      minLength: g.rewards.length,
      maxLength: g.rewards.length,
    }),
  ),
)

/** Log-ratios of whole responses, which reach far. */
export const logRatio: fc.Arbitrary<number> = double(-200, 200)
