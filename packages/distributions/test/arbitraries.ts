/** The random values that this package's laws are tested with. */
import * as fc from "fast-check"
import { isLeft } from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { Categorical, Seed } from "../src/index.ts"

/** The right of an Either that cannot be a left, by how the test made it. */
export const right = <E, A>(either: Either<E, A>): A => {
  if (isLeft(either)) throw new Error(`expected a right, got ${JSON.stringify(either.left)}`)
  return either.right
}

/** Numbers whose products and sums of three stay far from overflow, away from the smallest magnitudes. */
export const real = fc.double({ min: -1000, max: 1000, noNaN: true })

export const nonZeroReal = fc
  .tuple(fc.double({ min: 1e-3, max: 1000, noNaN: true }), fc.boolean())
  .map(([x, negative]) => (negative ? -x : x))

export const positiveReal = fc.double({ min: 1e-300, max: 1e300, noNaN: true })

/** Exponents whose exponentials neither overflow nor vanish. */
export const exponent = fc.double({ min: -300, max: 300, noNaN: true })

/** Log-space numbers, ln 0 included. */
export const logNumber = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: -700, max: 700, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(-Infinity) },
)

export const logits = (min = 1, max = 12): fc.Arbitrary<Array<number>> =>
  fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: min, maxLength: max })

/** Distributions with outcomes of probability 0 among them, and probabilities down to e^-60. */
export const categoricalOfSize = (k: number): fc.Arbitrary<Categorical.Categorical> =>
  fc
    .tuple(
      fc.array(
        fc.oneof(
          { weight: 5, arbitrary: fc.double({ min: -30, max: 30, noNaN: true }) },
          { weight: 1, arbitrary: fc.constant(-Infinity) },
        ),
        { minLength: k, maxLength: k },
      ),
      fc.nat({ max: k - 1 }),
    )
    .map(([zs, possible]) => right(Categorical.fromLogits(zs.map((z, i) => (i === possible ? 0 : z)))))

export const categorical: fc.Arbitrary<Categorical.Categorical> = fc
  .integer({ min: 1, max: 12 })
  .chain(categoricalOfSize)

/** Weights of a mixture and its components, all of one size. */
export const mixture = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 8 }))
  .chain(([n, k]) =>
    fc.tuple(categoricalOfSize(n), fc.array(categoricalOfSize(k), { minLength: n, maxLength: n })),
  )

export const seed: fc.Arbitrary<Seed.Seed> = fc.maxSafeInteger().map(Seed.fromInteger)

export const label: fc.Arbitrary<string | number> = fc.oneof(fc.string({ maxLength: 8 }), fc.integer())

export const uniform = fc.double({ min: 0, max: 1, noNaN: true })
