import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { describe, expect, test } from "vitest"
import { Categorical, Laws } from "../src/index.ts"
import { categorical, logits, mixture, nastyLogits, right, uniform } from "./arbitraries.ts"

/** A dozen roundings of probabilities and of logarithms up to 100. */
const rounding = Laws.closeTo(1e-12)
const same = Laws.sameDistribution(Categorical.Eq)
const power = fc.double({ min: 0, max: 3, noNaN: true })

describe("laws", () => {
  test("[D2] normalised", () => fc.assert(fc.property(categorical, Laws.normalised(rounding))))
  test("[D3] entropy within [0, ln |support|]", () =>
    fc.assert(fc.property(categorical, Laws.entropyBounds(rounding))))
  test("[D2] logits: shift", () =>
    fc.assert(
      fc.property(logits(), fc.double({ min: -500, max: 500, noNaN: true }), (zs, c) =>
        same(Categorical.fromLogits(zs.map((z) => z + c)), Categorical.fromLogits(zs)),
      ),
    ))
  test("[D2] weights: scale, and agreement with logits and probabilities", () =>
    fc.assert(
      fc.property(categorical, fc.double({ min: 1e-200, max: 1e200, noNaN: true }), (p, c) => {
        const ps = Categorical.probabilities(p)
        return (
          same(Categorical.fromWeights(ps.map((x) => c * x)), E.right(p)) &&
          same(Categorical.fromProbabilities(ps), E.right(p)) &&
          same(Categorical.fromLogits(p.logProbs), E.right(p))
        )
      }),
    ))
  test("[D4] tilts add up", () =>
    fc.assert(
      fc.property(categorical, logits(12, 12), logits(12, 12), (p, f, g) =>
        Laws.tiltsAddUp(Categorical.Eq)(
          p,
          (i) => f[i] ?? 0,
          (i) => g[i] ?? 0,
        ),
      ),
    ))
  test("[D4] tilt by a constant changes nothing", () =>
    fc.assert(
      fc.property(categorical, (p) =>
        same(
          Categorical.tilt(p, () => 7),
          E.right(p),
        ),
      ),
    ))
  test("[D5] escorts multiply", () =>
    fc.assert(fc.property(categorical, power, power, Laws.escortsMultiply(Categorical.Eq))))
  test("[D5] escort entropy falls in the exponent", () =>
    fc.assert(fc.property(categorical, power, power, Laws.escortEntropyFalls(rounding))))
  test("[D1] map keeps expectations", () =>
    fc.assert(
      fc.property(categorical, fc.array(fc.nat({ max: 3 }), { minLength: 12, maxLength: 12 }), (p, f) =>
        Laws.mapKeepsExpectations(rounding)(
          p,
          (i) => f[i] ?? 0,
          4,
          (j) => j * j,
        ),
      ),
    ))
  test("[D3] entropy is concave", () =>
    fc.assert(fc.property(mixture, ([w, ps]) => Laws.entropyConcave(rounding)(w, ps))))
  test("[D2] logits are determined up to a constant: ln p differs from them by one number", () =>
    fc.assert(
      fc.property(logits(), (zs) => {
        const p = right(Categorical.fromLogits(zs))
        const constant = (zs[0] ?? 0) - Categorical.logProb(p, 0)
        return zs.every((z, i) => rounding.equals(z - Categorical.logProb(p, i), constant))
      }),
    ))
  test("[D3] independent entropies add up", () =>
    fc.assert(fc.property(categorical, categorical, Laws.productAddsEntropies(rounding))))
  test("[D4] conditioning is tilting by an indicator", () =>
    fc.assert(
      fc.property(categorical, fc.integer({ min: 0, max: 4095 }), (p, mask) =>
        Laws.conditioningIsTilting(Categorical.Eq, rounding)(p, (i) => ((mask >> i) & 1) === 1),
      ),
    ))
  test("[D5] temperature τ is the escort of 1/τ", () =>
    fc.assert(
      fc.property(
        categorical,
        fc.oneof(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), fc.constantFrom(5e-324, Infinity)),
        Laws.temperatureIsEscort(Categorical.Eq),
      ),
    ))
  test("[D7] the quantile inverts the cdf, whose steps are the probabilities", () =>
    fc.assert(
      fc.property(
        categorical,
        uniform,
        (p, u) => Laws.quantileInvertsCdf(p, u) && Laws.cdfDifferences(rounding)(p),
      ),
    ))
  test("variance is quadratic", () =>
    fc.assert(
      fc.property(
        categorical,
        logits(12, 12),
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (p, f, a, b) => Laws.varianceIsQuadratic(Laws.closeTo(1e-11))(p, (i) => f[i] ?? 0, a, b),
      ),
    ))
  test("nothing is NaN, whatever the logits and the power", () =>
    fc.assert(
      fc.property(
        nastyLogits,
        fc.oneof(power, fc.constantFrom(Infinity, -Infinity, -1, 1e308)),
        (zs, phi) => {
          const p = right(Categorical.fromLogits(zs))
          const all = [p, Categorical.escort(p, phi), Categorical.product(p, p)]
          return all.every(
            (q) =>
              q.logProbs.every((l) => l <= 0) &&
              Laws.normalised(rounding)(q) &&
              Categorical.entropy(q) >= 0 &&
              Categorical.cumulative(q).every((f) => f >= 0 && f <= 1),
          )
        },
      ),
    ))
  test("Eq is reflexive and symmetric", () =>
    fc.assert(
      fc.property(
        categorical,
        categorical,
        (p, q) => Categorical.Eq.equals(p, p) && Categorical.Eq.equals(p, q) === Categorical.Eq.equals(q, p),
      ),
    ))
  test("[D2] every constructor is total: any numbers give a normalised distribution or a sentence", () =>
    fc.assert(
      fc.property(fc.array(fc.double()), (xs) =>
        [
          Categorical.fromWeights(xs),
          Categorical.fromLogits(xs),
          Categorical.fromProbabilities(xs),
          Categorical.empirical(4, xs),
          Categorical.bernoulli(xs[0] ?? 0.5),
          Categorical.truncatedGeometric(xs[0] ?? 0, 5),
          Categorical.truncatedGeometric(0.3, xs[0] ?? 5),
        ].every(E.fold((error) => Categorical.showError(error).endsWith("."), Laws.normalised(rounding))),
      ),
    ))
})

const digits = (...ps: ReadonlyArray<number>) => ps.map((x) => x.toFixed(12))

describe("limits", () => {
  const p = right(Categorical.fromWeights([0, 1, 4, 4]))
  test("escort at 0 is uniform on the support, at infinity on the modes, at -infinity on the least probable", () => {
    const at = (phi: number) => digits(...Categorical.probabilities(Categorical.escort(p, phi)))
    expect(at(0)).toEqual(digits(0, 1 / 3, 1 / 3, 1 / 3))
    expect(at(1e-14)).toEqual(at(0))
    expect(at(Infinity)).toEqual(digits(0, 0, 0.5, 0.5))
    expect(at(1e308)).toEqual(at(Infinity))
    expect(at(-Infinity)).toEqual(digits(0, 1, 0, 0))
    expect(() => Categorical.escort(p, Number.NaN)).toThrow(RangeError)
  })
  test("uniform has the largest entropy, a point mass none", () => {
    expect(Categorical.entropy(right(Categorical.uniform(7)))).toBeCloseTo(Math.log(7), 14)
    expect(Categorical.entropy(right(Categorical.pointMass(7, 3)))).toBe(0)
  })
  test("support and mode", () => {
    expect(Categorical.support(p)).toEqual([1, 2, 3])
    expect(Categorical.mode(p)).toBe(2)
    expect(Categorical.size(p)).toBe(4)
    expect(Categorical.prob(p, 4)).toBe(0)
  })
  test("expectation does not ask about the impossible", () => {
    expect(Categorical.expectation(p, (i) => (i === 0 ? Infinity : 1))).toBeCloseTo(1, 14)
  })
  test("named families: coins and waiting times, at their ends too", () => {
    const at = (s: number) =>
      digits(...Categorical.probabilities(right(Categorical.truncatedGeometric(s, 3))))
    expect(at(0)).toEqual(digits(1 / 3, 1 / 3, 1 / 3))
    expect(at(0.5)).toEqual(digits(4 / 7, 2 / 7, 1 / 7))
    expect(at(1)).toEqual(digits(1, 0, 0))
    expect(right(Categorical.bernoulli(1e-300)).logProbs).toEqual([-1e-300, Math.log(1e-300)])
    expect(right(Categorical.bernoulli(0)).logProbs).toEqual([0, -Infinity])
    expect(right(Categorical.bernoulli(1)).logProbs).toEqual([-Infinity, 0])
    expect(Categorical.probabilities(right(Categorical.empirical(3, [1, 1, 2, 1])))).toEqual([0, 0.75, 0.25])
  })
  test("the cdf outside the outcomes, and between them", () => {
    expect([-1, 0.5, 1.5, 3, 99].map((x) => Categorical.cdf(p, x).toFixed(12))).toEqual(
      digits(0, 0, 1 / 9, 1, 1),
    )
  })
  test("probabilities of 1e-300 are kept", () => {
    const q = right(Categorical.fromWeights([1e-300, 1]))
    expect(Categorical.logProb(q, 0)).toBeCloseTo(Math.log(1e-300), 11)
    expect(Categorical.support(right(Categorical.fromWeights([5e-324, 1e308])))).toEqual([0, 1])
  })
})

describe("errors name the place", () => {
  test.each<readonly [string, E.Either<Categorical.CategoricalError, unknown>, Categorical.CategoricalError]>(
    [
      ["empty", Categorical.fromWeights([]), { _tag: "Empty" }],
      ["NaN", Categorical.fromWeights([1, Number.NaN]), { _tag: "NotFinite", index: 1, value: Number.NaN }],
      ["negative", Categorical.fromProbabilities([2, -1]), { _tag: "NegativeWeight", index: 1, value: -1 }],
      ["zero", Categorical.fromWeights([0, 0]), { _tag: "ZeroTotal" }],
      ["impossible logits", Categorical.fromLogits([-Infinity]), { _tag: "ZeroTotal" }],
      [
        "infinite logit",
        Categorical.fromLogits([Infinity]),
        { _tag: "NotFinite", index: 0, value: Infinity },
      ],
      ["total", Categorical.fromProbabilities([0.5, 0.4]), { _tag: "NotNormalised", total: 0.9 }],
      ["size", Categorical.uniform(0), { _tag: "InvalidSize", size: 0 }],
      ["outcome", Categorical.pointMass(2, 2), { _tag: "OutOfRange", index: 2, size: 2 }],
      [
        "image",
        Categorical.map(right(Categorical.uniform(2)), (i) => i + 1, 2),
        { _tag: "OutOfRange", index: 2, size: 2 },
      ],
      [
        "event",
        Categorical.condition(right(Categorical.pointMass(2, 0)), (i) => i === 1),
        { _tag: "ImpossibleEvent" },
      ],
      [
        "coin",
        Categorical.bernoulli(1.5),
        { _tag: "InvalidParameter", parameter: "probability", value: 1.5, domain: "in [0, 1]" },
      ],
      [
        "temperature",
        Categorical.temperature(right(Categorical.uniform(2)), 0),
        { _tag: "InvalidParameter", parameter: "temperature", value: 0, domain: "positive" },
      ],
      ["observed", Categorical.empirical(2, [0, 2]), { _tag: "OutOfRange", index: 2, size: 2 }],
      [
        "components",
        Categorical.mixture(right(Categorical.uniform(2)), [right(Categorical.uniform(3))]),
        { _tag: "SizeMismatch", index: 0, expected: 2, actual: 1 },
      ],
      [
        "component",
        Categorical.mixture(right(Categorical.uniform(2)), [
          right(Categorical.uniform(3)),
          right(Categorical.uniform(4)),
        ]),
        { _tag: "SizeMismatch", index: 1, expected: 3, actual: 4 },
      ],
    ],
  )("%s", (_, result, error) => {
    expect(result).toEqual(E.left(error))
    expect(Categorical.showError(error)).toMatch(/^[A-Z].*\.$/)
  })
})
