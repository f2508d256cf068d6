/**
 * Checks of numbers that are to become a distribution, each naming the first place at fault.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import type { CategoricalError } from "./Error.ts"

type Numbers = Either<CategoricalError, ReadonlyArray<number>>

/** At least one number. */
export const nonEmpty = (xs: ReadonlyArray<number>): Numbers =>
  xs.length > 0 ? E.right(xs) : E.left({ _tag: "Empty" })

/** No number for which `bad` holds; the error names the first. */
export const refuse =
  (bad: (x: number) => boolean, error: (index: number, value: number) => CategoricalError) =>
  (xs: ReadonlyArray<number>): Numbers => {
    for (let index = 0; index < xs.length; index++) {
      const x = xs[index] ?? Number.NaN
      if (bad(x)) return E.left(error(index, x))
    }
    return E.right(xs)
  }

/** The error for a number that is not finite where it has to be. */
export const notFinite = (index: number, value: number): CategoricalError => ({
  _tag: "NotFinite",
  index,
  value,
})

/** At least one number, all of them finite and none negative: weights. */
export const nonNegative = (xs: ReadonlyArray<number>): Numbers =>
  pipe(
    nonEmpty(xs),
    E.chain(refuse((x) => !Number.isFinite(x), notFinite)),
    E.chain(
      refuse(
        (x) => x < 0,
        (index, value) => ({ _tag: "NegativeWeight", index, value }),
      ),
    ),
  )

/** A number of outcomes: an integer of at least 1. */
export const validSize = (k: number): Either<CategoricalError, number> =>
  Number.isSafeInteger(k) && k >= 1 ? E.right(k) : E.left({ _tag: "InvalidSize", size: k })

/** One of the outcomes 0..k−1. */
export const validOutcome =
  (k: number) =>
  (index: number): Either<CategoricalError, number> =>
    Number.isInteger(index) && index >= 0 && index < k
      ? E.right(index)
      : E.left({ _tag: "OutOfRange", index, size: k })

/** A parameter that satisfies a condition; `domain` says the condition in words. */
export const validParameter =
  (parameter: string, domain: string, holds: (value: number) => boolean) =>
  (value: number): Either<CategoricalError, number> =>
    holds(value) ? E.right(value) : E.left({ _tag: "InvalidParameter", parameter, value, domain })

/** A probability, in [0, 1]. */
export const validProbability = (parameter: string): ((value: number) => Either<CategoricalError, number>) =>
  validParameter(parameter, "in [0, 1]", (value) => value >= 0 && value <= 1)
