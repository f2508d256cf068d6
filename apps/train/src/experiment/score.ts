/**
 * From counts to scores, by `@rapo/eval`: unbiased pass@k with intervals, paired differences, the figure that chooses.
 */
import { PassAtK, PassCurve } from "@rapo/eval"
import type { Seed } from "@rapo/distributions"
import { type Either, isRight } from "fp-ts/lib/Either.js"
import type { ProblemCount } from "../evaluation/countCorrect.ts"

/** The mean over problems for k = 1, 2, 4, … ≤ n, with a 95% bootstrap over problems. */
export const passCurve = (
  counts: ReadonlyArray<ProblemCount>,
  seed: Seed.Seed,
  resamples: number,
): PassCurve.PassCurve =>
  orBug(PassCurve.fromTallies(counts, seed, undefined, resamples), PassCurve.showError)

/** The paired difference `a − b` over the same problems. */
export const differenceCurve = (
  a: ReadonlyArray<ProblemCount>,
  b: ReadonlyArray<ProblemCount>,
  seed: Seed.Seed,
  resamples: number,
): PassCurve.PassCurve => orBug(PassCurve.difference(a, b, seed, undefined, resamples), PassCurve.showError)

/**
 * The figure by which validation chooses a coefficient: the mean of pass@k over k = 1, 2, 4, …, that is the area under
 * the curve on a log₂ axis. Ours: it asks for both ends, a policy that is right at once and one that still explores.
 */
export const areaUnderCurve = (counts: ReadonlyArray<ProblemCount>): number => {
  const points = orBug(PassAtK.curve(counts), PassAtK.showError)
  return points.reduce((sum, { value }) => sum + value, 0) / points.length
}

/** Counts come from this program: an error about them is a bug. */
const orBug = <E, A>(result: Either<E, A>, show: (error: E) => string): A => {
  if (isRight(result)) return result.right
  throw new Error(`bug: ${show(result.left)}`)
}
