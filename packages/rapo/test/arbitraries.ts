/** The random values that this package's laws are tested with. */
import { Categorical } from "@rapo/distributions"
import * as fc from "fast-check"
import type { Either } from "fp-ts/lib/Either.js"
import { isLeft } from "fp-ts/lib/Either.js"
import type { Advantage, Aggregation, Objective, Phi, Regulariser, TrustRegion } from "../src/index.ts"
import { Loss, Optimal } from "../src/index.ts"

/** The right of an Either that cannot be a left, by how the test made it. */
export const right = <E, A>(either: Either<E, A>): A => {
  if (isLeft(either)) throw new Error(`expected a right, got ${JSON.stringify(either.left)}`)
  return either.right
}

const double = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true })

const listOf = <A>(length: number, element: fc.Arbitrary<A>): fc.Arbitrary<Array<A>> =>
  fc.array(element, { minLength: length, maxLength: length })

/** Eighths: sums, shifts and scalings by powers of two of them are exact, so that equal rewards stay equal. */
export const eighths: fc.Arbitrary<number> = fc.integer({ min: -80, max: 80 }).map((n) => n / 8)

export const rewards: fc.Arbitrary<Array<number>> = fc.oneof(
  fc.array(eighths, { minLength: 1, maxLength: 16 }),
  fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 16 }),
)

export const powerOfTwo: fc.Arbitrary<number> = fc.integer({ min: -4, max: 4 }).map((n) => 2 ** n)

export const advantage: fc.Arbitrary<Advantage.Advantage> = fc.oneof(
  fc.constantFrom(0, 1e-6, 0.01).map((epsilon) => ({ _tag: "Standardised" as const, epsilon })),
  fc.constant({ _tag: "Centred" as const }),
)

export const rewardsAndPermutation: fc.Arbitrary<readonly [Array<number>, Array<number>]> = rewards.chain(
  (rs) =>
    fc.tuple(
      fc.constant(rs),
      fc.shuffledSubarray([...rs.keys()], { minLength: rs.length, maxLength: rs.length }),
    ),
)

export const ratio: fc.Arbitrary<number> = double(-3, 3).map(Math.exp)

/** Clips of some width: one of width 0 has its kink at r = 1 itself, where rounding decides the branch. */
export const region: fc.Arbitrary<TrustRegion.TrustRegion> = fc.oneof(
  fc.constant({ _tag: "None" as const }),
  fc.record({ _tag: fc.constant("Clip" as const), low: double(0.01, 1.5), high: double(0.01, 1.5) }),
  fc.record({
    _tag: fc.constant("Clip" as const),
    low: double(0.01, 1),
    high: double(0.01, 1),
    dual: double(1.01, 10),
  }),
)

export const aggregation: fc.Arbitrary<Aggregation.Aggregation> = fc.oneof(
  fc.constant({ _tag: "TokenMean" as const }),
  fc.constant({ _tag: "SequenceMean" as const }),
  fc.integer({ min: 1, max: 20 }).map((length) => ({ _tag: "Constant" as const, length })),
)

/** Right-padded masks of responses of 1 to `time` tokens. */
export const maskOf = (responses: number, time: number): fc.Arbitrary<Array<Array<number>>> =>
  listOf(responses, fc.integer({ min: 1, max: time })).map((lengths) =>
    lengths.map((length) => Array.from({ length: time }, (_, t) => (t < length ? 1 : 0))),
  )

export const mask: fc.Arbitrary<Array<Array<number>>> = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }))
  .chain(([responses, time]) => maskOf(responses, time))

export const phi: fc.Arbitrary<Phi.Phi> = fc.record({
  minimum: double(0, 1),
  rewardLow: double(-1, 0),
  rewardHigh: double(0.1, 2),
})

export const logits: fc.Arbitrary<Array<number>> = fc.array(double(-5, 5), { minLength: 1, maxLength: 8 })

/** Distributions with outcomes of probability 0 among them, and, if `depth` allows, of probability e^-depth. */
export const categoricalOf = (size: number, depth: number): fc.Arbitrary<Categorical.Categorical> =>
  fc
    .tuple(
      listOf(
        size,
        fc.oneof(
          { weight: 4, arbitrary: double(-depth, 0) },
          { weight: 1, arbitrary: fc.constant(-Infinity) },
        ),
      ),
      fc.nat({ max: size - 1 }),
    )
    .map(([logWeights, possible]) =>
      right(Categorical.fromLogits(logWeights.map((l, y) => (y === possible ? 0 : l)))),
    )

/** α over six orders of magnitude. */
export const alpha: fc.Arbitrary<number> = double(-3, 3).map((e) => 10 ** e)

/** Problems of 1 to 8 outcomes, rewards with ties, and reference probabilities down to 1e-300. */
export const problem: fc.Arbitrary<Optimal.Problem> = fc
  .integer({ min: 1, max: 8 })
  .chain((size) =>
    fc
      .tuple(
        fc.oneof(categoricalOf(size, 5), categoricalOf(size, 690)),
        listOf(size, fc.oneof(fc.constantFrom(0, 1), double(-2, 2))),
      )
      .map(([reference, rs]) => right(Optimal.problem(reference, rs))),
  )

/** A problem and some policy for it. */
export const problemAndPolicy: fc.Arbitrary<readonly [Optimal.Problem, Categorical.Categorical]> =
  problem.chain((p) => fc.tuple(fc.constant(p), categoricalOf(p.rewards.length, 5)))

const reference: fc.Arbitrary<Regulariser.Reference> = fc.oneof(
  fc.constant({ _tag: "Plain" as const }),
  phi.map((phi) => ({ _tag: "Reweighted" as const, phi })),
)

const coefficient = double(0.01, 2)

export const regulariser: fc.Arbitrary<Regulariser.Regulariser> = fc.oneof(
  fc.constant({ _tag: "None" as const }),
  fc.record({
    _tag: fc.constant("ExactVocabulary" as const),
    direction: fc.constantFrom("forward" as const, "reverse" as const),
    coefficient,
    reference,
  }),
  fc.record({
    _tag: fc.constant("Sampled" as const),
    estimator: fc.constantFrom(
      "rkl-k1-reward" as const,
      "rkl-k2-loss" as const,
      "k3-naive" as const,
      "k3-weighted" as const,
      "fkl-naive" as const,
      "fkl-weighted" as const,
    ),
    coefficient,
    reference,
    logRatioBound: fc.constantFrom(0.5, 2, 5),
    level: fc.constantFrom("token" as const, "sequence" as const),
  }),
)

export const objective: fc.Arbitrary<Objective.Objective> = fc.record({
  name: fc.constant("arbitrary"),
  advantage,
  ratio: fc.constantFrom("token" as const, "sequence" as const),
  trustRegion: region,
  regulariser,
  entropy: fc.oneof(fc.constant(0), double(0.01, 1)),
  aggregation,
  anchor: fc.constant({ _tag: "Frozen" as const }),
})

/**
 * Numbers that float32 has exactly, so that both interpreters see the same ones. Drawn evenly: small
 * numbers would often meet at a kink (ln ρ = 0 with A = 0, say), where rounding decides the branch.
 */
const sixtyFourths = (min: number, max: number): fc.Arbitrary<number> =>
  fc.noBias(fc.integer({ min: Math.ceil(min * 64), max: Math.floor(max * 64) })).map((n) => n / 64)

/** Whole batches, off-policy and on-policy, of up to 3 responses, 3 positions and a vocabulary of 2 to 4. */
export const batch: fc.Arbitrary<Loss.Batch<number>> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 4 }))
  .chain(([B, T, V]) => {
    const cube = listOf(B, listOf(T, listOf(V, sixtyFourths(-2, 2))))
    return fc
      .record({
        logits: cube,
        tokens: listOf(B, listOf(T, fc.nat({ max: V - 1 }))),
        mask: maskOf(B, T),
        advantages: listOf(B, sixtyFourths(-2, 2)),
        rewards: listOf(B, sixtyFourths(-1, 2)),
        oldLogProbs: fc.option(listOf(B, listOf(T, sixtyFourths(-3, -0.05))), { nil: undefined }),
        referenceLogits: cube,
      })
      .map((drawn) => ({
        ...drawn,
        sequenceCount: B,
        tokenCount: drawn.mask.flat().reduce((a, b) => a + b, 0),
      }))
  })
