/** Laws of the distributions and order statistics behind intervals. */
import { near } from "../internal/holds.ts"
import { quantileOf } from "../internal/select.ts"
import * as Normal from "../Normal.ts"
import * as Resample from "../Resample.ts"

/**
 * Series and finite sums of some hundred terms, each rounded once.
 *
 * @category tolerances
 * @since 0.1.0
 */
export const normalTolerance = 1e-13

/** A quantile of unsorted values is that of the sorted ones, bit for bit. */
export const selectionIsSorting = (values: ReadonlyArray<number>, q: number): boolean =>
  quantileOf(Float64Array.from(values), q) === Resample.quantile(Float64Array.from(values).toSorted(), q)

/** Φ rises, and Φ(-x) = 1 - Φ(x). */
export const normalRisesAndMirrors = (x: number, more: number): boolean =>
  Normal.cdf(x) <= Normal.cdf(x + more) + normalTolerance &&
  near(Normal.cdf(-x), 1 - Normal.cdf(x), normalTolerance)

/** P(|T| <= t) is the level at its quantile; more degrees of freedom need fewer standard errors. */
export const studentQuantileHasItsLevel = (freedom: number, level: number): boolean => {
  const t = Normal.studentQuantile(freedom, level)
  return (
    near(Normal.studentWithin(freedom)(t), level, normalTolerance) &&
    Normal.studentQuantile(freedom + 1, level) <= t * (1 + 1e-9) &&
    level <= 2 * Normal.cdf(t) - 1 + normalTolerance
  )
}
