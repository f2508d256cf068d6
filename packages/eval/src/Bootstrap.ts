/**
 * The bootstrap over problems: how far a mean over problems would move, had other problems been drawn.
 *
 *     mean*_b = (1/P) Σ_p x[i_{b,p}],   i_{b,p} uniform on 0..P-1,   b = 1..B
 *     [low, high] = the Φ(z_-) and Φ(z_+) quantiles of mean*_1 .. mean*_B
 *
 * | method | ends |
 * |---|---|
 * | percentile | z_± = ±z, z the normal quantile of the level |
 * | adjusted, for means | z_± = a + (a ± t) / (1 - a(a ± t)), t of Student with P-1 degrees, a = γ/(6√P), γ the skewness |
 * | outer, for differences | the farther of the adjusted end and Student's, mean ± t s/√P |
 *
 * The percentile interval is too short for few problems, and misses on the long side of skewed values: it holds 87 to 94 %
 * of a nominal 95 % at P = 30. "Adjusted" is Efron's BCa, whose bias and acceleration are both a for a mean, with Student's
 * quantile for the normal one. Values of pass@k are skewed to one side, and BCa follows them; differences have long tails on both, which BCa
 * takes for skewness that chance has drawn, and there Student's interval holds its level where BCa does not. The farther end of both is
 * right for either kind.
 *
 * What it covers: the choice of problems, and the luck of sampling responses inside each of them, since each value carries its own.
 * What it does not: the luck of training. A run trained from another seed can lie outside. Nor does it invent what the values do not show:
 * where all problems agree it has no width. `Unseen` adds what counts tell about problems not drawn; `PassCurve` uses both.
 * `docs/coverage.md` has the measured coverage.
 *
 * **Laws** (`Laws.ts`)
 * 1. Determinism: equal values and seeds give equal intervals.
 * 2. Shifting or scaling the values shifts or scales the interval.
 * 3. Bounds, but of "outer": min x <= low <= high <= max x. Constant values give an interval of no width.
 * 4. Nesting: for one seed, a higher level contains a lower one.
 * 5. Pairing: the difference of two columns is the interval of their differences; swapping them reflects it.
 * 6. Coverage: near the nominal level (`docs/coverage.md`) where `Spread.effectiveCount` is 5 or more.
 *
 * The order of the problems names the resamples, so reordering them changes the interval within resampling error.
 *
 * **Source**  Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapters 13 and 14; Efron (1987), Better Bootstrap
 * Confidence Intervals, JASA 82; widening by Student's t: Hesterberg (2015), arXiv 1411.5279, section 4; the combinations are ours.
 */
import type { Seed } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import { average, deviations } from "./internal/moments.ts"
import { resampledMeans } from "./internal/resampledMeans.ts"
import { quantileOf } from "./internal/select.ts"
import { adjustedShares, percentileShares } from "./internal/shares.ts"
import type { Interval } from "./Interval.ts"
import * as Normal from "./Normal.ts"

// model

/**
 * Why an interval is not defined. `index` names the problem at fault.
 *
 * @category errors
 * @since 0.1.0
 */
export type BootstrapError =
  | { readonly _tag: "NoValues" }
  | { readonly _tag: "NotFinite"; readonly index: number; readonly value: number }
  | { readonly _tag: "LengthMismatch"; readonly expected: number; readonly actual: number }
  | { readonly _tag: "LevelOutOfRange"; readonly level: number }
  | { readonly _tag: "NotAResampleCount"; readonly resamples: number }

/**
 * How the ends of the interval are found: see the module header.
 *
 * @category models
 * @since 0.1.0
 */
export type Method = "adjusted" | "outer" | "percentile"

/**
 * The method that holds its level for few and for skewed values: pass@k of problems.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaultMethod: Method = "adjusted"

/**
 * The method that holds its level for values with long tails on both sides: differences.
 *
 * @category constants
 * @since 0.1.0
 */
export const differenceMethod: Method = "outer"

/**
 * Nominal coverage, by convention.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaultLevel = 0.95

/**
 * Resamples for one number. The ends of a 95 % interval of a normal mean then repeat within about 3 % of the
 * standard error; fewer make them noisier, as 1/√B.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaultResamples = 10_000

// constructors

/**
 * The mean over problems with its interval.
 *
 * **Domain**   at least one value, all finite; 0 < level < 1; resamples a positive integer.
 * **Fails with** `NoValues`, `NotFinite`, `LevelOutOfRange`, `NotAResampleCount`.
 *
 * ```ts import.meta.vitest
 * import { Seed } from "@rapo/distributions"
 * import { Bootstrap } from "@rapo/eval"
 * Bootstrap.interval([0.5, 0.5], Seed.fromInteger(1)) // => { _tag: "Right", right: { mean: 0.5, low: 0.5, high: 0.5, level: 0.95 } }
 * Bootstrap.interval([], Seed.fromInteger(1)) // => { _tag: "Left", left: { _tag: "NoValues" } }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const interval = (
  values: ReadonlyArray<number>,
  seed: Seed.Seed,
  level: number = defaultLevel,
  resamples: number = defaultResamples,
  method: Method = defaultMethod,
): E.Either<BootstrapError, Interval> =>
  pipe(
    validate([values], level, resamples),
    E.map(() =>
      summariser(method, level, values.length)(values, resampledMeans([values], seed, resamples)[0] ?? empty),
    ),
  )

/**
 * The intervals of several columns over the same problems, all from the same resamples, drawn once.
 *
 * **Shapes**   columns: [J, P];  result: [J].
 * **Fails with** as `interval`; `LengthMismatch` when the columns differ in length.
 * **Laws**     entry j equals `interval(columns[j], seed, level, resamples)`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const intervals = (
  columns: ReadonlyArray<ReadonlyArray<number>>,
  seed: Seed.Seed,
  level: number = defaultLevel,
  resamples: number = defaultResamples,
  method: Method = defaultMethod,
): E.Either<BootstrapError, ReadonlyArray<Interval>> =>
  pipe(
    validate(columns, level, resamples),
    E.map(() => {
      const means = resampledMeans(columns, seed, resamples)
      const summary = summariser(method, level, columns[0]?.length ?? 0)
      return columns.map((values, j) => summary(values, means[j] ?? empty))
    }),
  )

/**
 * The mean of `a - b` with its interval, paired by problem: both columns see the same resampled problems, so that
 * what is easy or hard for both cancels.
 *
 * **Shapes**   a, b: [P], the same problems in the same order.
 * **Fails with** as `intervals`.
 *
 * ```ts import.meta.vitest
 * import { Seed } from "@rapo/distributions"
 * import { Bootstrap } from "@rapo/eval"
 * Bootstrap.pairedDifference([1, 0.25], [0.75, 0], Seed.fromInteger(1)) // => { _tag: "Right", right: { mean: 0.25, low: 0.25, high: 0.25, level: 0.95 } }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const pairedDifference = (
  a: ReadonlyArray<number>,
  b: ReadonlyArray<number>,
  seed: Seed.Seed,
  level: number = defaultLevel,
  resamples: number = defaultResamples,
  method: Method = differenceMethod,
): E.Either<BootstrapError, Interval> =>
  pipe(
    validate([a, b], level, resamples),
    E.chain(() => interval(subtract(a, b), seed, level, resamples, method)),
  )

/**
 * `pairedDifference` of several pairs of columns, all from the same resamples.
 *
 * **Shapes**   a, b: [J, P];  result: [J].
 * **Fails with** as `intervals`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const pairedDifferences = (
  a: ReadonlyArray<ReadonlyArray<number>>,
  b: ReadonlyArray<ReadonlyArray<number>>,
  seed: Seed.Seed,
  level: number = defaultLevel,
  resamples: number = defaultResamples,
  method: Method = differenceMethod,
): E.Either<BootstrapError, ReadonlyArray<Interval>> =>
  a.length === b.length
    ? pipe(
        validate([...a, ...b], level, resamples),
        E.chain(() =>
          intervals(
            a.map((column, j) => subtract(column, b[j] ?? [])),
            seed,
            level,
            resamples,
            method,
          ),
        ),
      )
    : E.left({ _tag: "LengthMismatch", expected: a.length, actual: b.length })

// destructors

/**
 * An error as a sentence.
 *
 * @category destructors
 * @since 0.1.0
 */
export const showError = (error: BootstrapError): string => {
  switch (error._tag) {
    case "NoValues":
      return "An interval needs at least one value."
    case "NotFinite":
      return `The value of problem ${error.index} is ${error.value}: a mean needs finite values.`
    case "LengthMismatch":
      return `Columns over the same problems must be equally long, but one has ${error.expected} entries and another ${error.actual}.`
    case "LevelOutOfRange":
      return `The level of an interval must lie between 0 and 1, both excluded, but it is ${error.level}.`
    case "NotAResampleCount":
    default:
      return `The number of resamples must be a positive integer, but it is ${error.resamples}.`
  }
}

// numerics

const empty = new Float64Array(0)

const subtract = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): ReadonlyArray<number> =>
  a.map((x, p) => x - (b[p] ?? Number.NaN))

const validate = (
  columns: ReadonlyArray<ReadonlyArray<number>>,
  level: number,
  resamples: number,
): E.Either<BootstrapError, void> => {
  if (!(level > 0 && level < 1)) return E.left({ _tag: "LevelOutOfRange", level })
  if (!Number.isSafeInteger(resamples) || resamples < 1)
    return E.left({ _tag: "NotAResampleCount", resamples })
  const expected = columns[0]?.length ?? 0
  for (const column of columns) {
    if (column.length !== expected) return E.left({ _tag: "LengthMismatch", expected, actual: column.length })
    if (column.length === 0) return E.left({ _tag: "NoValues" })
    const index = column.findIndex((value) => !Number.isFinite(value))
    if (index >= 0) return E.left({ _tag: "NotFinite", index, value: column[index] ?? Number.NaN })
  }
  return E.right(undefined)
}

/** Intervals of columns of so many values, from their resampled means. */
const summariser = (
  method: Method,
  level: number,
  count: number,
): ((values: ReadonlyArray<number>, means: Float64Array) => Interval) => {
  const sharesOf = method === "percentile" ? () => percentileShares(level) : adjustedShares(count, level)
  const student = count < 2 ? 0 : Normal.studentQuantile(count - 1, level) / Math.sqrt(count * (count - 1))
  return (values, means) => {
    const mean = average(values)
    const shares = sharesOf(values)
    const [low, high] = [quantileOf(means, shares.low), quantileOf(means, shares.high)]
    if (method !== "outer") return { mean, low, high, level }
    const { second, scale } = deviations(values)
    const reach = student * Math.sqrt(second) * scale
    return { mean, low: Math.min(low, mean - reach), high: Math.max(high, mean + reach), level }
  }
}
