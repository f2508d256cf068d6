/** A comparison of two distributions, which must be over the same outcomes. */
import { Categorical } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import type { SupportMismatch } from "../KL.ts"

/** The value where the sizes agree, else the error with both of them. */
export const onSameOutcomes = <A>(
  p: Categorical.Categorical,
  q: Categorical.Categorical,
  value: () => A,
): Either<SupportMismatch, A> =>
  Categorical.size(p) === Categorical.size(q)
    ? E.right(value())
    : E.left({ _tag: "SupportMismatch", expected: Categorical.size(p), actual: Categorical.size(q) })
