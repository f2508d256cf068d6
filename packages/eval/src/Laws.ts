/**
 * The laws of this package as boolean predicates, for any property-based testing library.
 */
import type { Seed } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import * as Bootstrap from "./Bootstrap.ts"
import type { Interval } from "./Interval.ts"
import * as PassAtK from "./PassAtK.ts"
import * as PassCurve from "./PassCurve.ts"
import { bothHold, holds, near } from "./internal/holds.ts"

export * from "./laws/Comparison.ts"
export * from "./laws/Counts.ts"
export * from "./laws/Quantiles.ts"
export * from "./laws/Samples.ts"
export * from "./laws/Unseen.ts"

// tolerances

/**
 * pass@k is a product of at most a few thousand factors in [0, 1], each rounded once.
 *
 * @category tolerances
 * @since 0.1.0
 */
export const passTolerance = 1e-12

/**
 * A mean of a few hundred values is summed in another order, or of other magnitudes, on the two sides of a law;
 * the error is relative to the largest value that takes part.
 *
 * @category tolerances
 * @since 0.1.0
 */
export const meanTolerance = 1e-12

// laws of pass@k

/** pass@1 = c/n. */
export const passAtOneIsTheRate = (n: number, c: number): boolean =>
  holds(PassAtK.passAtK(n, c, 1), (value) => near(value, c / n, passTolerance))

/** pass@n = 1 if c > 0, else 0. */
export const passAtAllIsSolved = (n: number, c: number): boolean =>
  holds(PassAtK.passAtK(n, c, n), (value) => value === (c > 0 ? 1 : 0))

/** A probability. */
export const passIsAProbability = (n: number, c: number, k: number): boolean =>
  holds(PassAtK.passAtK(n, c, k), (value) => value >= 0 && value <= 1)

/** More attempts never hurt; for k < n. */
export const passGrowsWithK = (n: number, c: number, k: number): boolean =>
  bothHold(PassAtK.passAtK(n, c, k), PassAtK.passAtK(n, c, k + 1), (few, more) => few <= more + passTolerance)

/** More correct samples never hurt; for c < n. */
export const passGrowsWithC = (n: number, c: number, k: number): boolean =>
  bothHold(PassAtK.passAtK(n, c, k), PassAtK.passAtK(n, c + 1, k), (few, more) => few <= more + passTolerance)

/** k and c play the same part; for c >= 1. */
export const passIsSymmetric = (n: number, c: number, k: number): boolean =>
  bothHold(PassAtK.passAtK(n, c, k), PassAtK.passAtK(n, k, c), (a, b) => a === b)

/** The share of the k-subsets of n samples that hold one of the first c; for small n. */
export const passIsEnumeration = (n: number, c: number, k: number): boolean => {
  let subsets = 0
  let solved = 0
  for (let set = 0; set < 2 ** n; set++) {
    if (bits(set) !== k) continue
    subsets += 1
    if ((set & (2 ** c - 1)) !== 0) solved += 1
  }
  return holds(PassAtK.passAtK(n, c, k), (value) => near(value, solved / subsets, passTolerance))
}

/** Σ_c Binomial(c; n, q) pass@k(n, c) = 1 - (1 - q)^k. */
export const passIsUnbiased = (n: number, k: number, q: number): boolean => {
  let expectation = 0
  let choose = 1
  for (let c = 0; c <= n; c++) {
    const value = PassAtK.passAtK(n, c, k)
    if (E.isLeft(value)) return false
    expectation += choose * q ** c * (1 - q) ** (n - c) * value.right
    choose = (choose * (n - c)) / (c + 1)
  }
  return near(expectation, 1 - (1 - q) ** k, n * passTolerance)
}

// laws of the bootstrap

/** min x <= low <= high <= max x, and the mean lies between min and max. */
export const intervalIsWithinTheValues = (
  values: ReadonlyArray<number>,
  seed: Seed.Seed,
  level: number,
): boolean =>
  holds(Bootstrap.interval(values, seed, level, fewResamples), ({ low, high, mean }) => {
    const slack = meanTolerance * size(values)
    const [least, most] = [Math.min(...values) - slack, Math.max(...values) + slack]
    return least <= low && low <= high && high <= most && least <= mean && mean <= most
  })

/** interval(scale · x + shift) = scale · interval(x) + shift; for scale > 0. */
export const intervalIsEquivariant = (
  values: ReadonlyArray<number>,
  seed: Seed.Seed,
  scale: number,
  shift: number,
): boolean => {
  const moved = values.map((x) => scale * x + shift)
  const slack = meanTolerance * (scale * size(values) + Math.abs(shift))
  return bothHold(run(values, seed), run(moved, seed), (a, b) =>
    nearInterval(
      b,
      map(a, (x) => scale * x + shift),
      slack,
    ),
  )
}

/** Equal arguments, equal intervals. */
export const intervalIsDetermined = (values: ReadonlyArray<number>, seed: Seed.Seed): boolean =>
  bothHold(run(values, seed), run([...values], seed), (a, b) => nearInterval(a, b, 0))

/** A higher level contains a lower one. */
export const intervalsNest = (
  values: ReadonlyArray<number>,
  seed: Seed.Seed,
  a: number,
  b: number,
): boolean =>
  bothHold(
    Bootstrap.interval(values, seed, Math.min(a, b), fewResamples),
    Bootstrap.interval(values, seed, Math.max(a, b), fewResamples),
    (inner, outer) => outer.low <= inner.low && inner.high <= outer.high,
  )

/** Many columns at once are the same as one after another. */
export const columnsShareResamples = (
  columns: ReadonlyArray<ReadonlyArray<number>>,
  seed: Seed.Seed,
): boolean =>
  holds(Bootstrap.intervals(columns, seed, Bootstrap.defaultLevel, fewResamples), (all) =>
    columns.every((column, j) =>
      holds(run(column, seed), (one) => {
        const other = all[j]
        return other !== undefined && nearInterval(one, other, 0)
      }),
    ),
  )

/** difference(a, b) = -difference(b, a), its ends exchanged. */
export const differenceReflects = (
  a: ReadonlyArray<number>,
  b: ReadonlyArray<number>,
  seed: Seed.Seed,
): boolean =>
  bothHold(paired(a, b, seed), paired(b, a, seed), (forth, back) =>
    nearInterval(
      forth,
      { ...back, mean: -back.mean, low: -back.high, high: -back.low },
      meanTolerance * (size(a) + size(b)),
    ),
  )

/** A run differs from itself by 0, and the interval says so. */
export const differenceFromItselfIsZero = (a: ReadonlyArray<number>, seed: Seed.Seed): boolean =>
  holds(paired(a, a, seed), ({ mean, low, high }) => mean === 0 && low === 0 && high === 0)

/** Where b is a plus a constant, pairing leaves no uncertainty. */
export const pairingRemovesTheProblems = (
  a: ReadonlyArray<number>,
  shift: number,
  seed: Seed.Seed,
): boolean => {
  const b = a.map((x) => x + shift)
  return holds(paired(b, a, seed), (d) =>
    nearInterval(d, { ...d, mean: shift, low: shift, high: shift }, meanTolerance * (size(a) + size(b))),
  )
}

// laws of curves

/** The means of a curve are those of `PassAtK`, and it never falls. */
export const curveIsTheMean = (tallies: ReadonlyArray<PassAtK.Tally>, seed: Seed.Seed): boolean =>
  bothHold(
    PassCurve.fromTallies(tallies, seed, Bootstrap.defaultLevel, fewResamples),
    PassAtK.curve(tallies),
    (curve, means) =>
      curve.k.length === curve.points.length &&
      curve.k.length === means.length &&
      means.every(({ k, value }, j) => curve.k[j] === k && curve.points[j]?.mean === value) &&
      means.every(({ value }, j) => value >= (means[j - 1]?.value ?? 0) - passTolerance),
  )

/** The difference of two curves has the difference of their means. */
export const curveDifferenceIsOfTheMeans = (
  a: ReadonlyArray<PassAtK.Tally>,
  b: ReadonlyArray<PassAtK.Tally>,
  seed: Seed.Seed,
): boolean =>
  holds(PassCurve.difference(a, b, seed, Bootstrap.defaultLevel, fewResamples), ({ k, points }) =>
    k.every((each, j) =>
      bothHold(PassAtK.meanPassAtK(each)(a), PassAtK.meanPassAtK(each)(b), (left, right) =>
        near(points[j]?.mean ?? Number.NaN, left - right, passTolerance),
      ),
    ),
  )

// numerics

/** Laws hold for any number of resamples; few keep properties fast. */
const fewResamples = 50

const run = (values: ReadonlyArray<number>, seed: Seed.Seed): E.Either<Bootstrap.BootstrapError, Interval> =>
  Bootstrap.interval(values, seed, Bootstrap.defaultLevel, fewResamples)

const paired = (
  a: ReadonlyArray<number>,
  b: ReadonlyArray<number>,
  seed: Seed.Seed,
): E.Either<Bootstrap.BootstrapError, Interval> =>
  Bootstrap.pairedDifference(a, b, seed, Bootstrap.defaultLevel, fewResamples)

const nearInterval = (a: Interval, b: Interval, tolerance: number): boolean =>
  near(a.mean, b.mean, tolerance) && near(a.low, b.low, tolerance) && near(a.high, b.high, tolerance)

const map = (self: Interval, f: (x: number) => number): Interval => ({
  ...self,
  mean: f(self.mean),
  low: f(self.low),
  high: f(self.high),
})

const size = (values: ReadonlyArray<number>): number => Math.max(1, ...values.map(Math.abs))

const bits = (set: number): number => (set === 0 ? 0 : (set & 1) + bits(set >>> 1))
