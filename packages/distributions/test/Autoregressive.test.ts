import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { eqStrict } from "fp-ts/lib/Eq.js"
import * as O from "fp-ts/lib/Option.js"
import { describe, expect, test } from "vitest"
import { Autoregressive, Categorical, Finite, Laws, Seed } from "../src/index.ts"
import { model, right, seed } from "./arbitraries.ts"

/** Four factors and a sum of at most 81 terms. */
const rounding = Laws.closeTo(1e-12)

describe("laws", () => {
  test("[D6] chain rule: enumeration, formula and total 1", () =>
    fc.assert(fc.property(model, Laws.sequenceChainRule(rounding))))
  test("[D6] marginals by total probability", () =>
    fc.assert(
      fc.property(model, fc.nat(), (m, t) =>
        m.maxLength === 0
          ? E.isLeft(Autoregressive.marginal(m, t))
          : Laws.totalProbability(rounding, eqStrict)(m, t % m.maxLength),
      ),
    ))
  test("[D6] states: expected length, and the chain rule of entropy", () =>
    fc.assert(fc.property(model, Laws.statesAreVisits(rounding))))
  test("[D7] a sample is finished, possible, and the same at the same seed", () =>
    fc.assert(
      fc.property(model, seed, (m, s) => {
        const y = Autoregressive.sample(m, s)
        const again = Autoregressive.sample(m, s)
        return (
          Autoregressive.isFinished(m, y) &&
          Autoregressive.sequenceLogProb(m, y) > -Infinity &&
          y.length === again.length &&
          y.every((token, t) => token === again[t])
        )
      }),
    ))
})

const coin = right(Categorical.uniform(2))

describe("shapes of trees", () => {
  test("[D6] a tree above the limit is refused, one at the limit is not", () => {
    const three = right(
      Autoregressive.make(
        Autoregressive.indexed(() => coin),
        3,
      ),
    )
    expect(Autoregressive.enumerate(three, 14)).toEqual(E.left({ _tag: "TreeTooLarge", limit: 14 }))
    expect(Finite.size(right(Autoregressive.enumerate(three, 15)))).toBe(8)
    const endless = right(
      Autoregressive.make(
        Autoregressive.indexed(() => coin),
        1_000_000,
      ),
    )
    expect(E.isLeft(Autoregressive.prefixWeights(endless, 1000))).toBe(true)
  })
  test("[D6] a deep tree needs no deep stack", () => {
    const long = right(Autoregressive.make(() => Finite.of("a"), 3_000))
    expect(Finite.mode(right(Autoregressive.enumerate(long)))).toHaveLength(3_000)
    expect(Autoregressive.sample(long, Seed.fromInteger(1))).toHaveLength(3_000)
  })
  test("[D6] a sequence whose probability underflows has a log-probability", () => {
    const rare = right(Categorical.fromProbabilities([1e-300, 1 - 1e-300]))
    const m = right(
      Autoregressive.make(
        Autoregressive.indexed(() => rare),
        5,
      ),
    )
    expect(Autoregressive.sequenceLogProb(m, [0, 0, 0, 0, 0])).toBeCloseTo(5 * Math.log(1e-300), 10)
    const enumerated = right(Autoregressive.enumerate(m))
    expect(Finite.size(enumerated)).toBe(32)
    expect(Math.min(...Finite.weighted(enumerated).map(([, l]) => l))).toBeCloseTo(5 * Math.log(1e-300), 10)
  })
  test("[D6] nothing follows a stop token or the maximal length; no kernel is asked there", () => {
    const asked: Array<number> = []
    const m = right(
      Autoregressive.make<number>(
        (prefix) => {
          asked.push(prefix.length)
          return right(Finite.uniform([0, 1]))
        },
        2,
        (token) => token === 1,
      ),
    )
    expect(Autoregressive.stepLogProbs(m, [1, 0])).toEqual([-Math.LN2, -Infinity])
    expect(Autoregressive.sequenceLogProb(m, [0, 0, 0])).toBe(-Infinity)
    expect(Autoregressive.sequenceLogProb(m, [7, 0])).toBe(-Infinity)
    expect(asked).toEqual([0, 0, 1, 0])
    const second = right(Autoregressive.marginal(m, 1))
    expect(Finite.prob(second, O.none)).toBeCloseTo(0.5, 14)
  })
  test("errors are sentences", () => {
    const errors = [
      Autoregressive.make(() => Finite.of(0), -1),
      Autoregressive.marginal(right(Autoregressive.make(() => Finite.of(0), 2)), 2),
      Autoregressive.enumerate(
        right(
          Autoregressive.make(
            Autoregressive.indexed(() => coin),
            9,
          ),
        ),
        5,
      ),
    ]
    expect(errors.map((e) => E.isLeft(e) && Autoregressive.showError(e.left))).toEqual([
      "The maximal length is -1; it must be an integer of at least 0.",
      "The position is 2; positions are the integers 0 to 1.",
      "The tree has more than 5 prefixes; shorten the sequences, or raise the limit.",
    ])
  })
})
