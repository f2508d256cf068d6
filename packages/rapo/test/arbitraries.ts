/** The random values that this package's laws are tested with; those of objectives, batches and optima are in `arbitraries/`. */
import * as fc from "fast-check"
import type { Either } from "fp-ts/lib/Either.js"
import { isLeft } from "fp-ts/lib/Either.js"
import { double, eighths, maskOf } from "./arbitraries/basics.ts"

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

export * from "./arbitraries/advantages.ts"
export * from "./arbitraries/basics.ts"
export * from "./arbitraries/batches.ts"
export * from "./arbitraries/objectives.ts"
