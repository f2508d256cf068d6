/** Random batches with all that any objective needs of one. */
import * as fc from "fast-check"
import { Loss } from "../../src/index.ts"
import { listOf, maskOf } from "./basics.ts"

/**
 * Numbers that float32 has exactly, so that both interpreters see the same ones. Drawn evenly: small
 * numbers would often meet at a kink (ln ρ = 0 with A = 0, say), where rounding decides the branch.
 */
const sixtyFourths = (min: number, max: number): fc.Arbitrary<number> =>
  fc.noBias(fc.integer({ min: Math.ceil(min * 64), max: Math.floor(max * 64) })).map((n) => n / 64)

/**
 * Whole batches of 1 to 2 groups of 1 to 2 responses, off-policy and on-policy, of up to 3 positions and a vocabulary of
 * 2 to 4; samplers, demonstrations and weights of the KL are there or not.
 */
export const batch: fc.Arbitrary<Loss.Batch<number>> = fc
  .tuple(
    fc.integer({ min: 1, max: 2 }),
    fc.integer({ min: 1, max: 2 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 2, max: 4 }),
  )
  .chain(([groups, groupSize, T, V]) => {
    const B = groups * groupSize
    const cube = listOf(B, listOf(T, listOf(V, sixtyFourths(-2, 2))))
    const logProbs = listOf(B, listOf(T, sixtyFourths(-3, -0.05)))
    const maybe = <A>(arbitrary: fc.Arbitrary<A>): fc.Arbitrary<A | undefined> =>
      fc.option(arbitrary, { nil: undefined })
    return fc
      .record({
        logits: cube,
        tokens: listOf(B, listOf(T, fc.nat({ max: V - 1 }))),
        mask: maskOf(B, T),
        advantages: listOf(B, sixtyFourths(-2, 2)),
        rewards: listOf(B, sixtyFourths(-1, 2)),
        oldLogProbs: maybe(logProbs),
        referenceLogits: cube,
        klWeights: maybe(listOf(B, sixtyFourths(0.1, 1))),
        behaviourLogProbs: maybe(logProbs),
        oldMeanLogProbs: logProbs,
        isDemonstration: maybe(listOf(B, fc.constantFrom(0, 1))),
        partition: sixtyFourths(0.1, 2),
      })
      .map((drawn) => ({
        ...drawn,
        groupSize,
        sequenceCount: B,
        tokenCount: drawn.mask.flat().reduce((a, b) => a + b, 0),
      }))
  })

/** The responses from `from` to `to`, with the counts of the whole batch. */
export const slice = (batch: Loss.Batch<number>, from: number, to?: number): Loss.Batch<number> => ({
  ...batch,
  logits: batch.logits.slice(from, to),
  tokens: batch.tokens.slice(from, to),
  mask: batch.mask.slice(from, to),
  advantages: batch.advantages.slice(from, to),
  rewards: batch.rewards.slice(from, to),
  oldLogProbs: batch.oldLogProbs?.slice(from, to),
  referenceLogits: batch.referenceLogits?.slice(from, to),
  klWeights: batch.klWeights?.slice(from, to),
  behaviourLogProbs: batch.behaviourLogProbs?.slice(from, to),
  oldMeanLogProbs: batch.oldMeanLogProbs?.slice(from, to),
  isDemonstration: batch.isDemonstration?.slice(from, to),
})

/** One more position, masked, with anything in it. */
export const padded = (batch: Loss.Batch<number>, junk: number): Loss.Batch<number> => {
  const row = <A>(rows: ReadonlyArray<ReadonlyArray<A>>, pad: A): ReadonlyArray<ReadonlyArray<A>> =>
    rows.map((values) => [...values, pad])
  return {
    ...batch,
    logits: batch.logits.map((rows) => [...rows, (rows[0] ?? []).map((_, v) => v * junk)]),
    tokens: row(batch.tokens, 0),
    mask: row(batch.mask, 0),
    oldLogProbs: batch.oldLogProbs && row(batch.oldLogProbs, junk),
    behaviourLogProbs: batch.behaviourLogProbs && row(batch.behaviourLogProbs, -junk),
    oldMeanLogProbs: batch.oldMeanLogProbs && row(batch.oldMeanLogProbs, junk),
    referenceLogits: batch.referenceLogits?.map((rows) => [
      ...rows,
      (rows[0] ?? []).map((_, v) => -v * junk),
    ]),
  }
}

/** Rows of numbers, none empty, in groups of a size. */
export const rowsAndGroupSize: fc.Arbitrary<readonly [Array<Array<number>>, number]> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 }))
  .chain(([groups, groupSize]) =>
    fc.tuple(
      listOf(groups * groupSize, fc.array(sixtyFourths(-4, 4), { minLength: 1, maxLength: 5 })),
      fc.constant(groupSize),
    ),
  )
