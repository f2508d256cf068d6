/**
 * What problems that were not drawn could do to a mean: the rule of three, with counts as witnesses.
 *
 *     P problems without one of some kind:  that kind has a share of at most  m = 1 - (1 - level)^{1/P} ≈ 3/P  (at 95 %)
 *     low  <- min(low,  mean - m (mean - least))
 *     high <- max(high, mean + m (most - mean))
 *
 * | symbol | meaning |
 * |---|---|
 * | least, most | the mean value of a problem of a kind that was not drawn |
 * | c | the fewest correct of n among the problems drawn |
 *
 * An interval from the values alone is too short, or has no width, where nearly all of them agree: at large k all problems drawn are
 * solved, and the mean hangs on the few that were not drawn. But the counts behind the values tell how far off these are. A problem harder
 * than all P has fewer than c correct, and takes each of the counts 0 .. c-1 alike, if hard problems are no denser near 0 than
 * near c (Hill's A(n): as many gaps, as equal shares):
 *
 *     least = (1/c) Σ_{i<c} pass@k(n, i) = 1 - (n+1)/(c (k+1)) · pass@(k+1)(n+1, c),   and 0 for c = 0
 *
 * A difference can go either way: of a pair of runs, an unseen problem moves by as much as two counts near the bottom differ,
 *
 *     most = -least = E |pass@k(n, A) - pass@k(n', B)|,   A, B uniform and independent on 0 .. c+1 and 0 .. c'+1
 *
 * Above, nothing in the counts bounds a rare easy problem among hard ones, but 1: only where no problem was ever solved is
 * most = 1, which is exact: pass@k <= pass@n = P(one of n is correct) <= m. Elsewhere the upper end of a mean is left alone.
 *
 * **Laws** (`Laws.ts`)
 * 1. least is the mean of `PassAtK.passAtK` over the counts below c, rises with c, and is below the least value drawn.
 * 2. An interval only grows; one whose end is farther stays. A higher level contains a lower one. P → ∞ adds nothing.
 * 3. Where no problem was solved, the upper end alone excludes what would have shown itself with a chance of at least the level.
 *
 * **Where it fails**  A share of problems that no sample solves (a rate of exactly 0) is invisible until one is drawn: with a share s the interval
 * misses with probability (1-s)^P, all the misses there are. `share` itself is the bound that assumes nothing.
 *
 * **Source**  the rule of three: Hanley & Lippman-Hand (1983), JAMA 249; A(n): Hill (1968), JASA 63; the closed sum is the hockey-stick
 * identity; its use for pass@k is *ours*, measured in `docs/coverage.md`.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Interval } from "./Interval.ts"
import * as PassAtK from "./PassAtK.ts"

// model

/**
 * What a problem of a kind that was not drawn could have, on the average; undefined where nothing is known of that side.
 *
 * @category models
 * @since 0.1.0
 */
export interface Kind {
  readonly least: number | undefined
  readonly most: number | undefined
}

// constructors

/**
 * The largest share of the population that can have escaped so many draws, at that level.
 *
 * ```ts import.meta.vitest
 * import { Unseen } from "@rapo/eval"
 * Unseen.share(30, 0.95) // ≈ 0.0950
 * Unseen.share(3000, 0.95) // ≈ 0.000998
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const share = (problems: number, level: number): number => -Math.expm1(Math.log1p(-level) / problems)

/**
 * Unseen problems of a run, as pass@k has them; tallies of at least one problem, each with k samples.
 *
 * ```ts import.meta.vitest
 * import { Unseen } from "@rapo/eval"
 * // the hardest problem has 2 of 4: a harder one has 0 or 1, and pass@2 of 0 or 1/2
 * Unseen.ofRun([{ id: "a", samples: 4, correct: 2 }, { id: "b", samples: 4, correct: 4 }], 2) // => { least: 0.25, most: undefined }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const ofRun = (tallies: ReadonlyArray<PassAtK.Tally>, k: number): Kind => {
  const { samples, correct } = hardest(tallies)
  return {
    least: below(samples, correct, k),
    most: tallies.every((tally) => tally.correct === 0) ? 1 : undefined,
  }
}

/**
 * Unseen problems of the paired difference of two runs, for several k, each at most any number of samples.
 *
 * **Shapes**   result: [ks].
 *
 * @category constructors
 * @since 0.1.0
 */
export const ofPair = (
  a: ReadonlyArray<PassAtK.Tally>,
  b: ReadonlyArray<PassAtK.Tally>,
  ks: ReadonlyArray<number>,
): ReadonlyArray<Kind> => {
  const [bottomOfA, bottomOfB] = [bottom(a), bottom(b)]
  return ks.map((k) => {
    const most = meanDistance(bottomOfA(k), bottomOfB(k))
    return { least: -most, most }
  })
}

// combinators

/**
 * The interval, grown to what unseen problems could make of the mean.
 *
 * ```ts import.meta.vitest
 * import { Unseen } from "@rapo/eval"
 * const sure = { mean: 1, low: 1, high: 1, level: 0.95 }
 * const grown = Unseen.grow(sure, 30, { least: 0.5, most: 1 })
 * grown.low // ≈ 0.9525
 * grown.high // => 1
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const grow = (interval: Interval, problems: number, { least, most }: Kind): Interval => {
  const { mean, low, high, level } = interval
  const escaped = share(problems, level)
  return {
    mean,
    low: least === undefined ? low : Math.min(low, mean - escaped * (mean - least)),
    high: most === undefined ? high : Math.max(high, mean + escaped * (most - mean)),
    level,
  }
}

// numerics

/** The tally with the smallest rate. */
const hardest = (tallies: ReadonlyArray<PassAtK.Tally>): PassAtK.Tally =>
  tallies.reduce((least, tally) =>
    tally.correct * least.samples < least.correct * tally.samples ? tally : least,
  )

/** The mean of pass@k over the counts below c. */
const below = (n: number, c: number, k: number): number =>
  c === 0 ? 0 : Math.max(0, 1 - ((n + 1) / (c * (k + 1))) * pass(n + 1, c, k + 1))

/** pass@k of the counts 0 .. c+1 of the hardest problem, ascending. */
const bottom = (tallies: ReadonlyArray<PassAtK.Tally>): ((k: number) => ReadonlyArray<number>) => {
  const { samples, correct } = hardest(tallies)
  const counts = Array.from({ length: Math.min(samples, correct + 1) + 1 }, (_, count) => count)
  return (k) => counts.map((count) => pass(samples, count, k))
}

/** E |x - y| of independent draws from two ascending lists: each x against those of y below and above it, by running sums. */
const meanDistance = (xs: ReadonlyArray<number>, ys: ReadonlyArray<number>): number => {
  let sum = 0
  for (const y of ys) sum += y
  let [total, passed, sumPassed] = [0, 0, 0]
  for (const x of xs) {
    while (passed < ys.length && (ys[passed] ?? 0) <= x) sumPassed += ys[passed++] ?? 0
    total += x * (2 * passed - ys.length) + sum - 2 * sumPassed
  }
  return Math.max(0, total / (xs.length * ys.length))
}

const pass = (n: number, c: number, k: number): number => {
  const value = PassAtK.passAtK(n, c, k)
  if (E.isRight(value)) return value.right
  throw new Error(`bug: ${PassAtK.showError(value.left)}`)
}
