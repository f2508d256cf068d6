/**
 * pass@k as a function of k, each point with an interval over problems; and the paired difference of two runs.
 *
 * **Laws** (`Laws.ts`): the means are `PassAtK.meanPassAtK`; `difference` of a run with itself is 0 with no width.
 */
import type { Seed } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as Bootstrap from "./Bootstrap.ts"
import type { Interval } from "./Interval.ts"
import * as PassAtK from "./PassAtK.ts"

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
 * const sure = { mean: 1, low: 1, high: 1, level: 0.95 }
 * const half = { mean: 0.5, low: 0.5, high: 0.5, level: 0.95 }
 * PassCurve.fromTallies(tallies, Seed.fromInteger(1)) // => { _tag: "Right", right: { k: [1, 2], points: [half, sure] } }
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
 * const half = { mean: 0.5, low: 0.5, high: 0.5, level: 0.95 }
 * PassCurve.at([1], tallies, Seed.fromInteger(1)) // => { _tag: "Right", right: { k: [1], points: [half] } }
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
    E.map((points) => ({ k, points })),
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
    E.map((points) => ({ k, points })),
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
