/**
 * How often nominal 95 % intervals hold the truth, by simulation: populations of problems with known rates, problems drawn
 * from them, counts drawn from the rates, intervals from the counts.
 *
 *     q_p ~ population,   c_p ~ Binomial(n, q_p),   truth of the mean: E_q[1 - (1-q)^k];  of a problem: q_p
 *
 * So both sources of noise are simulated: which problems were drawn, and how their samples fell. The truth is the population's,
 * not that of the problems drawn.
 *
 * Everything is seeded: equal seeds give equal tables.
 */
import { Seed } from "@rapo/distributions"
import { Bootstrap, Interval, PassAtK, Posterior, Unseen } from "@rapo/eval"
import { sampler } from "./draw.ts"
import { type Change, type Population, truth } from "./population.ts"
import { right } from "./right.ts"
import { type Cell, type Setting, tabulate } from "./tabulate.ts"

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

const tally = (samples: number, correct: number): PassAtK.Tally => ({ id: "", samples, correct })

/** pass@k of every count, a list for each k. */
const tableOf = (samples: number, ks: ReadonlyArray<number>): ReadonlyArray<ReadonlyArray<number>> =>
  right(PassAtK.passAtKs(ks)(Array.from({ length: samples + 1 }, (_, correct) => tally(samples, correct))))
