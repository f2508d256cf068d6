import { Categorical, Float64 } from "@rapo/distributions"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Estimator, Expected, KL, Laws, UnnormalisedKL } from "../src/index.ts"
import {
  fromLogits,
  logitPair,
  logRatio,
  mildLogitPair,
  mildLogitTriple,
  right,
  unit,
  closeTo,
} from "./arbitraries.ts"

/** A few dozen roundings of terms up to ρ ln ρ with ln ρ up to 60, of which the means are compared. */
const rounding = closeTo(1e-11)

const names = Object.keys(Estimator.losses) as ReadonlyArray<Estimator.EstimatorName>
const targets: ReadonlyArray<Estimator.Descends> = ["reverse", "forward", "half-squared-log-ratio"]

/** A reference and a policy at which the three targets have visibly different gradients. */
const reference = [0.7, 0.2, 0.1].map(Math.log)
const policy = [0.2, 0.3, 0.5].map(Math.log)

const naive =
  (estimator: Estimator.Estimator): Estimator.WeightedEstimator =>
  (R) =>
  (_, l) =>
    estimator(R)(l)

/** The share of random references and policies at which two gradients differ by more than a thousandth of the larger. */
const shareApart = (
  a: (p: ReadonlyArray<number>, pi: ReadonlyArray<number>) => ReadonlyArray<number>,
  b: (p: ReadonlyArray<number>, pi: ReadonlyArray<number>) => ReadonlyArray<number>,
): number => {
  // Three outcomes or more: with two the gradients are one number, and numbers may agree by chance.
  const instances = fc.sample(mildLogitPair, { numRuns: 1000, seed: 1 }).filter(([p]) => p.length > 2)
  const apart = instances.filter(([p, pi]) => Laws.relativeDistance(a(p, pi), b(p, pi)) > 1e-3)
  expect(instances.length).toBeGreaterThan(500)
  return apart.length / instances.length
}

describe("values, by enumeration", () => {
  const valueIs =
    (
      estimator: Estimator.Estimator,
      direction: (p: Categorical.Categorical, pi: Categorical.Categorical) => ReturnType<typeof KL.kl>,
    ) =>
    ([p, pi]: readonly [ReadonlyArray<number>, ReadonlyArray<number>]): boolean =>
      rounding.equals(Laws.meanValue(estimator)(p, pi), right(direction(fromLogits(p), fromLogits(pi))))
  test("[E1] E_π k1 = KL(π ‖ p)", () => fc.assert(fc.property(logitPair, valueIs(Estimator.k1, KL.reverse))))
  test("[E1] E_π k3 = KL(π ‖ p)", () => fc.assert(fc.property(logitPair, valueIs(Estimator.k3, KL.reverse))))
  test("[E1] E_π kF = KL(p ‖ π)", () => fc.assert(fc.property(logitPair, valueIs(Estimator.kF, KL.forward))))
  test("[E1] E_π k2 is neither KL", () => {
    expect(Laws.meanValue(Estimator.k2)(reference, policy)).toBeCloseTo(0.8292, 4)
    const value = (p: ReadonlyArray<number>, pi: ReadonlyArray<number>) => [
      Laws.meanValue(Estimator.k2)(p, pi),
    ]
    const kl = (direction: typeof KL.forward) => (p: ReadonlyArray<number>, pi: ReadonlyArray<number>) => [
      right(direction(fromLogits(p), fromLogits(pi))),
    ]
    expect(shareApart(value, kl(KL.reverse))).toBeGreaterThan(0.99)
    expect(shareApart(value, kl(KL.forward))).toBeGreaterThan(0.99)
  })
  test("[E1] the bias of each variant: 0, and for k2 its own", () =>
    fc.assert(
      fc.property(mildLogitPair, ([p, pi]) =>
        names.every((name) => {
          const [reference, policy] = [fromLogits(p), fromLogits(pi)]
          const expected =
            name === "rkl-k2-loss"
              ? Laws.meanValue(Estimator.k2)(p, pi) - right(KL.reverse(reference, policy))
              : 0
          return rounding.equals(right(Expected.bias(name)(reference, policy)), expected)
        }),
      ),
    ))
  test("k3 and kF are the KL of positive measures, sample by sample and on average", () =>
    fc.assert(
      fc.property(mildLogitPair, logRatio, unit, ([p, pi], l, z) => {
        const rho = Math.exp(l)
        // A reference that lost its normaliser: p z.
        const lost = p.map((_, i) => z * Categorical.prob(fromLogits(p), i))
        const policy = Categorical.probabilities(fromLogits(pi))
        const mean = (k: Estimator.Estimator): number =>
          policy.reduce((sum, x, i) => sum + x * k(Float64.Real)(Math.log((lost[i] ?? NaN) / x)), 0)
        return (
          rounding.equals(Estimator.k3(Float64.Real)(l), right(UnnormalisedKL.unnormalisedKL([1], [rho]))) &&
          rounding.equals(Estimator.kF(Float64.Real)(l), right(UnnormalisedKL.unnormalisedKL([rho], [1]))) &&
          rounding.equals(mean(Estimator.k3), right(UnnormalisedKL.unnormalisedKL(policy, lost))) &&
          rounding.equals(mean(Estimator.kF), right(UnnormalisedKL.unnormalisedKL(lost, policy)))
        )
      }),
    ))
})

describe("pointwise", () => {
  test.each([
    ["k2", Estimator.k2],
    ["k3", Estimator.k3],
    ["kF", Estimator.kF],
  ] as const)("%s ≥ 0, and 0 at ρ = 1", (_, estimator) => {
    expect(estimator(Float64.Real)(0)).toBe(0)
    fc.assert(fc.property(logRatio, Laws.nonNegative(rounding)(estimator)))
  })
  test("one sample's slope in ln π: k1 1, k2 −l, k3 1 − ρ, kF −ρ l, and w (k + that) with the weight", () =>
    fc.assert(
      fc.property(logRatio, logRatio, (l, lnW) => {
        const [rho, w] = [Math.exp(l), Math.exp(lnW / 10)]
        const slopes = [
          [Estimator.k1, 1],
          [Estimator.k2, -l],
          [Estimator.k3, 1 - rho],
          [Estimator.kF, -rho * l],
        ] as const
        return slopes.every(([k, slope]) => {
          const plain = Expected.perSample(naive(k))(lnW / 10, l)
          const weighted = Expected.perSample(Estimator.weighted(k))(lnW / 10, l)
          // k3 and kF are differences of terms of the size of ρ (1 + |l|).
          const scale = (1 + rho) * (1 + Math.abs(l))
          return (
            rounding.equals(plain.slope / scale, slope / scale) &&
            rounding.equals(plain.value, k(Float64.Real)(l)) &&
            rounding.equals(weighted.value / w, plain.value) &&
            rounding.equals(weighted.slope / w / scale, (plain.value + slope) / scale)
          )
        })
      }),
    ))
  test("the clamp is idempotent, monotone and counted", () =>
    fc.assert(
      fc.property(logRatio, logRatio, fc.double({ min: 0, max: 40, noNaN: true }), (a, b, bound) => {
        const clamp = Estimator.clampLogRatio(bound)(Float64.Real)
        return (
          clamp(clamp(a)) === clamp(a) &&
          clamp(Math.min(a, b)) <= clamp(Math.max(a, b)) &&
          Estimator.clampRate(bound)([a, b]) === [a, b].filter((l) => clamp(l) !== l).length / 2
        )
      }),
    ))
  test("no log-ratios, no clamping", () => {
    expect(Estimator.clampRate(5)([])).toBe(0)
  })
})

describe("gradients, by enumeration over dual numbers", () => {
  const descends = (loss: Estimator.WeightedEstimator, target: Estimator.Descends): void =>
    fc.assert(fc.property(mildLogitPair, ([p, pi]) => Laws.descendsAsSaid(rounding)(loss, target)(p, pi)))
  /** The gradient is none of the other two targets', nor 0. */
  const descendsNothingElse = (loss: Estimator.WeightedEstimator, target: Estimator.Descends): void => {
    const others = targets.filter((other) => other !== target).map(Laws.gradientOf)
    for (const other of [...others, (p: ReadonlyArray<number>) => p.map(() => 0)])
      expect(shareApart(Laws.meanGradient(loss), other)).toBeGreaterThan(0.99)
  }

  test("[E2] k1 as a loss descends nothing", () =>
    fc.assert(
      fc.property(logitPair, ([p, pi]) =>
        Laws.meanGradient(naive(Estimator.k1))(p, pi).every((g) => rounding.equals(g, 0)),
      ),
    ))
  test("[E2] which is not the gradient of the KL that k1's value estimates", () =>
    expect(shareApart(Laws.meanGradient(naive(Estimator.k1)), Laws.gradientOf("reverse"))).toBeGreaterThan(
      0.99,
    ))
  test("[E3] k2 as a loss descends the reverse KL", () => descends(naive(Estimator.k2), "reverse"))
  test("[E3] and nothing else", () => descendsNothingElse(naive(Estimator.k2), "reverse"))
  test("[E4] k3 as a loss descends the forward KL", () => descends(naive(Estimator.k3), "forward"))
  test("[E4] and not the reverse KL, which its value estimates", () =>
    descendsNothingElse(naive(Estimator.k3), "forward"))
  test("[E5] kF as a loss descends ½ E_p ln²(p/π)", () =>
    descends(naive(Estimator.kF), "half-squared-log-ratio"))
  test("[E5] and not the forward KL, which its value estimates", () =>
    descendsNothingElse(naive(Estimator.kF), "half-squared-log-ratio"))
  test("[E6] w·k3 and w·k1 descend the reverse KL, w·kF the forward KL", () => {
    descends(Estimator.weighted(Estimator.k1), "reverse")
    descends(Estimator.weighted(Estimator.k3), "reverse")
    descends(Estimator.weighted(Estimator.kF), "forward")
  })
  test("[E6] and nothing else", () => {
    descendsNothingElse(Estimator.weighted(Estimator.k3), "reverse")
    descendsNothingElse(Estimator.weighted(Estimator.kF), "forward")
  })
  test("[E6] off-policy too: E_old[w k] = E_π[k], and so are the gradients", () =>
    fc.assert(
      fc.property(
        mildLogitTriple,
        ([p, pi, old]) =>
          Laws.offPolicy(rounding)(Estimator.k1, "reverse")(p, pi, old) &&
          Laws.offPolicy(rounding)(Estimator.k3, "reverse")(p, pi, old) &&
          Laws.offPolicy(rounding)(Estimator.kF, "forward")(p, pi, old),
      ),
    ))
  test("[E6] without the weight, off-policy, not even the value is right", () => {
    const value =
      (loss: Estimator.WeightedEstimator) => (p: ReadonlyArray<number>, pi: ReadonlyArray<number>) => [
        right(Expected.moments(loss)(fromLogits(p), fromLogits(pi), fromLogits(pi.map((z) => z / 2)))).value,
      ]
    expect(shareApart(value(naive(Estimator.k3)), value(Estimator.weighted(Estimator.k3)))).toBeGreaterThan(
      0.99,
    )
  })
  test.each(names)("%s descends what the table says, and nothing else", (name) => {
    descends(Estimator.losses[name], Estimator.descends[name])
    descendsNothingElse(Estimator.losses[name], Estimator.descends[name])
  })
})

describe("moments", () => {
  test.each(names)("%s: the closed form is the enumeration over dual numbers", (name) =>
    fc.assert(
      fc.property(mildLogitPair, ([p, pi]) => Laws.momentsAgree(rounding)(Estimator.losses[name])(p, pi)),
    ),
  )
  test("variances by hand: two outcomes, p even, π = (¼, ¾)", () => {
    const [p, pi] = [fromLogits([0, 0]), fromLogits([0, Math.log(3)])]
    const { value, variance, gradient, gradientVariance } = right(
      Expected.moments(Estimator.losses["rkl-k2-loss"])(p, pi),
    )
    const [a, b] = [Math.log(2), Math.log(2 / 3)]
    expect(value).toBeCloseTo((a * a + 3 * b * b) / 8, 12)
    expect(variance).toBeCloseTo((3 / 16) * ((a * a - b * b) / 2) ** 2, 12)
    // slopes −a and −b, scores ±(¾, −¾) and ∓(¼, −¼)
    expect(gradient[0]).toBeCloseTo((3 / 16) * (b - a), 12)
    expect(gradientVariance).toBeCloseTo(
      2 * ((1 / 4) * (0.75 * a) ** 2 + (3 / 4) * (0.25 * b) ** 2 - ((3 / 16) * (b - a)) ** 2),
      12,
    )
  })
  test("k3 varies less than k1 near p = π, and more than it far away", () => {
    const at = (distance: number) => {
      const [p, pi] = [fromLogits([distance, 0, 0]), fromLogits([0, 0, 0])]
      const variance = (k: Estimator.Estimator): number => right(Expected.moments(naive(k))(p, pi)).variance
      return variance(Estimator.k3) / variance(Estimator.k1)
    }
    expect(at(0.01)).toBeLessThan(0.001)
    expect(at(-8)).toBeLessThan(1)
    const [p, pi] = [fromLogits([0, 0, 0]), fromLogits([-8, 0, 0])]
    const variance = (k: Estimator.Estimator): number => right(Expected.moments(naive(k))(p, pi)).variance
    expect(variance(Estimator.k3)).toBeGreaterThan(variance(Estimator.k1))
  })
})
