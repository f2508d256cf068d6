/**
 * How often nominal 95 % intervals hold the truth, by simulation: populations of problems with known rates, problems drawn
 * from them, counts drawn from the rates, intervals from the counts.
 *
 *     q_p ~ population,   c_p ~ Binomial(n, q_p),   truth of the mean: E_q[1 - (1-q)^k];  of a problem: q_p
 *
 * Counts are drawn by bisection of the binomial's exact cdf. Everything is seeded: equal seeds give equal tables.
 */
import { Seed } from "@rapo/distributions"
import { Binomial, Bootstrap, Interval, PassAtK, Posterior } from "@rapo/eval"
import * as E from "fp-ts/lib/Either.js"

// model

/** Rates of problems, and the expectation of a function of the rate. */
export interface Population {
  readonly name: string
  /** The rate at a quantile u in (0, 1). */
  readonly rate: (u: number) => number
}

/** One line of the study. */
export interface Cell {
  readonly population: string
  readonly problems: number
  readonly samples: number
  readonly k: number
  readonly method: string
  readonly covered: number
  readonly repetitions: number
  readonly width: number
}

// constants

/** Rates on a grid of quantiles: the population is these 4,096 rates, so that its mean is an exact sum. */
const gridSize = 4096

/**
 * `power` p: q = u^p, the Beta(1/p, 1) distribution. `hard`: no rate above 1 %. `two`: half hardly ever, half nearly always.
 */
export const populations: ReadonlyArray<Population> = [
  { name: "uniform", rate: (u) => u },
  { name: "mostly hard: 1 − (1−u²)^½", rate: (u) => 1 - Math.sqrt(1 - u * u) },
  { name: "long tail: u⁴", rate: (u) => u ** 4 },
  { name: "all hard: 0.01 u²", rate: (u) => 0.01 * u * u },
  { name: "two kinds: 0.002, 0.9", rate: (u) => (u < 0.5 ? 0.002 : 0.9) },
]

// destructors

/** The population mean of pass@k. */
export const truth = (population: Population, k: number): number => {
  let total = 0
  for (let i = 0; i < gridSize; i++) total += passOf(population.rate((i + 0.5) / gridSize), k)
  return total / gridSize
}

/** Coverage of the intervals of mean pass@k, by both methods, at several k, from the same simulated runs. */
export const meanCoverage = (
  population: Population,
  problems: number,
  samples: number,
  ks: ReadonlyArray<number>,
  repetitions: number,
  resamples: number,
  root: Seed.Seed,
): ReadonlyArray<Cell> => {
  const seed = Seed.child(root, `${population.name} ${problems} ${samples}`)
  const draw = sampler(population, samples)
  const truths = ks.map((k) => truth(population, k))
  return tabulated(
    population,
    problems,
    samples,
    ks,
    repetitions,
    (r, method) => {
      const { uniform } = Seed.generator(Seed.child(seed, r))
      const columns = columnsOf(
        Array.from({ length: problems }, () => draw(uniform).correct),
        samples,
        ks,
      )
      return right(Bootstrap.intervals(columns, Seed.child(seed, `resamples ${r}`), 0.95, resamples, method))
    },
    truths,
  )
}

/** Coverage of paired differences: the second model's rate is that of the first, sharpened: q' = min(1, 2q) on even draws, q/2 on odd. */
export const differenceCoverage = (
  population: Population,
  problems: number,
  samples: number,
  ks: ReadonlyArray<number>,
  repetitions: number,
  resamples: number,
  root: Seed.Seed,
): ReadonlyArray<Cell> => {
  const seed = Seed.child(root, `difference ${population.name} ${problems} ${samples}`)
  const draw = sampler(population, samples)
  const changed: ReadonlyArray<Population> = [2, 0.5].map((factor) => ({
    ...population,
    rate: (u) => Math.min(1, factor * population.rate(u)),
  }))
  const drawChanged = changed.map((each) => sampler(each, samples))
  const truths = ks.map(
    (k) => changed.reduce((sum, each) => sum + truth(each, k), 0) / changed.length - truth(population, k),
  )
  return tabulated(
    population,
    problems,
    samples,
    ks,
    repetitions,
    (r, method) => {
      const { uniform } = Seed.generator(Seed.child(seed, r))
      const pairs = Array.from({ length: problems }, () => {
        const { correct, index } = draw(uniform)
        const which = uniform() < 0.5 ? 0 : 1
        return { before: correct, after: drawChanged[which]?.(uniform, index).correct ?? 0 }
      })
      return right(
        Bootstrap.pairedDifferences(
          columnsOf(
            pairs.map(({ after }) => after),
            samples,
            ks,
          ),
          columnsOf(
            pairs.map(({ before }) => before),
            samples,
            ks,
          ),
          Seed.child(seed, `resamples ${r}`),
          0.95,
          resamples,
          method,
        ),
      )
    },
    truths,
  )
}

/** Coverage of one problem's posterior interval, for rates drawn from the population. */
export const posteriorCoverage = (
  population: Population,
  samples: number,
  repetitions: number,
  root: Seed.Seed,
): Cell => {
  const { uniform } = Seed.generator(Seed.child(root, `posterior ${population.name} ${samples}`))
  const draw = sampler(population, samples)
  const known = new Map<number, Interval.Interval>()
  let covered = 0
  let width = 0
  for (let r = 0; r < repetitions; r++) {
    const { rate, correct } = draw(uniform)
    const interval = known.get(correct) ?? right(Posterior.rate(samples, correct))
    known.set(correct, interval)
    covered += Interval.contains(interval, rate) ? 1 : 0
    width += Interval.width(interval)
  }
  return {
    population: population.name,
    problems: 1,
    samples,
    k: 1,
    method: "posterior",
    covered,
    repetitions,
    width: width / repetitions,
  }
}

// numerics

const methods: ReadonlyArray<Bootstrap.Method> = ["adjusted", "percentile"]

const tabulated = (
  { name }: Population,
  problems: number,
  samples: number,
  ks: ReadonlyArray<number>,
  repetitions: number,
  run: (repetition: number, method: Bootstrap.Method) => ReadonlyArray<Interval.Interval>,
  truths: ReadonlyArray<number>,
): ReadonlyArray<Cell> =>
  methods.flatMap((method) => {
    const runs = Array.from({ length: repetitions }, (_, r) => run(r, method))
    return ks.map((k, j) => {
      const own = runs.flatMap((intervals) => intervals[j] ?? [])
      return {
        population: name,
        problems,
        samples,
        k,
        method,
        covered: own.filter((interval) => Interval.contains(interval, truths[j] ?? Number.NaN)).length,
        repetitions,
        width: own.reduce((sum, interval) => sum + Interval.width(interval), 0) / own.length,
      }
    })
  })

interface Draw {
  readonly index: number
  readonly rate: number
  readonly correct: number
}

/** A problem of the population (or the one at `index`) and a count of correct samples, from uniform numbers. */
const sampler = (
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

const columnsOf = (
  counts: ReadonlyArray<number>,
  samples: number,
  ks: ReadonlyArray<number>,
): ReadonlyArray<ReadonlyArray<number>> =>
  right(PassAtK.passAtKs(ks)(counts.map((correct, p) => ({ id: `${p}`, samples, correct }))))

const passOf = (rate: number, k: number): number => -Math.expm1(k * Math.log1p(-rate))

const right = <A>(value: E.Either<unknown, A>): A => {
  if (E.isRight(value)) return value.right
  throw new Error(`bug: ${JSON.stringify(value.left)}`)
}
