/** Laws of values that may not be there: a law holds of nothing that failed. */
import * as E from "fp-ts/lib/Either.js"

export const holds = <A>(value: E.Either<unknown, A>, law: (a: A) => boolean): boolean =>
  E.isRight(value) && law(value.right)

export const bothHold = <A, B>(
  a: E.Either<unknown, A>,
  b: E.Either<unknown, B>,
  law: (a: A, b: B) => boolean,
): boolean => E.isRight(a) && E.isRight(b) && law(a.right, b.right)

export const near = (a: number, b: number, tolerance: number): boolean => Math.abs(a - b) <= tolerance
