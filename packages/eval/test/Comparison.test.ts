import { Seed } from "@rapo/distributions"
import { Hard, Laws, Permutation, Support } from "@rapo/eval"
import * as E from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as A from "./arbitraries.ts"

describe("support dynamics", () => {
  test("every problem changes in one way", () =>
    fc.assert(fc.property(A.runs, ([base, trained]) => Laws.changesPartition(base, trained))))
  test("the ratios fit together", () => fc.assert(fc.property(A.supportCounts, Laws.ratiosAreConsistent)))
  test("ProRL's published counts give its published ratios", () => {
    const { srr, ndr, sds, nscr } = Support.ratios({ preserved: 2388, expanded: 48, shrunk: 175, out: 793 })
    expect([srr, ndr, sds, nscr].map((x) => x?.toFixed(3))).toEqual(["0.932", "0.020", "0.039", "-0.049"])
  })
  test("ratios of nothing are not numbers", () =>
    expect(Support.ratios({ preserved: 0, expanded: 0, shrunk: 0, out: 5 })).toEqual({
      srr: undefined,
      ndr: undefined,
      sds: undefined,
      nscr: undefined,
    }))
  test("intervals lie around their ratios", () => {
    const changes = Array.from({ length: 200 }, (_, i): Support.Change =>
      i % 10 === 0 ? "expanded" : i % 10 === 1 ? "shrunk" : i % 2 === 0 ? "preserved" : "out",
    )
    for (const interval of Object.values(Support.intervals(changes, Seed.fromInteger(1), 0.95, 500))) {
      expect(interval).toBeDefined()
      if (interval === undefined) continue
      expect(interval.low).toBeLessThan(interval.mean)
      expect(interval.mean).toBeLessThan(interval.high)
    }
  })
  test("a problem on one side only is named", () => {
    const tally = { id: "a", samples: 1, correct: 0 }
    expect(Support.changes([tally], [])).toEqual(E.left({ _tag: "ProblemMissing", id: "a", side: "trained" }))
    expect(Support.changes([], [tally])).toEqual(E.left({ _tag: "ProblemMissing", id: "a", side: "base" }))
  })
})

describe("the Hard set", () => {
  test("fewer land there, the easier and the more samples", () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), A.rate, A.rate, (n, q, more) =>
        Laws.hardChanceFalls(n, q, more),
      ),
    ))
  test("is what the base lacks", () =>
    fc.assert(fc.property(A.runs, ([base, trained]) => Laws.hardIsWhatTheBaseLacks(base, trained))))
  test("is empty when the base solves everything", () =>
    expect(Hard.problems([{ id: "a", samples: 1, correct: 1 }])).toEqual([]))
})

describe("the permutation test", () => {
  test("is symmetric", () =>
    fc.assert(
      fc.property(A.pair, A.seed, ([a, b], seed) => Laws.testIsSymmetric(a, b, seed)),
      { numRuns: 20 },
    ))
  test("sampled and enumerated agree", () => {
    const [a, b] = [
      Array.from({ length: 14 }, (_, i) => Math.sin(i) + 0.4),
      Array.from({ length: 14 }, () => 0),
    ]
    const exact = Permutation.test(a, b, Seed.fromInteger(1))
    // two more problems whose differences cancel are too small to matter, and make it sample
    const sampled = Permutation.test([...a, 1e-15], [...b, 0], Seed.fromInteger(1))
    expect(E.isRight(exact) && exact.right.method).toBe("exact")
    expect(E.isRight(sampled) && sampled.right.method).toBe("sampled")
    expect(
      E.isRight(exact) &&
        E.isRight(sampled) &&
        Laws.samplingApproximates(exact.right.pValue, sampled.right.pValue),
    ).toBe(true)
  })
  test("under the hypothesis it rejects no more often than it says", () => {
    const generator = Seed.generator(Seed.fromInteger(7))
    const noise = (): ReadonlyArray<number> => Array.from({ length: 8 }, () => generator.uniform())
    const trials = 400
    let rejected = 0
    for (let i = 0; i < trials; i++) {
      const outcome = Permutation.test(noise(), noise(), Seed.fromInteger(i))
      if (E.isRight(outcome) && outcome.right.pValue <= 0.05) rejected++
    }
    // 0.05 and four standard errors of 400 trials
    expect(rejected / trials).toBeLessThanOrEqual(0.05 + 4 * Math.sqrt((0.05 * 0.95) / trials))
  })
  test("what cannot be paired is refused", () => {
    expect(Permutation.test([], [], Seed.fromInteger(1))).toEqual(E.left({ _tag: "NoPairs" }))
    expect(Permutation.test([1], [], Seed.fromInteger(1))).toEqual(
      E.left({ _tag: "LengthMismatch", expected: 1, actual: 0 }),
    )
    expect(Permutation.test([NaN], [0], Seed.fromInteger(1))).toEqual(E.left({ _tag: "NotFinite", index: 0 }))
  })
})

test("the general bootstrap of a mean is the bootstrap of means", () =>
  fc.assert(fc.property(A.values, A.seed, Laws.resampledMeanIsTheBootstrap)))
