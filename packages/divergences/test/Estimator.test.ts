import { Categorical, Laws as DistributionLaws, Float64 } from "@rapo/distributions"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Estimator, KL, Laws } from "../src/index.ts"
import { logitPair, logRatio, right } from "./arbitraries.ts"

/** A few dozen roundings of terms up to p ln²(p/π), 60² at most. */
const rounding = DistributionLaws.closeTo(1e-11)

const names = Object.keys(Estimator.losses) as ReadonlyArray<Estimator.EstimatorName>
const targets: ReadonlyArray<Estimator.Descends> = ["reverse", "forward", "half-squared-log-ratio"]
const distance = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number =>
  Math.max(...a.map((x, i) => Math.abs(x - (b[i] ?? Number.NaN))))

/** A reference and a policy at which the three targets have visibly different gradients. */
const reference = [0.7, 0.2, 0.1].map(Math.log)
const policy = [0.2, 0.3, 0.5].map(Math.log)

describe("values, by enumeration", () => {
  const valueIs =
    (
      estimator: Estimator.Estimator,
      direction: (p: Categorical.Categorical, pi: Categorical.Categorical) => ReturnType<typeof KL.kl>,
    ) =>
    ([p, pi]: readonly [ReadonlyArray<number>, ReadonlyArray<number>]): boolean =>
      rounding.equals(
        Laws.meanValue(estimator)(p, pi),
        right(direction(right(Categorical.fromLogits(p)), right(Categorical.fromLogits(pi)))),
      )
  test("E_π k1 = KL(π ‖ p)", () => fc.assert(fc.property(logitPair, valueIs(Estimator.k1, KL.reverse))))
  test("E_π k3 = KL(π ‖ p)", () => fc.assert(fc.property(logitPair, valueIs(Estimator.k3, KL.reverse))))
  test("E_π kF = KL(p ‖ π)", () => fc.assert(fc.property(logitPair, valueIs(Estimator.kF, KL.forward))))
  test("k2's value is biased", () => {
    expect(Laws.meanValue(Estimator.k2)(reference, policy)).toBeCloseTo(0.8292, 4)
    expect(valueIs(Estimator.k2, KL.reverse)([reference, policy])).toBe(false)
  })
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
  test.each(names)("%s descends what the table says", (name) =>
    fc.assert(
      fc.property(logitPair, ([p, pi]) =>
        Laws.descendsAsSaid(rounding)(Estimator.losses[name], Estimator.descends[name])(p, pi),
      ),
    ),
  )
  test.each(names)("%s does not descend the others", (name) => {
    const actual = Laws.meanGradient(Estimator.losses[name])(reference, policy)
    const others = targets.filter((target) => target !== Estimator.descends[name])
    expect(
      others.map((target) => distance(actual, Laws.gradientOf(target)(reference, policy)) > 0.05),
    ).toEqual([true, true])
  })
  test("k1 as a loss descends nothing", () =>
    fc.assert(
      fc.property(logitPair, ([p, pi]) =>
        Laws.meanGradient((R) => (_, l) => Estimator.k1(R)(l))(p, pi).every((g) => rounding.equals(g, 0)),
      ),
    ))
  test("the targets' gradients are the closed forms π − p and π (ln π − ln p − KL)", () =>
    fc.assert(
      fc.property(logitPair, ([z, y]) => {
        const [p, pi] = [right(Categorical.fromLogits(z)), right(Categorical.fromLogits(y))]
        const reverse = right(KL.reverse(p, pi))
        return z.every(
          (_, i) =>
            rounding.equals(
              Laws.gradientOf("forward")(z, y)[i] ?? Number.NaN,
              Categorical.prob(pi, i) - Categorical.prob(p, i),
            ) &&
            rounding.equals(
              Laws.gradientOf("reverse")(z, y)[i] ?? Number.NaN,
              Categorical.prob(pi, i) * (Categorical.logProb(pi, i) - Categorical.logProb(p, i) - reverse),
            ),
        )
      }),
    ))
  test("weights correct for an older policy: E_old[w k] = E_π[k]", () =>
    fc.assert(
      fc.property(logitPair, logitPair, ([p, pi], [other]) => {
        const old = pi.map((_, i) => (other[i] ?? 0) / 5)
        const [lnP, lnPi, lnOld] = [p, pi, old].map((zs) => right(Categorical.fromLogits(zs)))
        if (lnP === undefined || lnPi === undefined || lnOld === undefined) return false
        const loss = Estimator.weighted(Estimator.k3)(Float64.Real)
        const corrected = Categorical.expectation(lnOld, (y) => {
          const l = Categorical.logProb(lnPi, y)
          return loss(l - Categorical.logProb(lnOld, y), Categorical.logProb(lnP, y) - l)
        })
        return rounding.equals(corrected, Laws.meanValue(Estimator.k3)(p, pi))
      }),
    ))
})
