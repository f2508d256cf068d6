import { Binomial, Laws, Majority, PassVariance, Planning, Posterior } from "@rapo/eval"
import * as E from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as A from "./arbitraries.ts"

const counts = A.counts(300)
const small = A.counts(40)

describe("the binomial and the posterior", () => {
  test("moments", () => fc.assert(fc.property(counts, A.rate, ({ n }, q) => Laws.binomialMoments(n, q))))
  test("the ends of an interval have their probabilities", () =>
    fc.assert(
      fc.property(small, A.level, ({ n, c }, level) => Laws.posteriorEndsHaveTheirProbabilities(n, c, level)),
    ))
  test("right and wrong are mirror images", () =>
    fc.assert(fc.property(small, ({ n, c }) => Laws.posteriorIsSymmetric(n, c))))
  test("more correct, higher", () =>
    fc.assert(fc.property(small, ({ n, c }) => c === n || Laws.posteriorGrowsWithC(n, c))))
  test("a thousand failures leave the rule of three: about 3/n", () =>
    expect(Posterior.upperBound(10_000, 0) * 10_000).toBeCloseTo(-Math.log(0.05), 2))
  test("no underflow at n = 10,000", () =>
    expect(Binomial.expectation(10_000, 0.5, (c) => c)).toBeCloseTo(5000, 6))
  test("counts that are none are refused", () => {
    expect(Posterior.rate(3, 4)).toEqual(
      E.left({ _tag: "MoreCorrectThanSamples", problem: undefined, n: 3, c: 4 }),
    )
    expect(E.isLeft(Posterior.rate(2.5, 1))).toBe(true)
  })
})

describe("the variance of pass@k", () => {
  test("its estimate is unbiased", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 30 }), A.rate, (k, more, q) =>
        Laws.varianceIsUnbiased(2 * k + more, k, q),
      ),
    ))
  test("for k = 1 it is the textbook's", () =>
    fc.assert(fc.property(A.counts(200), A.rate, ({ n, c }, q) => n < 2 || Laws.varianceOfTheRate(n, c, q))))
  test("falls with n", () =>
    fc.assert(fc.property(A.counts(60), A.rate, ({ n, k }, q) => Laws.varianceFallsWithN(n, k, q))))
  test("needs twice k samples", () =>
    expect(PassVariance.unbiased(7, 2, 4)).toEqual(
      E.left({ _tag: "TooFewSamples", problem: undefined, n: 7, k: 8 }),
    ))
})

describe("plans", () => {
  test("are tight", () =>
    fc.assert(
      fc.property(
        fc.double({ min: 0.02, max: 0.9, noNaN: true }),
        fc.integer({ min: 1, max: 16 }),
        fc.array(A.rate, { minLength: 1, maxLength: 5 }),
        (width, k, rates) => Laws.planIsTight(width, k, rates, 400),
      ),
      { numRuns: 50 },
    ))
  test("what cannot be reached says how far it gets", () => {
    const plan = Planning.samplesFor(1e-9, 1, [0.5], 1000)
    expect(E.isLeft(plan) && Planning.showError(plan.left)).toMatch(/more than 1000 samples a problem/)
  })
  test("no problems, no plan", () =>
    expect(Planning.samplesFor(0.1, 1, [])).toEqual(E.left({ _tag: "NoProblems" })))
})

describe("G-Pass@k", () => {
  test("pass@k and pass^k at its ends", () =>
    fc.assert(fc.property(counts, ({ n, c, k }) => Laws.gPassEnds(n, c, k))))
  test("falls with τ", () =>
    fc.assert(
      fc.property(counts, A.rate, A.rate, ({ n, c, k }, tau, more) =>
        Laws.gPassFallsWithTau(n, c, k, tau, more),
      ),
    ))
  test("is unbiased", () =>
    fc.assert(
      fc.property(A.counts(40), A.rate, A.rate, ({ n, k }, q, tau) => Laws.gPassIsUnbiased(n, k, q, tau)),
    ))
})

describe("majorities", () => {
  test("are the mean over all subsets", () =>
    fc.assert(
      fc.property(A.votes(10), fc.nat(), (votes, seed) =>
        Laws.majorityIsEnumeration(votes, A.oneTo(votes, seed)),
      ),
      { numRuns: 60 },
    ))
  test("of one sample is the rate", () => fc.assert(fc.property(A.votes(60), Laws.majorityAtOneIsTheRate)))
  test("someone wins", () =>
    fc.assert(
      fc.property(A.votes(60), fc.nat(), (votes, seed) =>
        Laws.majoritiesSumToOne(votes, A.oneTo(votes, seed)),
      ),
    ))
  test("a majority needs a vote", () =>
    fc.assert(
      fc.property(A.votes(60), fc.nat(), (votes, seed) =>
        Laws.majorityNeedsAPass(votes, A.oneTo(votes, seed)),
      ),
    ))
  test("NeMo-RL's case of three: ours shares ties, theirs gives them to the first answer seen (0.55)", () => {
    const [a, b] = [
      [3, 1, 1],
      [2, 1, 2],
    ].map((row) =>
      Majority.majorityAtK(
        row.map((count, i) => ({ count, correct: i === 0 })),
        3,
      ),
    )
    const value = E.getOrElse(() => NaN)
    expect((value(a ?? E.left(0 as never)) + value(b ?? E.left(0 as never))) / 2).toBeCloseTo(
      (0.8 + 13 / 30) / 2,
      12,
    )
  })
  test("bad votes and bad k are named", () => {
    const votes = [{ count: 2, correct: true }]
    expect(Majority.majorityAtK([{ count: 0, correct: true }], 1)).toEqual(
      E.left({ _tag: "NotACount", index: 0, count: 0 }),
    )
    expect(Majority.majorityAtK(votes, 3)).toEqual(E.left({ _tag: "NotEnoughVotes", votes: 2, k: 3 }))
    expect(Majority.majorityAtK([{ count: 2000, correct: true }], 300)).toEqual(
      E.left({ _tag: "TooMany", k: 300, limit: Majority.largestK }),
    )
    expect(Majority.showError({ _tag: "NotEnoughVotes", votes: 2, k: 3 })).toBe(
      "maj@3 needs a whole k from 1 to the 2 votes that there are.",
    )
  })
})
