/** Numbers that this program has checked: a failure of theirs is its own fault. */
import { type Either, isRight } from "fp-ts/lib/Either.js"

/** The value. */
export const orBug = <E, A>(result: Either<E, A>, show: (error: E) => string): A => {
  if (isRight(result)) return result.right
  throw new Error(`bug: ${show(result.left)}`)
}
