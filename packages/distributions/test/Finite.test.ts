import * as fc from "fast-check"
import * as A from "fp-ts/lib/ReadonlyArray.js"
import * as E from "fp-ts/lib/Either.js"
import * as N from "fp-ts/lib/number.js"
import { describe, expect, test } from "vitest"
import { Categorical, Finite, Laws, Seed } from "../src/index.ts"
import { finite, onLabels, right, stochastic, uniform } from "./arbitraries.ts"

/** A dozen roundings of probabilities and of logarithms up to 1400. */
const rounding = Laws.closeTo(1e-12)
const same = Finite.getEq(N.Eq, 1e-12)

describe("[D1] monad", () => {
  test("[D1] left identity", () =>
    fc.assert(fc.property(fc.nat({ max: 4 }), stochastic, (a, k) => Laws.leftIdentity(same)(a, k))))
  test("[D1] right identity", () => fc.assert(fc.property(finite, Laws.rightIdentity(same))))
  test("[D1] associativity", () =>
    fc.assert(fc.property(finite, stochastic, stochastic, (p, k, l) => Laws.associativity(same)(p, k, l))))
  test("[D1] functor", () =>
    fc.assert(fc.property(finite, onLabels, onLabels, (p, f, g) => Laws.functor(same, same)(p, f, g))))
  test("[D1] applicative", () =>
    fc.assert(
      fc.property(finite, onLabels, onLabels, uniform, (p, f, g, u) =>
        Laws.applicativeIsMonadic(same)(
          right(
            Finite.fromWeights([
              [f, u],
              [g, 1],
            ]),
          ),
          p,
        ),
      ),
    ))
  test("[D1] map and chain keep expectations", () =>
    fc.assert(
      fc.property(finite, onLabels, stochastic, onLabels, (p, f, k, g) =>
        Laws.expectationsCompose(rounding)(p, f, k, g),
      ),
    ))
  test("[D1] nothing is lost where probabilities multiply to 1e-900", () => {
    const rare = right(
      Finite.fromProbabilities([
        [0, 1e-300],
        [1, 1 - 1e-300],
      ]),
    )
    const three = Finite.chain(rare, (a) => Finite.chain(rare, (b) => Finite.map(rare, (c) => a + b + c)))
    expect(Finite.logProb(three, 0) / (3 * Math.log(1e-300))).toBeCloseTo(1, 14)
    // Three ways to get exactly two of them.
    expect(Finite.logProb(three, 1)).toBeCloseTo(Math.log(3) + 2 * Math.log(1e-300), 11)
    expect(Finite.support(three)).toHaveLength(4)
  })
  test("[D1] equal outcomes are one outcome, in the sense that is asked for", () => {
    const pairs = Finite.product(right(Finite.uniform([1, 2])), right(Finite.uniform([1, 2])))
    const sorted = Finite.map(pairs, (pair) => pair.toSorted(N.Ord.compare))
    expect(Finite.size(sorted)).toBe(4)
    const merged = Finite.merge(A.getEq(N.Eq))(sorted)
    expect(Finite.support(merged)).toEqual([
      [1, 1],
      [1, 2],
      [2, 2],
    ])
    expect(Finite.prob(merged, [1, 2], A.getEq(N.Eq))).toBeCloseTo(0.5, 14)
    expect(Finite.getEq(A.getEq(N.Eq), 1e-12).equals(sorted, merged)).toBe(true)
  })
})

describe("[D2] constructors", () => {
  const weights = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.double()), { maxLength: 6 })
  test("[D2] every constructor gives a normalised distribution or a sentence", () =>
    fc.assert(
      fc.property(weights, fc.double(), fc.integer({ min: -2, max: 9 }), (pairs, x, k) =>
        [
          Finite.fromWeights(pairs),
          Finite.fromLogits(pairs),
          Finite.fromProbabilities(pairs),
          Finite.uniform(pairs.map(([a]) => a)),
          Finite.empirical(pairs.map(([a]) => a)),
          Finite.bernoulli(x),
          Finite.truncatedGeometric(x, k),
          Finite.truncatedGeometric(Math.abs(x % 1), k),
          Finite.mixture(pairs.map(([a, w]) => [Finite.of(a), w] as const)),
        ].every(
          E.fold(
            (error) => Categorical.showError(error).endsWith("."),
            (p: Finite.Finite<unknown>) => Laws.finiteNormalised(rounding)(p),
          ),
        ),
      ),
    ))
  test("[D2] names and numbers must be as many", () => {
    expect(Finite.fromCategorical(["a"], right(Categorical.uniform(2)))).toEqual(
      E.left({ _tag: "SizeMismatch", index: 0, expected: 2, actual: 1 }),
    )
  })
  test("[D2] uniform counts outcomes once, empirical as often as they are seen", () => {
    expect(Finite.prob(right(Finite.uniform(["a", "a", "b"])), "a")).toBeCloseTo(1 / 2, 14)
    expect(Finite.prob(right(Finite.empirical(["a", "a", "b"])), "a")).toBeCloseTo(2 / 3, 14)
  })
})

describe("entropy, reweighting, order", () => {
  test("[D3] H(X, Y) = H(X) + E H(Y | X)", () =>
    fc.assert(fc.property(finite, stochastic, (p, k) => Laws.entropyChainRule(rounding)(p, k))))
  test("[D4] conditioning is Bayes' rule", () =>
    fc.assert(fc.property(finite, onLabels, (p, f) => Laws.bayes(rounding)(p, (a) => f(a) > 1))))
  test("[D4] tilts add up", () =>
    fc.assert(
      fc.property(finite, onLabels, onLabels, (p, f, g) =>
        same.equals(
          right(Finite.tilt(right(Finite.tilt(p, f)), g)),
          right(Finite.tilt(p, (a) => f(a) + g(a))),
        ),
      ),
    ))
  test("[D5] escorts multiply, and temperature is one", () =>
    fc.assert(
      fc.property(
        finite,
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        (p, phi, psi) =>
          same.equals(Finite.escort(Finite.escort(p, phi), psi), Finite.escort(p, phi * psi)) &&
          same.equals(right(Finite.temperature(p, phi)), Finite.escort(p, 1 / phi)),
      ),
    ))
  test("truncations keep the mode, and renormalise what they keep", () =>
    fc.assert(
      fc.property(finite, uniform, fc.integer({ min: 1, max: 5 }), (p, u, k) =>
        [Finite.topK(p, k), Finite.topP(p, u), Finite.minP(p, u)].map(right).every((q) => {
          const kept = Finite.probabilityOf(p, (a) => Finite.prob(q, a) > 0)
          return (
            Finite.prob(q, Finite.mode(p)) > 0 &&
            Finite.support(q).every((a) => rounding.equals(Finite.prob(q, a) * kept, Finite.prob(p, a)))
          )
        }),
      ),
    ))
  test("[D7] quantile and cdf of an order, whatever order the outcomes are listed in", () =>
    fc.assert(
      fc.property(finite, uniform, (p, u) => {
        const q = Finite.quantile(N.Ord)(p, u)
        const below = Finite.support(p).filter((a) => a < q)
        return (
          Finite.cdf(N.Ord)(p, q) >= u - 1e-12 &&
          below.every((a) => u === 0 || Finite.cdf(N.Ord)(p, a) <= u + 1e-12)
        )
      }),
    ))
  test("variance of a coin", () =>
    fc.assert(
      fc.property(uniform, (p) =>
        rounding.equals(
          Finite.variance(right(Finite.bernoulli(p)), (x) => (x ? 1 : 0)),
          p * (1 - p),
        ),
      ),
    ))
  test("[D7] draws are labels, as frequent as probable", () => {
    const p = right(
      Finite.fromWeights([
        ["a", 1],
        ["b", 3],
        ["c", 0],
      ]),
    )
    const draws = Finite.samples(p, 10_000, Seed.fromInteger(3))
    const counts = ["a", "b", "c"].map((label) => draws.filter((x) => x === label).length)
    expect(Laws.chiSquareBelow(4)(counts, [0.25, 0.75, 0])).toBe(true)
    expect(Finite.sample(p, Seed.fromInteger(3))).toBe(draws[0])
  })
})
