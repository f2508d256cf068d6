/** The random values that this package's laws are tested with. */
import { Categorical } from "@rapo/distributions"
import * as fc from "fast-check"
import { isLeft } from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"

/** The right of an Either that cannot be a left, by how the test made it. */
export const right = <E, A>(either: Either<E, A>): A => {
  if (isLeft(either)) throw new Error(`expected a right, got ${JSON.stringify(either.left)}`)
  return either.right
}

const logit = fc.double({ min: -15, max: 15, noNaN: true })

const logitsOfSize = (k: number): fc.Arbitrary<Array<number>> =>
  fc.array(logit, { minLength: k, maxLength: k })

/** The logits of a reference and a policy over the same outcomes, all of them possible. */
export const logitPair: fc.Arbitrary<[Array<number>, Array<number>]> = fc
  .integer({ min: 2, max: 8 })
  .chain((k) => fc.tuple(logitsOfSize(k), logitsOfSize(k)))

const categoricalOfSize = (k: number): fc.Arbitrary<Categorical.Categorical> =>
  logitsOfSize(k).map((zs) => right(Categorical.fromLogits(zs)))

/** Two distributions over the same outcomes, all of them possible. */
export const pair: fc.Arbitrary<[Categorical.Categorical, Categorical.Categorical]> = logitPair.map(
  ([p, q]) => [right(Categorical.fromLogits(p)), right(Categorical.fromLogits(q))],
)

/** Two distributions over the same outcomes, of which each may exclude some; the first outcome is possible in both. */
export const pairWithZeros: fc.Arbitrary<[Categorical.Categorical, Categorical.Categorical]> = fc
  .integer({ min: 1, max: 6 })
  .chain((k) => {
    const weights = fc
      .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-300, max: 1, noNaN: true })), {
        minLength: k,
        maxLength: k,
      })
      .map((ws) => right(Categorical.fromWeights([1, ...ws])))
    return fc.tuple(weights, weights)
  })

/** Weights, and as many pairs of distributions, all over the same outcomes. */
export const weightedPairs = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 5 }))
  .chain(([n, k]) =>
    fc.tuple(
      categoricalOfSize(n),
      fc.array(fc.tuple(categoricalOfSize(k), categoricalOfSize(k)), { minLength: n, maxLength: n }),
    ),
  )

export const logRatio: fc.Arbitrary<number> = fc.double({ min: -30, max: 30, noNaN: true })
