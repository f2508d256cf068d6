/** Laws of comparing two models: support, the Hard set, the permutation test, resamples of any statistic. */
import type { Seed } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import * as Bootstrap from "../Bootstrap.ts"
import * as Hard from "../Hard.ts"
import { bothHold, holds, near } from "../internal/holds.ts"
import type { Tally } from "../PassAtK.ts"
import * as Permutation from "../Permutation.ts"
import * as Resample from "../Resample.ts"
import * as Support from "../Support.ts"

// support

/** P + E + S + O is the number of problems; exchanging the models exchanges E and S. */
export const changesPartition = (base: ReadonlyArray<Tally>, trained: ReadonlyArray<Tally>): boolean =>
  bothHold(Support.changes(base, trained), Support.changes(trained, base), (forth, back) => {
    const [a, b] = [forth, back].map((changes) => Support.countsOf(changes.map(({ change }) => change)))
    return (
      a !== undefined &&
      b !== undefined &&
      a.preserved + a.expanded + a.shrunk + a.out === base.length &&
      a.expanded === b.shrunk &&
      a.shrunk === b.expanded &&
      a.preserved === b.preserved
    )
  })

/** SDS is the harmonic mean of SRR and NDR; SRR, NDR and SDS are in [0, 1], NSCR in [-1, 1]. */
export const ratiosAreConsistent = (counts: Support.Counts): boolean => {
  const { srr, ndr, sds, nscr } = Support.ratios(counts)
  const inside = [srr, ndr, sds].every((x) => x === undefined || (0 <= x && x <= 1))
  const net = nscr === undefined || Math.abs(nscr) <= 1
  if (srr === undefined || ndr === undefined || sds === undefined || srr + ndr === 0) return inside && net
  return inside && net && near(sds, (2 * srr * ndr) / (srr + ndr), 1e-12)
}

// the Hard set

/** The chance to land in the Hard set falls in q and in n, and is 1 at q = 0. */
export const hardChanceFalls = (n: number, q: number, more: number): boolean =>
  Hard.chance(n, 0) === 1 &&
  Hard.chance(n, Math.min(1, q + more)) <= Hard.chance(n, q) &&
  Hard.chance(n + 1, q) <= Hard.chance(n, q)

/** Hard problems are those that are newly solved, or remain out. */
export const hardIsWhatTheBaseLacks = (base: ReadonlyArray<Tally>, trained: ReadonlyArray<Tally>): boolean =>
  holds(Support.changes(base, trained), (changes) => {
    const lacking = changes.filter(({ change }) => change === "expanded" || change === "out")
    return Hard.problems(base).join() === lacking.map(({ id }) => id).join()
  })

// the permutation test

/** 0 < p <= 1, symmetric, and 1 for a model against itself. */
export const testIsSymmetric = (
  a: ReadonlyArray<number>,
  b: ReadonlyArray<number>,
  seed: Seed.Seed,
): boolean =>
  bothHold(
    Permutation.test(a, b, seed),
    Permutation.test(b, a, seed),
    (forth, back) =>
      0 < forth.pValue &&
      forth.pValue <= 1 &&
      near(forth.pValue, back.pValue, forth.method === "exact" ? 0 : 0.1) &&
      near(forth.difference, -back.difference, 1e-9 * (1 + Math.abs(forth.difference))),
  ) && holds(Permutation.test(a, a, seed), ({ pValue }) => pValue === 1)

/** Sampled and enumerated p agree within five standard errors of the sampling. */
export const samplingApproximates = (
  exact: number,
  sampled: number,
  draws: number = Permutation.defaultDraws,
): boolean => Math.abs(exact - sampled) <= 5 * Math.sqrt((exact * (1 - exact)) / draws) + 2 / draws

// resamples

/** For a mean, the general bootstrap is the percentile method of `Bootstrap.interval`, but for the order of its sums. */
export const resampledMeanIsTheBootstrap = (values: ReadonlyArray<number>, seed: Seed.Seed): boolean => {
  const mean = (xs: ReadonlyArray<number>): number => xs.reduce((total, x) => total + x, 0) / xs.length
  const resamples = 50
  const { low, high } = Resample.percentiles(Resample.statistics(values, seed, resamples, mean), 0.95)
  const interval = Bootstrap.interval(values, seed, 0.95, resamples, "percentile")
  const slack = 1e-12 * Math.max(1, ...values.map(Math.abs))
  return E.isRight(interval) && near(interval.right.low, low, slack) && near(interval.right.high, high, slack)
}
