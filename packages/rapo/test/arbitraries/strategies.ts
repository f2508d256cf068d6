/** The random values that the laws of the strategies are tested with. */
import { Categorical } from "@rapo/distributions"
import * as fc from "fast-check"
import type {
  DifficultyTargeted,
  DynamicSampling,
  Gae,
  GreedyWrong,
  JudgedGroup,
  MassBalance,
  OverlongPenalty,
  PrefixedProblems,
  Rast,
  ReferenceReset,
} from "../../src/index.ts"
import { right } from "../arbitraries.ts"

/** Evenly drawn, ends included: `fc.double` alone draws evenly among floats, of which most are next to 0. */
export const double = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.noBias(fc.nat({ max: 2 ** 30 })).map((n) => min + (max - min) * (n / 2 ** 30)),
    },
    { weight: 1, arbitrary: fc.double({ min, max, noNaN: true }) },
  )

export const listOf = <A>(length: number, element: fc.Arbitrary<A>): fc.Arbitrary<Array<A>> =>
  fc.array(element, { minLength: length, maxLength: length })

export const judged: fc.Arbitrary<JudgedGroup.Judged<number>> = fc.record({
  response: fc.nat(),
  reward: fc.constantFrom(-1, 0, 0.5, 1),
  length: fc.integer({ min: 0, max: 12 }),
})

/** Groups of any size, of which many are all right or all wrong. */
export const group: fc.Arbitrary<JudgedGroup.JudgedGroup<number>> = fc.record({
  id: fc.string({ maxLength: 3 }),
  members: fc.oneof(
    fc.array(judged, { maxLength: 10 }),
    fc
      .tuple(fc.integer({ min: 1, max: 5 }), judged)
      .map(([size, member]) => Array.from({ length: size }, () => member)),
  ),
})

export const groups: fc.Arbitrary<Array<JudgedGroup.JudgedGroup<number>>> = fc.array(group, { maxLength: 8 })

export const greedilyJudged: fc.Arbitrary<Array<GreedyWrong.GreedilyJudged<number>>> = fc.array(
  fc.record({ prompt: fc.nat(), greedyReward: fc.constantFrom(-1, 0, 1) }),
  { maxLength: 10 },
)

export const dynamicSampling: fc.Arbitrary<DynamicSampling.Config> = fc.record({
  groups: fc.integer({ min: 1, max: 6 }),
  factor: fc.constant(1),
  maximumGenerations: fc.integer({ min: 1, max: 4 }),
})

export const overlong: fc.Arbitrary<OverlongPenalty.Config> = fc
  .tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 100 }), double(0, 2))
  .map(([buffer, free, factor]) => ({ maximumLength: buffer + free, buffer, factor }))

export const share: fc.Arbitrary<number> = double(0.01, 1)

export const referenceReset: fc.Arbitrary<ReferenceReset.Config> = fc.record({
  every: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(Infinity)),
  maximumKL: fc.oneof(double(0.1, 1), fc.constant(Infinity)),
  patience: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(Infinity)),
  leastGain: double(0, 0.1),
  resetsOptimiser: fc.boolean(),
})

export const measured: fc.Arbitrary<Array<ReferenceReset.Measured>> = fc.array(
  fc.record({ kl: double(0, 1.2), score: fc.option(double(0, 1), { nil: undefined }) }),
  { maxLength: 20 },
)

/** Accuracies in hundredths, so that ties happen and gaps between distances are no rounding errors. */
export const accuracies: fc.Arbitrary<Array<number>> = fc.array(
  fc.integer({ min: 0, max: 100 }).map((n) => n / 100),
  { minLength: 1, maxLength: 12 },
)

export const selection: fc.Arbitrary<Pick<DifficultyTargeted.Config, "target" | "temperature">> = fc.record({
  target: fc.constantFrom(0.25, 0.5, 0.75),
  temperature: double(-4, 1).map((e) => 10 ** e),
})

export const references: fc.Arbitrary<
  readonly [ReadonlyArray<DifficultyTargeted.Reference>, ReadonlyArray<number>]
> = fc.integer({ min: 1, max: 4 }).chain((d) => {
  const embedding = listOf(d, double(-5, 5))
  return fc.tuple(
    fc.array(fc.record({ embedding, accuracy: double(0, 1) }), { minLength: 1, maxLength: 6 }),
    embedding,
  )
})

export const candidates: fc.Arbitrary<Array<PrefixedProblems.Measured>> = fc.array(
  fc.record({
    prefixLength: fc.integer({ min: 0, max: 9 }),
    accuracy: fc.integer({ min: 0, max: 8 }).map((n) => n / 8),
  }),
  { minLength: 1, maxLength: 8 },
)

export const logits = (size: number): fc.Arbitrary<Array<number>> => listOf(size, double(-3, 3))

/** A policy of 2 to 4 outcomes, each right or wrong. */
export const situation: fc.Arbitrary<MassBalance.Situation> = fc.integer({ min: 2, max: 4 }).chain((size) =>
  fc.record({
    policy: logits(size).map((zs) => right(Categorical.fromLogits(zs))),
    isRight: listOf(size, fc.boolean()),
  }),
)

/** A situation, and a sample of 1 to 6 rollouts as indices. */
export const situationAndSample: fc.Arbitrary<readonly [MassBalance.Situation, ReadonlyArray<number>]> =
  situation.chain((drawn) =>
    fc.tuple(
      fc.constant(drawn),
      fc.array(fc.nat({ max: drawn.isRight.length - 1 }), { minLength: 1, maxLength: 6 }),
    ),
  )

export const baseline: fc.Arbitrary<MassBalance.Baseline> = fc.oneof(
  fc.constant({ _tag: "GroupMean" as const }),
  double(0, 1).map((value) => ({ _tag: "Fixed" as const, value })),
)

export const gae: fc.Arbitrary<Gae.Config> = fc.record({ gamma: double(0, 1), lambda: double(0, 1) })

export const rewardsAndValues: fc.Arbitrary<readonly [Array<number>, Array<number>]> = fc
  .integer({ min: 0, max: 8 })
  .chain((length) => fc.tuple(listOf(length, double(-3, 3)), listOf(length, double(-3, 3))))

export const experts: fc.Arbitrary<Rast.Experts<number>> = fc
  .integer({ min: 1, max: 6 })
  .chain((size) => fc.record({ large: logits(size), tuned: logits(size), base: logits(size) }))
