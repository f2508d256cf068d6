/**
 * Problems drawn from a population, and counts of correct samples drawn from their rates, by bisection of the binomial's exact cdf.
 */
import { Binomial } from "@rapo/eval"
import { type Population, gridSize } from "./population.ts"

/** A problem and its count. */
export interface Draw {
  /** The quantile at which it stands in the population's grid. */
  readonly index: number
  readonly rate: number
  readonly correct: number
}

/** A problem of the population (or the one at `index`) and a count of correct samples, from uniform numbers. */
export const sampler = (
  population: Population,
  samples: number,
): ((uniform: () => number, index?: number) => Draw) => {
  const cumulative = new Map<number, Float64Array>()
  const cdfOf = (index: number, rate: number): Float64Array => {
    const known = cumulative.get(index)
    if (known !== undefined) return known
    let total = 0
    const cdf = Float64Array.from(Binomial.logProbs(samples, rate), (l) => (total += Math.exp(l)))
    cumulative.set(index, cdf)
    return cdf
  }
  return (uniform, index = Math.floor(uniform() * gridSize)) => {
    const rate = population.rate((index + 0.5) / gridSize)
    const u = uniform()
    const cdf = cdfOf(index, rate)
    let low = 0
    let high = samples
    while (low < high) {
      const middle = (low + high) >> 1
      if ((cdf[middle] ?? 1) > u) high = middle
      else low = middle + 1
    }
    return { index, rate, correct: low }
  }
}
