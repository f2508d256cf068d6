/**
 * How often nominal 95 % intervals hold the truth, by simulation: populations of problems with known rates, problems drawn
 * from them, counts drawn from the rates, intervals from the counts.
 *
 *     q_p ~ population,   c_p ~ Binomial(n, q_p),   truth of the mean: E_q[1 - (1-q)^k];  of a problem: q_p
 *
 * So both sources of noise are simulated: which problems were drawn, and how their samples fell. The truth is the population's,
 * not that of the problems drawn.
 *
 * Counts are drawn by bisection of the binomial's exact cdf. Repetitions of a block are columns of one bootstrap, which resamples all of
 * them alike; each block has its own resamples. Everything is seeded: equal seeds give equal tables.
 */
import { Seed } from "@rapo/distributions"
import { Binomial, Bootstrap, Interval, PassAtK, Posterior, Unseen } from "@rapo/eval"
import * as E from "fp-ts/lib/Either.js"

// model

/** Rates of problems, by the quantile u in (0, 1). */
export interface Population {
  readonly name: string
  readonly rate: (u: number) => number
}

/** What training did to rates: kinds of change, each of a share of the problems, at random. */
export interface Change {
  readonly name: string
  readonly kinds: ReadonlyArray<{ readonly share: number; readonly rate: (q: number) => number }>
}

/** One row of a table. */
export interface Setting {
  readonly population: Population
  readonly problems: number
  readonly samples: number
  readonly ks: ReadonlyArray<number>
  readonly repetitions: number
  readonly resamples: number
}

/** What intervals are made by: `default` is that of `PassCurve`; the others leave out `Unseen`. */
export type Method = "default" | Bootstrap.Method

/** One setting at one k. */
export interface Cell {
  readonly population: string
  readonly problems: number
  readonly samples: number
  readonly k: number
  readonly method: Method
  readonly covered: number
  readonly repetitions: number
  readonly width: number
  /** How many problems the spread rests on: P (E d²)² / E d⁴, d the deviation of a problem's value from the mean of all simulated. */
  readonly effective: number
}

// constants

/** Rates on a grid of quantiles: the population is these 4,096 rates, so that its mean is an exact sum. */
const gridSize = 4096

/** Repetitions that share their resamples: enough columns to make resampling cheap, few enough to average the resamples' own luck. */
const blockSize = 100

/** `long tail`: q = u^4, the Beta(1/4, 1) distribution. `all hard`: no rate above 1 %. */
export const populations: ReadonlyArray<Population> = [
  { name: "uniform", rate: (u) => u },
  { name: "mostly hard: 1 − (1−u²)^½", rate: (u) => 1 - Math.sqrt(1 - u * u) },
  { name: "long tail: u⁴", rate: (u) => u ** 4 },
  { name: "all hard: 0.01 u²", rate: (u) => 0.01 * u * u },
  { name: "two kinds: 0.002, 0.9", rate: (u) => (u < 0.5 ? 0.002 : 0.9) },
  { name: "uniform, a tenth never", rate: (u) => (u < 0.1 ? 0 : u) },
]

/** As many rise as fall; all rise; a few problems are learnt. */
export const changes: ReadonlyArray<Change> = [
  {
    name: "half doubled, half halved",
    kinds: [
      { share: 0.5, rate: (q) => Math.min(1, 2 * q) },
      { share: 0.5, rate: (q) => q / 2 },
    ],
  },
  { name: "all doubled", kinds: [{ share: 1, rate: (q) => Math.min(1, 2 * q) }] },
  {
    name: "15 % raised to ½",
    kinds: [
      { share: 0.15, rate: (q) => Math.max(q, 0.5) },
      { share: 0.85, rate: (q) => q },
    ],
  },
]

// destructors

/** The population mean of pass@k. */
export const truth = ({ rate }: Population, k: number): number => {
  let total = 0
  for (let i = 0; i < gridSize; i++) total += passOf(rate((i + 0.5) / gridSize), k)
  return total / gridSize
}

/** Coverage of the intervals of mean pass@k. */
export const meanCoverage = (setting: Setting, root: Seed.Seed): ReadonlyArray<Cell> => {
  const { population, samples, problems, ks } = setting
  const seed = Seed.child(root, `${population.name} ${problems} ${samples}`)
  const draw = sampler(population, samples)
  const table = tableOf(samples, ks)
  return tabulate(setting, ["default", "adjusted", "percentile"], seed, {
    truths: ks.map((k) => truth(population, k)),
    draw: (uniform) => {
      const tallies = Array.from({ length: problems }, () => tally(samples, draw(uniform).correct))
      return {
        columns: table.map((values) => tallies.map(({ correct }) => values[correct] ?? 0)),
        unseen: () => ks.map((k) => Unseen.ofRun(tallies, k)),
      }
    },
    default: Bootstrap.defaultMethod,
  })
}

/** Coverage of paired differences of mean pass@k: after a change, minus before. */
export const differenceCoverage = (
  setting: Setting,
  change: Change,
  root: Seed.Seed,
): ReadonlyArray<Cell> => {
  const { population, samples, problems, ks } = setting
  const seed = Seed.child(root, `difference ${change.name} ${population.name} ${problems} ${samples}`)
  const draw = sampler(population, samples)
  const after = change.kinds.map(({ share, rate }) => {
    const changed = { name: "", rate: (u: number) => rate(population.rate(u)) }
    return { share, changed, draw: sampler(changed, samples) }
  })
  const drawAfter = (uniform: () => number, index: number): number => {
    let u = uniform()
    const kind = after.find(({ share }) => (u -= share) < 0) ?? after.at(-1)
    return kind?.draw(uniform, index).correct ?? 0
  }
  const table = tableOf(samples, ks)
  return tabulate(setting, ["default", "adjusted", "percentile"], seed, {
    truths: ks.map(
      (k) =>
        after.reduce((sum, { share, changed }) => sum + share * truth(changed, k), 0) - truth(population, k),
    ),
    draw: (uniform) => {
      const pairs = Array.from({ length: problems }, () => {
        const { correct, index } = draw(uniform)
        return [tally(samples, correct), tally(samples, drawAfter(uniform, index))] as const
      })
      return {
        columns: table.map((values) =>
          pairs.map(([a, b]) => (values[b.correct] ?? 0) - (values[a.correct] ?? 0)),
        ),
        unseen: () =>
          Unseen.ofPair(
            pairs.map(([, b]) => b),
            pairs.map(([a]) => a),
            ks,
          ),
      }
    },
    default: Bootstrap.differenceMethod,
  })
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
  let [covered, width] = [0, 0]
  for (let r = 0; r < repetitions; r++) {
    const { rate, correct } = draw(uniform)
    const interval = known.get(correct) ?? right(Posterior.rate(samples, correct))
    known.set(correct, interval)
    covered += Interval.contains(interval, rate) ? 1 : 0
    width += Interval.width(interval) / repetitions
  }
  const name = population.name
  return {
    population: name,
    problems: 1,
    samples,
    k: 1,
    method: "default",
    covered,
    repetitions,
    width,
    effective: 1,
  }
}

// numerics

/** One repetition: a column of values for each k, and what its counts say of problems not drawn. */
interface Drawn {
  readonly columns: ReadonlyArray<ReadonlyArray<number>>
  readonly unseen: () => ReadonlyArray<Unseen.Kind>
}

interface Design {
  readonly truths: ReadonlyArray<number>
  readonly draw: (uniform: () => number) => Drawn
  /** The bootstrap behind the default. */
  readonly default: Bootstrap.Method
}

const tabulate = (
  { population, problems, samples, ks, repetitions, resamples }: Setting,
  methods: ReadonlyArray<Method>,
  seed: Seed.Seed,
  design: Design,
): ReadonlyArray<Cell> => {
  const tallied = methods.map(() => ks.map(() => ({ covered: 0, width: 0 })))
  const moments = ks.map((): Moments => [0, 0, 0, 0])
  for (let first = 0; first < repetitions; first += blockSize) {
    const { uniform } = Seed.generator(Seed.child(seed, first))
    const block = Array.from({ length: Math.min(blockSize, repetitions - first) }, () => design.draw(uniform))
    const columns = block.flatMap((drawn) => drawn.columns)
    for (const [i, values] of columns.entries()) addMoments(moments[i % ks.length], values)
    const unseen = block.flatMap((drawn) => drawn.unseen())
    for (const [m, method] of methods.entries()) {
      const resampled = right(
        Bootstrap.intervals(
          columns,
          Seed.child(seed, `resamples ${first}`),
          0.95,
          resamples,
          method === "default" ? design.default : method,
        ),
      )
      for (const [i, own] of resampled.entries()) {
        const [cell, kind] = [tallied[m]?.[i % ks.length], unseen[i]]
        if (cell === undefined || kind === undefined) continue
        const interval = method === "default" ? Unseen.grow(own, problems, kind) : own
        const hit = holds(interval, design.truths[i % ks.length] ?? Number.NaN)
        cell.covered += hit ? 1 : 0
        cell.width += Interval.width(interval) / repetitions
      }
    }
  }
  return methods.flatMap((method, m) =>
    ks.map((k, j) => ({
      population: population.name,
      problems,
      samples,
      k,
      method,
      covered: tallied[m]?.[j]?.covered ?? 0,
      repetitions,
      width: tallied[m]?.[j]?.width ?? 0,
      effective: effectiveOf(moments[j], problems * repetitions, problems),
    })),
  )
}

/** An end that meets the truth but for rounding holds it: 1 - 1e-16 is 1. */
const holds = ({ low, high }: Interval.Interval, x: number): boolean => low - 1e-12 <= x && x <= high + 1e-12

/** Sums of x, x², x³, x⁴. */
type Moments = [number, number, number, number]

const addMoments = (moments: Moments | undefined, values: ReadonlyArray<number>): void => {
  if (moments === undefined) return
  for (const x of values) {
    moments[0] += x
    moments[1] += x * x
    moments[2] += x * x * x
    moments[3] += x * x * x * x
  }
}

const effectiveOf = (moments: Moments | undefined, count: number, problems: number): number => {
  const [m = 0, b = 0, c = 0, d = 0] = (moments ?? []).map((sum) => sum / count)
  const [second, fourth] = [b - m * m, d - 4 * m * c + 6 * m * m * b - 3 * m ** 4]
  return second < 1e-12 ? 0 : (problems * second ** 2) / fourth
}

const tally = (samples: number, correct: number): PassAtK.Tally => ({ id: "", samples, correct })

/** pass@k of every count, a list for each k. */
const tableOf = (samples: number, ks: ReadonlyArray<number>): ReadonlyArray<ReadonlyArray<number>> =>
  right(PassAtK.passAtKs(ks)(Array.from({ length: samples + 1 }, (_, correct) => tally(samples, correct))))

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

const passOf = (rate: number, k: number): number => -Math.expm1(k * Math.log1p(-rate))

const right = <A>(value: E.Either<unknown, A>): A => {
  if (E.isRight(value)) return value.right
  throw new Error(`bug: ${JSON.stringify(value.left)}`)
}
