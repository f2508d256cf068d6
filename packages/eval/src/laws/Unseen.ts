/** Laws of what problems that were not drawn can do to an interval, of pass^k, and of the spread. */
import type { Seed } from "@rapo/distributions"
import * as Bootstrap from "../Bootstrap.ts"
import { bothHold, holds, near } from "../internal/holds.ts"
import type { Interval } from "../Interval.ts"
import * as PassAtK from "../PassAtK.ts"
import * as PassCurve from "../PassCurve.ts"
import * as Spread from "../Spread.ts"
import * as Unseen from "../Unseen.ts"

/**
 * Sums of some hundred values of pass@k, each good to 1e-12, against closed forms; and 1 - (1 - x).
 *
 * @category tolerances
 * @since 0.1.0
 */
export const unseenTolerance = 1e-11

/** least is the mean of pass@k over the counts below c, and no problem drawn has less. */
export const unseenIsTheMeanBelow = (n: number, c: number, k: number): boolean => {
  const counts = Array.from({ length: c }, (_, correct) => ({ id: `${correct}`, samples: n, correct }))
  const { least } = Unseen.ofRun([{ id: "a", samples: n, correct: c }], k)
  return holds(
    PassAtK.passAtKs([k])([...counts, { id: "c", samples: n, correct: c }]),
    ([all]) =>
      least !== undefined &&
      near(least, c === 0 ? 0 : sum((all ?? []).slice(0, c)) / c, unseenTolerance) &&
      least <= (all?.[c] ?? 0) + unseenTolerance,
  )
}

/** An unseen problem of a pair moves by as much as counts near the bottom differ, pair by pair. */
export const unseenPairIsTheMeanDistance = (a: PassAtK.Tally, b: PassAtK.Tally, k: number): boolean => {
  const bottom = ({ samples, correct }: PassAtK.Tally): ReadonlyArray<PassAtK.Tally> =>
    Array.from({ length: Math.min(samples, correct + 1) + 1 }, (_, count) => ({
      id: `${count}`,
      samples,
      correct: count,
    }))
  return bothHold(PassAtK.passAtKs([k])(bottom(a)), PassAtK.passAtKs([k])(bottom(b)), ([xs], [ys]) => {
    const all = (xs ?? []).flatMap((x) => (ys ?? []).map((y) => Math.abs(x - y)))
    const [forth, back] = [Unseen.ofPair([a], [b], [k])[0], Unseen.ofPair([b], [a], [k])[0]]
    return (
      forth?.most !== undefined &&
      near(forth.most, sum(all) / all.length, unseenTolerance) &&
      forth.least === -forth.most &&
      near(back?.most ?? Number.NaN, forth.most, unseenTolerance)
    )
  })
}

/** An interval only grows, more so at a higher level and with fewer problems, and keeps its mean. */
export const unseenOnlyGrows = (interval: Interval, problems: number, kind: Unseen.Kind): boolean => {
  const grown = Unseen.grow(interval, problems, kind)
  const surer = Unseen.grow({ ...interval, level: (1 + interval.level) / 2 }, problems, kind)
  const fewer = Unseen.grow(interval, problems / 2, kind)
  return (
    grown.mean === interval.mean &&
    contains(grown, interval) &&
    contains(surer, grown) &&
    contains(fewer, grown)
  )
}

/** The share that can have escaped P draws does escape them with the probability 1 - level. */
export const shareEscapesAtItsLevel = (problems: number, level: number): boolean =>
  near((1 - Unseen.share(problems, level)) ** problems, 1 - level, unseenTolerance)

/** pass^k of a run is one minus pass@k of its wrong samples, interval and all; it begins at the share of correct ones. */
export const allOfKMirrors = (tallies: ReadonlyArray<PassAtK.Tally>, seed: Seed.Seed): boolean =>
  bothHold(
    PassCurve.allOfK(tallies, seed, Bootstrap.defaultLevel, few),
    PassCurve.fromTallies(
      tallies.map((tally) => ({ ...tally, correct: tally.samples - tally.correct })),
      seed,
      Bootstrap.defaultLevel,
      few,
    ),
    (all, pass) =>
      all.points.every((point, j) => {
        const other = pass.points[j]
        return (
          other !== undefined &&
          near(point.mean, 1 - other.mean, unseenTolerance) &&
          near(point.low, 1 - other.high, unseenTolerance) &&
          near(point.high, 1 - other.low, unseenTolerance)
        )
      }) &&
      near(
        all.points[0]?.mean ?? Number.NaN,
        sum(tallies.map(({ samples, correct }) => correct / samples)) / tallies.length,
        unseenTolerance,
      ),
  )

/** A run differs from itself by 0, as far to one side as to the other. */
export const curveDiffersFromItselfEvenly = (
  tallies: ReadonlyArray<PassAtK.Tally>,
  seed: Seed.Seed,
): boolean =>
  holds(PassCurve.difference(tallies, tallies, seed, Bootstrap.defaultLevel, few), ({ points }) =>
    points.every(({ mean, low, high }) => mean === 0 && low <= 0 && near(low, -high, unseenTolerance)),
  )

/** An effective count is from 0 to the number of values, and neither shift nor factor changes it. */
export const effectiveCountIsScaleFree = (
  values: ReadonlyArray<number>,
  shift: number,
  factor: number,
): boolean => {
  const count = Spread.effectiveCount(values)
  const scaled = Spread.effectiveCount(values.map((x) => x * factor))
  const size = Math.max(...values.map(Math.abs), Math.abs(shift))
  const spread = Math.max(...values) - Math.min(...values)
  // shift and factor round the values: what is left of their differences is good to its share
  const shifted = Spread.effectiveCount(values.map((x) => x + shift))
  return (
    count >= 0 &&
    count <= values.length * (1 + unseenTolerance) &&
    (count > 0 || spread <= size * roundings) &&
    (spread <= size * visible ||
      (near(scaled, count, values.length * shiftTolerance) &&
        near(shifted, count, values.length * shiftTolerance)))
  )
}

// numerics

/** Laws hold for any number of resamples; few keep properties fast. */
const few = 50

/** The mean of equal values may differ from them by some roundings of 2⁻⁵³. */
const roundings = 1e-13

/** Below this share of the values' size, a shift can round their differences away. */
const visible = 1e-6

/** Differences above that share keep nine digits, of which fourth powers of forty lose two. */
const shiftTolerance = 1e-7

const contains = (outer: Interval, inner: Interval): boolean =>
  outer.low <= inner.low && inner.high <= outer.high

const sum = (values: ReadonlyArray<number>): number => values.reduce((total, value) => total + value, 0)
