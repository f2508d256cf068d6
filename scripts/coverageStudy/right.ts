import * as E from "fp-ts/lib/Either.js"

/** What is right by construction; a study of wrong settings is a bug of ours. */
export const right = <A>(value: E.Either<unknown, A>): A => {
  if (E.isRight(value)) return value.right
  throw new Error(`bug: ${JSON.stringify(value.left)}`)
}
