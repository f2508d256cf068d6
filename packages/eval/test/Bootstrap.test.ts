import { Seed } from "@rapo/distributions"
import { Bootstrap, Interval, Laws, Normal, PassAtK, PassCurve } from "@rapo/eval"
import * as E from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as A from "./arbitraries.ts"

describe("laws of the bootstrap", () => {
  test("within the values", () =>
    fc.assert(
      fc.property(A.values, A.seed, A.level, (values, seed, level) =>
        Laws.intervalIsWithinTheValues(values, seed, level),
      ),
    ))
  test("shift and scale", () =>
    fc.assert(
      fc.property(
        A.values,
        A.seed,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        A.finite,
        (values, seed, scale, shift) => Laws.intervalIsEquivariant(values, seed, scale, shift),
      ),
    ))
  test("determined by values and seed", () =>
    fc.assert(fc.property(A.values, A.seed, (values, seed) => Laws.intervalIsDetermined(values, seed))))
  test("levels nest", () =>
    fc.assert(
      fc.property(A.values, A.seed, A.level, A.level, (values, seed, a, b) =>
        Laws.intervalsNest(values, seed, a, b),
      ),
    ))
  test("columns share their resamples", () =>
    fc.assert(fc.property(A.columns, A.seed, (columns, seed) => Laws.columnsShareResamples(columns, seed))))
  test("a difference reflects", () =>
    fc.assert(fc.property(A.pair, A.seed, ([a, b], seed) => Laws.differenceReflects(a, b, seed))))
  test("a run differs from itself by 0", () =>
    fc.assert(fc.property(A.values, A.seed, (a, seed) => Laws.differenceFromItselfIsZero(a, seed))))
  test("pairing removes the problems", () =>
    fc.assert(
      fc.property(A.values, A.finite, A.seed, (a, shift, seed) =>
        Laws.pairingRemovesTheProblems(a, shift, seed),
      ),
    ))
})

describe("laws of the quantiles behind it", () => {
  test("selection finds what sorting finds", () =>
    fc.assert(
      fc.property(A.values, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) =>
        Laws.selectionIsSorting(values, q),
      ),
    ))
  test("the normal distribution rises and mirrors", () =>
    fc.assert(
      fc.property(
        fc.double({ min: -9, max: 9, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        Laws.normalRisesAndMirrors,
      ),
    ))
  test("Student's quantile has its level and falls to the normal's", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), A.level, (freedom, level) =>
        Laws.studentQuantileHasItsLevel(freedom, level),
      ),
    ))
  test("as the tables have them", () => {
    // SciPy 1: norm.cdf, t.ppf
    expect(Normal.cdf(-3)).toBeCloseTo(0.00134989803163009, 14)
    expect(Normal.cdf(1)).toBeCloseTo(0.841344746068543, 14)
    const table = [
      12.706204736174694, 4.302652729749462, 2.262157162798205, 2.045229642132703, 1.9647293909876886,
    ]
    for (const [i, freedom] of [1, 2, 9, 29, 499].entries())
      expect(Normal.studentQuantile(freedom, 0.95)).toBeCloseTo(table[i] ?? 0, 12)
    expect(Normal.studentQuantile(4, 0.99)).toBeCloseTo(4.604094871349992, 12)
  })
})

describe("laws of curves", () => {
  test("means of pass@k", () =>
    fc.assert(fc.property(A.tallies, A.seed, (tallies, seed) => Laws.curveIsTheMean(tallies, seed))))
  test("difference of means", () =>
    fc.assert(fc.property(A.runs, A.seed, ([a, b], seed) => Laws.curveDifferenceIsOfTheMeans(a, b, seed))))
  test("runs over other problems are not paired", () => {
    const a = [{ id: "a", samples: 4, correct: 1 }]
    const b = [{ id: "b", samples: 4, correct: 1 }]
    const value = PassCurve.difference(a, b, Seed.fromInteger(1))
    expect(value).toEqual(E.left({ _tag: "ProblemsDiffer", index: 0, left: "a", right: "b" }))
    expect(E.isLeft(value) ? PassCurve.showError(value.left) : "").toContain("problem 0 is a in one and b")
    expect(E.isLeft(PassCurve.difference(a, [], Seed.fromInteger(1)))).toBe(true)
  })
})

describe("coverage", () => {
  /** 300 repetitions at 95 %: three standard errors of the count are 3.8 %, and P = 60 covers a little too little. */
  const [repetitions, problems, lowest, highest] = [300, 60, 0.9, 0.985]

  test("95 % intervals cover the truth about 95 % of the time", () => {
    const root = Seed.fromInteger(2)
    const covered = Array.from({ length: repetitions }, (_, index) => {
      const { uniform } = Seed.generator(Seed.child(root, index))
      const values = Array.from({ length: problems }, () => uniform())
      const value = Bootstrap.interval(values, Seed.child(root, `resample ${index}`), 0.95, 400)
      return E.isRight(value) && Interval.contains(value.right, 0.5)
    }).filter(Boolean).length
    expect(covered / repetitions).toBeGreaterThanOrEqual(lowest)
    expect(covered / repetitions).toBeLessThanOrEqual(highest)
  })

  test("the width is that of the normal approximation", () => {
    const { uniform } = Seed.generator(Seed.fromInteger(3))
    const values = Array.from({ length: 400 }, () => uniform())
    const mean = values.reduce((a, b) => a + b) / values.length
    const error = Math.sqrt(values.reduce((a, x) => a + (x - mean) ** 2, 0)) / values.length
    const value = Bootstrap.interval(values, Seed.fromInteger(4))
    // 10,000 resamples leave about 2 % of noise in the width
    expect(E.isRight(value) ? Interval.width(value.right) / (2 * 1.96 * error) : 0).toBeCloseTo(1, 1)
  })
})

describe("domain", () => {
  const seed = Seed.fromInteger(1)
  const cases: ReadonlyArray<readonly [string, E.Either<Bootstrap.BootstrapError, unknown>]> = [
    ["NoValues", Bootstrap.interval([], seed)],
    ["NotFinite", Bootstrap.interval([0, Number.NaN], seed)],
    ["NotFinite", Bootstrap.pairedDifference([0, 1], [0, Infinity], seed)],
    ["LengthMismatch", Bootstrap.pairedDifference([0, 1], [0], seed)],
    ["LengthMismatch", Bootstrap.pairedDifferences([[0], [1]], [[0]], seed)],
    ["LengthMismatch", Bootstrap.intervals([[0, 1], [0]], seed)],
    ["LevelOutOfRange", Bootstrap.interval([0], seed, 1)],
    ["LevelOutOfRange", Bootstrap.interval([0], seed, Number.NaN)],
    ["NotAResampleCount", Bootstrap.interval([0], seed, 0.95, 0)],
    ["NotAResampleCount", Bootstrap.interval([0], seed, 0.95, 2.5)],
  ]
  test.each(cases)("%s", (tag, value) => {
    expect(value).toMatchObject({ _tag: "Left", left: { _tag: tag } })
    if (E.isLeft(value)) expect(Bootstrap.showError(value.left)).toMatch(/\.$/)
  })
})

test("11 points of 5 arms, and their differences, at 2,000 resamples, take less than 2 seconds", () => {
  const seed = Seed.fromInteger(5)
  // processor time, not the clock's: the machine may be busy with other tests
  const start = process.cpuUsage()
  for (let arm = 0; arm < 5; arm++) {
    const own = tallies(arm)
    const [curve, change] = [
      PassCurve.fromTallies(own, seed, 0.95, 2000),
      PassCurve.difference(own, tallies(0), seed, 0.95, 2000),
    ]
    expect(
      E.isRight(curve) && E.isRight(change) && curve.right.points.length + change.right.points.length,
    ).toBe(22)
  }
  const { user, system } = process.cpuUsage(start)
  const seconds = (user + system) / 1e6
  console.log(`bootstrap: 110 intervals of 142 problems in ${seconds.toFixed(2)} s`)
  expect(seconds).toBeLessThan(2)
})

const tallies = (arm: number): ReadonlyArray<PassAtK.Tally> =>
  Array.from({ length: 142 }, (_, p) => ({ id: `${p}`, samples: 1024, correct: (p * 37 * (arm + 1)) % 400 }))
