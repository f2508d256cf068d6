import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import { Expression, Parse } from "@rapo/verifier"

/** A text as an answer; what does not parse is the word that says so. */
export const read = (text: string): Expression.Expression =>
  pipe(
    Parse.parse(text),
    E.fold(
      () => Expression.text(`unread: ${text}`),
      ({ expression }) => expression,
    ),
  )
