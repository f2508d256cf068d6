/**
 * Support dynamics: which problems training made solvable, and which it lost, with the base as the yardstick.
 *
 *     P preserved   both solve it        E expanded   only the trained model does
 *     S shrunk      only the base does   O out        neither does
 *
 *     SRR = P/(P+S)     NDR = E/(P+E)     SDS = 2 SRR NDR/(SRR + NDR) = 2PE/(P² + 2PE + ES)     NSCR = (E-S)/(P+E+S)
 *
 * | name | meaning |
 * |---|---|
 * | SRR | support retention rate: how much of what the base solved is kept |
 * | NDR | net discovery rate: how much of what is solved is new |
 * | SDS | support dynamic score: their harmonic mean |
 * | NSCR | net support change rate |
 *
 * "Solves" means: at least one of n samples is correct, so that a correct answer's probability is above the ε of
 * `threshold` with confidence. A ratio without a denominator is NaN-free: it is `undefined`.
 *
 * **Laws** (`Laws.ts`)
 * 1. P + E + S + O is the number of problems; exchanging the models exchanges E and S.
 * 2. SDS is the harmonic mean of SRR and NDR; all ratios but NSCR are in [0, 1], NSCR in [-1, 1].
 *
 * **Source**  "The Invisible Leash", Wu et al. (2025), arXiv 2507.14843.
 */
import type { Seed } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import * as Bootstrap from "./Bootstrap.ts"
import type { Interval } from "./Interval.ts"
import type { Tally } from "./PassAtK.ts"
import * as Resample from "./Resample.ts"

// model

/** @category models */
export type Change = "preserved" | "expanded" | "shrunk" | "out"

/**
 * How many problems changed in which way.
 *
 * @category models
 * @since 0.1.0
 */
export type Counts = Readonly<Record<Change, number>>

/** @category models */
export interface Ratios {
  readonly srr: number | undefined
  readonly ndr: number | undefined
  readonly sds: number | undefined
  readonly nscr: number | undefined
}

/** @category errors */
export interface ProblemMissing {
  readonly _tag: "ProblemMissing"
  readonly id: string
  readonly side: "base" | "trained"
}

// constructors

/**
 * Each problem's change, in the base's order.
 *
 * **Fails with** `ProblemMissing` for a problem that only one side has.
 *
 * ```ts import.meta.vitest
 * import { Support } from "@rapo/eval"
 * const tally = (id: string, correct: number) => ({ id, samples: 4, correct })
 * Support.changes([tally("a", 1), tally("b", 0)], [tally("a", 0), tally("b", 2)]) // => { _tag: "Right", right: [{ id: "a", change: "shrunk" }, { id: "b", change: "expanded" }] }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const changes = (
  base: ReadonlyArray<Tally>,
  trained: ReadonlyArray<Tally>,
): E.Either<ProblemMissing, ReadonlyArray<{ readonly id: string; readonly change: Change }>> => {
  const known = new Set(base.map(({ id }) => id))
  const extra = trained.find(({ id }) => !known.has(id))
  if (extra !== undefined) return E.left({ _tag: "ProblemMissing", id: extra.id, side: "base" })
  const solvedAfter = new Map(trained.map(({ id, correct }) => [id, correct > 0]))
  return E.traverseArray(({ id, correct }: Tally) => {
    const after = solvedAfter.get(id)
    return after === undefined
      ? E.left<ProblemMissing>({ _tag: "ProblemMissing", id, side: "trained" })
      : E.right({ id, change: changeOf(correct > 0, after) })
  })(base)
}

/**
 * The counts of changes.
 *
 * @category constructors
 * @since 0.1.0
 */
export const countsOf = (changes: ReadonlyArray<Change>): Counts => {
  const count = (change: Change): number => changes.filter((each) => each === change).length
  return {
    preserved: count("preserved"),
    expanded: count("expanded"),
    shrunk: count("shrunk"),
    out: count("out"),
  }
}

// destructors

/**
 * SRR, NDR, SDS and NSCR of counts.
 *
 * ```ts import.meta.vitest
 * import { Support } from "@rapo/eval"
 * const proRL = Support.ratios({ preserved: 2388, expanded: 48, shrunk: 175, out: 793 })
 * proRL.srr // ≈ 0.932
 * proRL.ndr // ≈ 0.020
 * proRL.sds // ≈ 0.039
 * proRL.nscr // ≈ -0.049
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const ratios = ({ preserved: P, expanded: N, shrunk: S }: Counts): Ratios => ({
  srr: share(P, P + S),
  ndr: share(N, P + N),
  sds: share(2 * P * N, P * P + 2 * P * N + N * S),
  nscr: share(N - S, P + N + S),
})

/**
 * The ratios with percentile intervals: problems are resampled, the counts recomputed. A resample in which a ratio has
 * no denominator is left out of that ratio's interval.
 *
 * ```ts import.meta.vitest
 * import { Seed } from "@rapo/distributions"
 * import { Support } from "@rapo/eval"
 * Support.intervals(["preserved", "preserved"], Seed.fromInteger(1)).srr // => { mean: 1, low: 1, high: 1, level: 0.95 }
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const intervals = (
  changes: ReadonlyArray<Change>,
  seed: Seed.Seed,
  level: number = Bootstrap.defaultLevel,
  resamples: number = Bootstrap.defaultResamples,
): Readonly<Record<keyof Ratios, Interval | undefined>> => {
  const estimate = ratios(countsOf(changes))
  const drawn = Resample.statistics(changes, seed, resamples, (resample) => ratios(countsOf(resample)))
  const interval = (name: keyof Ratios): Interval | undefined => {
    const mean = estimate[name]
    return mean === undefined
      ? undefined
      : {
          mean,
          ...Resample.percentiles(
            drawn.flatMap((each) => each[name] ?? []),
            level,
          ),
          level,
        }
  }
  return { srr: interval("srr"), ndr: interval("ndr"), sds: interval("sds"), nscr: interval("nscr") }
}

/**
 * The probability above which a correct answer counts as supported: below it, k samples miss it with a chance above ζ.
 *
 *     (1 - ε)^k = ζ
 *
 * ```ts import.meta.vitest
 * import { Support } from "@rapo/eval"
 * Support.threshold(8192, 0.05) // ≈ 0.000366
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const threshold = (k: number, zeta: number = 0.05): number => -Math.expm1(Math.log(zeta) / k)

/** @category destructors */
export const showError = (error: ProblemMissing): string =>
  `Problem ${error.id} is missing on the ${error.side} side: both models must be judged on the same problems.`

// numerics

const changeOf = (before: boolean, after: boolean): Change =>
  before ? (after ? "preserved" : "shrunk") : after ? "expanded" : "out"

const share = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole)
