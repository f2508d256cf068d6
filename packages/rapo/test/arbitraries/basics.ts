/** What other arbitraries are made of. */
import * as fc from "fast-check"
import type { Phi } from "../../src/index.ts"

export const double = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true })

export const listOf = <A>(length: number, element: fc.Arbitrary<A>): fc.Arbitrary<Array<A>> =>
  fc.array(element, { minLength: length, maxLength: length })

/** Eighths: sums, shifts and scalings by powers of two of them are exact, so that equal rewards stay equal. */
export const eighths: fc.Arbitrary<number> = fc.integer({ min: -80, max: 80 }).map((n) => n / 8)

/** Right-padded masks of responses of 1 to `time` tokens. */
export const maskOf = (responses: number, time: number): fc.Arbitrary<Array<Array<number>>> =>
  listOf(responses, fc.integer({ min: 1, max: time })).map((lengths) =>
    lengths.map((length) => Array.from({ length: time }, (_, t) => (t < length ? 1 : 0))),
  )

export const phi: fc.Arbitrary<Phi.Phi> = fc.record({
  minimum: double(0, 1),
  rewardLow: double(-1, 0),
  rewardHigh: double(0.1, 2),
})
