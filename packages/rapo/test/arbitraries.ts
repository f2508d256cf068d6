/** The random values that this package's laws are tested with; those of objectives and batches are in `arbitraries/`. */
import { Categorical } from "@rapo/distributions"
import * as fc from "fast-check"
import type { Either } from "fp-ts/lib/Either.js"
import { isLeft } from "fp-ts/lib/Either.js"
import { Optimal } from "../src/index.ts"
import { double, eighths, listOf, maskOf } from "./arbitraries/basics.ts"

/** The right of an Either that cannot be a left, by how the test made it. */
export const right = <E, A>(either: Either<E, A>): A => {
  if (isLeft(either)) throw new Error(`expected a right, got ${JSON.stringify(either.left)}`)
  return either.right
}

export const rewards: fc.Arbitrary<Array<number>> = fc.oneof(
  fc.array(eighths, { minLength: 1, maxLength: 16 }),
  fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 16 }),
)

export const powerOfTwo: fc.Arbitrary<number> = fc.integer({ min: -4, max: 4 }).map((n) => 2 ** n)

export const ratio: fc.Arbitrary<number> = double(-3, 3).map(Math.exp)

export const mask: fc.Arbitrary<Array<Array<number>>> = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }))
  .chain(([responses, time]) => maskOf(responses, time))

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

export * from "./arbitraries/advantages.ts"
export * from "./arbitraries/basics.ts"
export * from "./arbitraries/batches.ts"
export * from "./arbitraries/objectives.ts"
