import { Bootstrap, Interval, Laws, PassCurve, Spread, Unseen } from "@rapo/eval"
import { Seed } from "@rapo/distributions"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as A from "./arbitraries.ts"
import { right } from "./right.ts"

const kind: fc.Arbitrary<Unseen.Kind> = fc.record({
  least: fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { nil: undefined }),
  most: fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { nil: undefined }),
})

describe("laws of what was not drawn", () => {
  test("the mean of the counts below", () =>
    fc.assert(fc.property(A.counts(60), ({ n, c, k }) => Laws.unseenIsTheMeanBelow(n, c, k))))
  test("pairs, one by one", () =>
    fc.assert(
      fc.property(A.counts(40), A.counts(40), (a, b) =>
        Laws.unseenPairIsTheMeanDistance(
          { id: "a", samples: a.n, correct: a.c },
          { id: "b", samples: b.n, correct: b.c },
          Math.min(a.k, b.k),
        ),
      ),
    ))
  test("an interval only grows", () =>
    fc.assert(
      fc.property(
        fc.tuple(A.rate, A.rate, A.rate),
        A.level,
        fc.integer({ min: 2, max: 1000 }),
        kind,
        (rates, level, problems, each) => {
          const [low = 0, mean = 0, high = 0] = rates.toSorted((a, b) => a - b)
          return Laws.unseenOnlyGrows({ low, mean, high, level }, problems, each)
        },
      ),
    ))
  test("the share that escapes has its level", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), A.level, (problems, level) =>
        Laws.shareEscapesAtItsLevel(problems, level),
      ),
    ))
  test("pass^k mirrors pass@k of the wrong samples", () =>
    fc.assert(fc.property(A.tallies, A.seed, (tallies, seed) => Laws.allOfKMirrors(tallies, seed))))
  test("a run differs from itself as far to one side as to the other", () =>
    fc.assert(
      fc.property(A.tallies, A.seed, (tallies, seed) => Laws.curveDiffersFromItselfEvenly(tallies, seed)),
    ))
  test("the effective count has no unit", () =>
    fc.assert(
      fc.property(
        A.values,
        A.finite,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (values, shift, factor) => Laws.effectiveCountIsScaleFree(values, shift, factor),
      ),
    ))
})

describe("where the problems drawn agree", () => {
  const seed = Seed.fromInteger(1)
  const run = (
    correct: ReadonlyArray<number>,
  ): ReadonlyArray<{ id: string; samples: number; correct: number }> =>
    correct.map((each, p) => ({ id: `p${p}`, samples: 64, correct: each }))

  test("none solved: up to the rule of three, at every k", () => {
    const { points } = right(PassCurve.fromTallies(run(Array.from({ length: 30 }, () => 0)), seed))
    for (const { low, high } of points) {
      expect(low).toBe(0)
      expect(high).toBeCloseTo(Unseen.share(30, 0.95), 12)
    }
  })

  test("all solved, the hardest 5 times of 64: a harder one is not solved at k = 64 with a chance of 1/5", () => {
    const { points } = right(PassCurve.at([64], run(Array.from({ length: 30 }, (_, p) => 5 + p)), seed))
    expect(points[0]?.high).toBe(1)
    expect(points[0]?.low).toBeCloseTo(1 - Unseen.share(30, 0.95) / 5, 12)
  })

  test("two models that agree on all problems may still differ", () => {
    const solved = run(Array.from({ length: 30 }, () => 60))
    const { points } = right(PassCurve.difference(solved, solved, seed))
    expect(points.every((point) => !Interval.excludesZero(point) && Interval.width(point) > 0)).toBe(true)
  })
})

test("differences take the farther end of Student's and the adjusted one", () => {
  const values = [0, 0, 0, 0, 0, 0, 0, 0.5, -0.25, 1]
  const zero = values.map(() => 0)
  const seed = Seed.fromInteger(3)
  const outer = right(Bootstrap.pairedDifference(values, zero, seed))
  const adjusted = right(Bootstrap.pairedDifference(values, zero, seed, undefined, undefined, "adjusted"))
  // t of 9 degrees, times s/√10: 2.262157 · 0.358430/√10 = 0.256407, about a mean of 0.125
  expect(outer.low).toBeCloseTo(Math.min(adjusted.low, 0.125 - 0.256407), 5)
  expect(outer.high).toBeCloseTo(Math.max(adjusted.high, 0.125 + 0.256407), 5)
  expect(Spread.effectiveCount(values)).toBeLessThan(5)
})
