/**
 * pass@k as a function of k, each point with an interval over problems; pass^k; and the paired difference of two runs.
 *
 *     interval = the bootstrap's over the problems drawn, grown by what problems not drawn could add (`Bootstrap`, `Unseen`)
 *
 * It is an interval for the mean of the population that the problems are drawn from, at its true rates; not for the mean of these
 * very problems, which is known better. An end may rest on `Unseen` alone: then it assumes what stands there.
 *
 * **Laws** (`Laws.ts`): the means are `PassAtK.meanPassAtK`; pass^k of the correct mirrors pass@k of the wrong; `difference` of a run
 * with itself is 0, as far to one side as to the other.
 */
import type { Seed } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as Bootstrap from "./Bootstrap.ts"
import type { Interval } from "./Interval.ts"
import * as PassAtK from "./PassAtK.ts"
import * as Unseen from "./Unseen.ts"

// model

/**
 * A curve: `points[j]` belongs to `k[j]`.
 *
 * @category models
 * @since 0.1.0
 */
export interface PassCurve {
  readonly k: ReadonlyArray<number>
  readonly points: ReadonlyArray<Interval>
}

/**
 * Why a curve is not defined.
 *
 * @category errors
 * @since 0.1.0
 */
export type PassCurveError =
  | PassAtK.PassAtKError
  | Bootstrap.BootstrapError
  | {
      readonly _tag: "ProblemsDiffer"
      readonly index: number
      readonly left: string | undefined
      readonly right: string | undefined
    }

// constructors

/**
 * The curve of one run at k = 1, 2, 4, ..., up to the fewest samples that a problem has.
 *
 * **Fails with** the errors of `PassAtK.passAtKs` and `Bootstrap.intervals`.
 *
 * ```ts import.meta.vitest
 * import { Seed } from "@rapo/distributions"
 * import { PassCurve } from "@rapo/eval"
 * const tallies = [{ id: "a", samples: 2, correct: 1 }, { id: "b", samples: 2, correct: 1 }]
 * const curve = PassCurve.fromTallies(tallies, Seed.fromInteger(1))
 * curve._tag === "Right" && curve.right.k // => [1, 2]
 * // both problems are solved at k = 2; two of them do not exclude that many are not
 * curve._tag === "Right" && curve.right.points.map(({ low, mean, high }) => [low.toFixed(2), mean, high]) // => [["0.11", 0.5, 0.5], ["0.22", 1, 1]]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromTallies = (
  tallies: ReadonlyArray<PassAtK.Tally>,
  seed: Seed.Seed,
  level: number = Bootstrap.defaultLevel,
  resamples: number = Bootstrap.defaultResamples,
): E.Either<PassCurveError, PassCurve> => {
  return at(PassAtK.commonPowersOfTwo(tallies), tallies, seed, level, resamples)
}

/**
 * The curve of one run at the k that are asked for.
 *
 * **Fails with** as `fromTallies`; `TooFewSamples` names the first problem that has fewer than k.
 *
 * ```ts import.meta.vitest
 * import { Seed } from "@rapo/distributions"
 * import { PassCurve } from "@rapo/eval"
 * const tallies = [{ id: "a", samples: 4, correct: 2 }, { id: "b", samples: 4, correct: 2 }]
 * const curve = PassCurve.at([4], tallies, Seed.fromInteger(1))
 * curve._tag === "Right" && curve.right.points[0]?.mean // => 1
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const at = (
  k: ReadonlyArray<number>,
  tallies: ReadonlyArray<PassAtK.Tally>,
  seed: Seed.Seed,
  level: number = Bootstrap.defaultLevel,
  resamples: number = Bootstrap.defaultResamples,
): E.Either<PassCurveError, PassCurve> =>
  pipe(
    PassAtK.passAtKs(k)(tallies),
    E.chainW((columns) => Bootstrap.intervals(columns, seed, level, resamples)),
    E.map((points) => ({
      k,
      points: points.map((point, j) => Unseen.grow(point, tallies.length, Unseen.ofRun(tallies, k[j] ?? 1))),
    })),
  )

/**
 * pass^k, the chance that all of k are correct, at k = 1, 2, 4, ...: one minus pass@k of the wrong samples.
 *
 * **Fails with** as `fromTallies`.
 *
 * ```ts import.meta.vitest
 * import { Seed } from "@rapo/distributions"
 * import { PassCurve } from "@rapo/eval"
 * const curve = PassCurve.allOfK([{ id: "a", samples: 4, correct: 3 }], Seed.fromInteger(1))
 * curve._tag === "Right" && curve.right.points.map(({ mean }) => mean) // => [0.75, 0.5, 0]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const allOfK = (
  tallies: ReadonlyArray<PassAtK.Tally>,
  seed: Seed.Seed,
  level: number = Bootstrap.defaultLevel,
  resamples: number = Bootstrap.defaultResamples,
): E.Either<PassCurveError, PassCurve> =>
  pipe(
    // checked before its counts are exchanged: a fault keeps its name
    PassAtK.curve(tallies),
    E.chainW(() => fromTallies(tallies.map(failures), seed, level, resamples)),
    E.map(({ k, points }) => ({
      k,
      points: points.map(({ mean, low, high }) => ({ mean: 1 - mean, low: 1 - high, high: 1 - low, level })),
    })),
  )

/**
 * The curve of pass@k of `a` minus pass@k of `b`, paired by problem.
 *
 * **Fails with** `ProblemsDiffer` unless both list the same ids in the same order; else as `fromTallies`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const difference = (
  a: ReadonlyArray<PassAtK.Tally>,
  b: ReadonlyArray<PassAtK.Tally>,
  seed: Seed.Seed,
  level: number = Bootstrap.defaultLevel,
  resamples: number = Bootstrap.defaultResamples,
): E.Either<PassCurveError, PassCurve> => {
  const k = PassAtK.commonPowersOfTwo([...a, ...b])
  return pipe(
    sameProblems(a, b),
    E.chainW(() => PassAtK.passAtKs(k)(a)),
    E.bindTo("left"),
    E.bindW("right", () => PassAtK.passAtKs(k)(b)),
    E.chainW(({ left, right }) => Bootstrap.pairedDifferences(left, right, seed, level, resamples)),
    E.map((points) => {
      const unseen = Unseen.ofPair(a, b, k)
      return {
        k,
        points: points.map((point, j) =>
          Unseen.grow(point, a.length, unseen[j] ?? { least: undefined, most: undefined }),
        ),
      }
    }),
  )
}

// destructors

/**
 * An error as a sentence.
 *
 * @category destructors
 * @since 0.1.0
 */
export const showError = (error: PassCurveError): string => {
  switch (error._tag) {
    case "ProblemsDiffer":
      return `Runs can be paired only over the same problems in the same order, but problem ${error.index} is ${error.left ?? "missing"} in one and ${error.right ?? "missing"} in the other.`
    case "NotACount":
    case "MoreCorrectThanSamples":
    case "TooFewSamples":
    case "NoProblems":
      return PassAtK.showError(error)
    case "NoValues":
    case "NotFinite":
    case "LengthMismatch":
    case "LevelOutOfRange":
    case "NotAResampleCount":
    default:
      return Bootstrap.showError(error)
  }
}

// numerics

const failures = ({ id, samples, correct }: PassAtK.Tally): PassAtK.Tally => ({
  id,
  samples,
  correct: samples - correct,
})

const sameProblems = (
  a: ReadonlyArray<PassAtK.Tally>,
  b: ReadonlyArray<PassAtK.Tally>,
): E.Either<PassCurveError, void> => {
  const length = Math.max(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const [left, right] = [a[index]?.id, b[index]?.id]
    if (left !== right) return E.left({ _tag: "ProblemsDiffer", index, left, right })
  }
  return E.right(undefined)
}
