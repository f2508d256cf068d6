/** Random judged responses: what a training step descends on. */
import * as fc from "fast-check"
import type { Shard } from "../../src/training/Shard.ts"
import { prompts } from "../arbitraries.ts"

const float = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true }).map(Math.fround)

const lists = <A>(arbitrary: fc.Arbitrary<A>, length: number): fc.Arbitrary<ReadonlyArray<A>> =>
  fc.array(arbitrary, { minLength: length, maxLength: length })

/** One to three prompts with one to four answers each, of one to five tokens out of 20; on-policy. */
export const shard: fc.Arbitrary<Shard> = fc
  .tuple(prompts, fc.integer({ min: 1, max: 4 }))
  .chain(([prompts, groupSize]) => {
    const count = prompts.length * groupSize
    return fc
      .record({
        responses: lists(fc.array(fc.nat(19), { minLength: 1, maxLength: 5 }), count),
        rewards: lists(fc.constantFrom(0, 1), count),
        advantages: lists(float(-2, 2), count),
        klWeights: lists(float(0.1, 1), count),
      })
      .map((drawn) => ({ ...drawn, batch: { prompts, groupSize, padId: 0 }, old: undefined }))
  })
