/** The random problems and policies that the laws of optima are tested with. */
import { Categorical } from "@rapo/distributions"
import { FDivergence } from "@rapo/divergences"
import * as fc from "fast-check"
import type { Either } from "fp-ts/lib/Either.js"
import { isLeft } from "fp-ts/lib/Either.js"
import { Optimal, TokenLevel } from "../../src/index.ts"

/** The right of an Either that cannot be a left, by how the test made it. */
export const right = <E, A>(either: Either<E, A>): A => {
  if (isLeft(either)) throw new Error(`expected a right, got ${JSON.stringify(either.left)}`)
  return either.right
}

export const double = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true })

const listOf = <A>(length: number, element: fc.Arbitrary<A>): fc.Arbitrary<Array<A>> =>
  fc.array(element, { minLength: length, maxLength: length })

/** A coefficient over twelve orders of magnitude. */
export const coefficient: fc.Arbitrary<number> = double(-6, 6).map((e) => 10 ** e)

/** A coefficient of the size of the rewards, where neither wins. */
export const mildCoefficient: fc.Arbitrary<number> = double(-1, 1).map((e) => 10 ** e)

/** Distributions with outcomes of probability 0 among them, and of probability e^-depth. */
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

/** Every outcome possible. */
export const fullCategoricalOf = (size: number, depth: number): fc.Arbitrary<Categorical.Categorical> =>
  listOf(size, double(-depth, 0)).map((logits) => right(Categorical.fromLogits(logits)))

const rewardsOf = (size: number): fc.Arbitrary<Array<number>> =>
  listOf(size, fc.oneof(fc.constantFrom(0, 1), double(-2, 2)))

/** Problems of 1 to 8 outcomes, rewards with ties, reference probabilities down to 1e-300 and 0. */
export const problem: fc.Arbitrary<Optimal.Problem> = fc
  .integer({ min: 1, max: 8 })
  .chain((size) =>
    fc
      .tuple(fc.oneof(categoricalOf(size, 5), categoricalOf(size, 690)), rewardsOf(size))
      .map(([reference, rewards]) => right(Optimal.problem(reference, rewards))),
  )

/** Problems of 2 to 5 outcomes, all possible and none rarer than e^-4 of another: what flows in reasonable time. */
export const fullProblem: fc.Arbitrary<Optimal.Problem> = fc
  .integer({ min: 2, max: 5 })
  .chain((size) =>
    fc
      .tuple(fullCategoricalOf(size, 4), listOf(size, double(-1, 1)))
      .map(([reference, rewards]) => right(Optimal.problem(reference, rewards))),
  )

/** A problem and some policy for it. */
export const problemAndPolicy: fc.Arbitrary<readonly [Optimal.Problem, Categorical.Categorical]> =
  problem.chain((p) => fc.tuple(fc.constant(p), categoricalOf(p.rewards.length, 5)))

/** A problem and a policy on its support. */
export const problemAndSupported: fc.Arbitrary<readonly [Optimal.Problem, Categorical.Categorical]> =
  problemAndPolicy.map(([p, policy]) => {
    const kept = Categorical.tilt(policy, (y) =>
      Categorical.logProb(p.reference, y) > -Infinity ? 0 : -Infinity,
    )
    return [p, isLeft(kept) ? p.reference : kept.right] as const
  })

/** Every strictly convex member of the family. */
export const divergence: fc.Arbitrary<FDivergence.FDivergence> = fc.oneof(
  fc.constantFrom(
    FDivergence.kl,
    FDivergence.reverseKl,
    FDivergence.jeffreys,
    FDivergence.jensenShannon,
    FDivergence.pearson,
    FDivergence.neyman,
    FDivergence.squaredHellinger,
  ),
  fc.constantFrom(-1, 0.3, 0.5, 1.5, 2, 3).map(FDivergence.alpha),
)

/** Trees of depth at most 3, two or three children each, binary rewards at the leaves. */
const treeOf = (depth: number): fc.Arbitrary<TokenLevel.Tree> =>
  depth === 0
    ? fc.constantFrom(0, 1).map(TokenLevel.leaf)
    : fc
        .integer({ min: 2, max: 3 })
        .chain((size) =>
          fc
            .tuple(fullCategoricalOf(size, 2), listOf(size, treeOf(depth - 1)))
            .map(([next, children]) => TokenLevel.branch(next, children)),
        )

export const tree: fc.Arbitrary<TokenLevel.Tree> = fc.integer({ min: 1, max: 3 }).chain(treeOf)
