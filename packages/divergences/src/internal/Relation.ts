/** Relations between numbers up to rounding, and between numbers that may be missing. */
import type { Either } from "fp-ts/lib/Either.js"
import { isRight } from "fp-ts/lib/Either.js"
import type { Eq } from "fp-ts/lib/Eq.js"

/** a ≤ b up to rounding. */
export const atMost = (S: Eq<number>, a: number, b: number): boolean => a <= b || S.equals(a, b)

/** The value, or NaN, of which no relation holds. */
export const orNaN = <E>(value: Either<E, number>): number => (isRight(value) ? value.right : NaN)

/** The values, or none, which are close to nothing. */
export const orNone = <E>(values: Either<E, ReadonlyArray<number>>): ReadonlyArray<number> =>
  isRight(values) ? values.right : []

/** Vectors whose largest difference is within rounding of their largest entry. */
export const closeVectors =
  (S: Eq<number>) =>
  (a: ReadonlyArray<number>, b: ReadonlyArray<number>): boolean => {
    const scale = Math.max(1, ...a.map(Math.abs), ...b.map(Math.abs))
    return (
      a.length > 0 && a.length === b.length && a.every((x, i) => S.equals(x / scale, (b[i] ?? NaN) / scale))
    )
  }
