/**
 * How often intervals hold the truth, counted over repetitions.
 *
 * Repetitions of a block are columns of one bootstrap, which resamples all of them alike; each block has its own resamples.
 */
import { Seed } from "@rapo/distributions"
import { Bootstrap, Interval, Unseen } from "@rapo/eval"
import type { Population } from "./population.ts"
import { right } from "./right.ts"

// model

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

/** One repetition: a column of values for each k, and what its counts say of problems not drawn. */
export interface Drawn {
  readonly columns: ReadonlyArray<ReadonlyArray<number>>
  readonly unseen: () => ReadonlyArray<Unseen.Kind>
}

/** What is simulated. */
export interface Design {
  readonly truths: ReadonlyArray<number>
  readonly draw: (uniform: () => number) => Drawn
  /** The bootstrap behind the default. */
  readonly default: Bootstrap.Method
}

// constants

/** Repetitions that share their resamples: enough columns to make resampling cheap, few enough to average the resamples' own luck. */
const blockSize = 100

// destructors

/** The cells of a setting: one for each method and k. */
export const tabulate = (
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

// numerics

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
