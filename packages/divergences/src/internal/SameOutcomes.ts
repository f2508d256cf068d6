/** Comparisons of two things that must be over the same outcomes. */
import { Categorical } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import type { SupportMismatch } from "../KL.ts"

/** The value where the sizes agree, else the error with both of them. */
export const sameSizes = <A>(expected: number, actual: number, value: () => A): Either<SupportMismatch, A> =>
  expected === actual ? E.right(value()) : E.left({ _tag: "SupportMismatch", expected, actual })

/** The same for two distributions. */
export const onSameOutcomes = <A>(
  p: Categorical.Categorical,
  q: Categorical.Categorical,
  value: () => A,
): Either<SupportMismatch, A> => sameSizes(Categorical.size(p), Categorical.size(q), value)
