/** Small helpers on lists of numbers. */
import { Categorical } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"

/** The greatest of some numbers, -Infinity of none; a fold, for `Math.max(...xs)` overflows the stack on long lists. */
export const maximum = (xs: ReadonlyArray<number>): number => xs.reduce((a, b) => (a >= b ? a : b), -Infinity)

/** The greatest less the least; 0 of none. */
export const range = (xs: ReadonlyArray<number>): number =>
  xs.length === 0 ? 0 : maximum(xs) + maximum(xs.map((x) => -x))

/** The distribution with these log-weights, of which the caller has proven that one is finite. */
export const unsafeFromLogWeights = (logWeights: ReadonlyArray<number>): Categorical.Categorical => {
  const policy = Categorical.fromLogits(logWeights)
  if (E.isLeft(policy)) throw new Error(Categorical.showError(policy.left))
  return policy.right
}
