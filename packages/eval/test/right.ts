/** The value of an Either that cannot fail in a test's set-up. */
import * as E from "fp-ts/lib/Either.js"

export const right = <A>(value: E.Either<unknown, A>): A => {
  if (E.isRight(value)) return value.right
  throw new Error(JSON.stringify(value.left))
}
