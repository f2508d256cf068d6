/** The random values that this package's laws are tested with. */
import * as fc from "fast-check"
import { isLeft } from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { Autoregressive, Categorical, Finite, Seed } from "../src/index.ts"

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

/** Logits of every kind that is allowed: tiny, huge, tied and excluded ones. */
export const nastyLogits: fc.Arbitrary<ReadonlyArray<number>> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.double({ min: -800, max: 700, noNaN: true }) },
      { weight: 2, arbitrary: fc.integer({ min: -3, max: 3 }) },
      { weight: 1, arbitrary: fc.constantFrom(-Infinity, -1.7e308, -745.2, -5e-324, 5e-324, 1e-300, 709.7) },
    ),
    { minLength: 1, maxLength: 24 },
  )
  .filter((zs) => zs.some(Number.isFinite))

/** Labels few enough to meet again. */
export const labels = [0, 1, 2, 3, 4] as const
const labelOf = fc.constantFrom(...labels)

/** Distributions over labels, with repeated ones to merge and probabilities down to e^-700. */
export const finite: fc.Arbitrary<Finite.Finite<number>> = fc
  .array(fc.tuple(labelOf, fc.double({ min: -700, max: 0, noNaN: true })), { minLength: 1, maxLength: 8 })
  .map((pairs) => right(Finite.fromLogits(pairs)))

/** A distribution for each label. */
export const stochastic: fc.Arbitrary<(label: number) => Finite.Finite<number>> = fc
  .tuple(finite, finite, finite, finite, finite)
  .map((rows) => (n) => rows[n] ?? rows[0])

/** A number for each label. */
export const onLabels: fc.Arbitrary<(label: number) => number> = fc
  .array(labelOf, { minLength: labels.length, maxLength: labels.length })
  .map((values) => (n) => values[n] ?? 0)

/** Models over three tokens, of which 2 may stop: the law depends on the whole prefix, and some steps are impossible. */
export const model: fc.Arbitrary<Autoregressive.Autoregressive<number>> = fc
  .tuple(
    fc.array(categoricalOfSize(3), { minLength: 5, maxLength: 5 }),
    fc.integer({ min: 0, max: 4 }),
    fc.boolean(),
  )
  .map(([rows, maxLength, stops]) =>
    right(
      Autoregressive.make(
        Autoregressive.indexed((prefix) => {
          const state = prefix.reduce((s, token) => (3 * s + token + 1) % rows.length, 0)
          return rows[state] ?? right(Categorical.uniform(3))
        }),
        maxLength,
        (token) => stops && token === 2,
      ),
    ),
  )
