import { Categorical, Float64 } from "@rapo/distributions"
import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { describe, expect, test } from "vitest"
import { FDivergence, KL, Laws, LogitGradient, Renyi } from "../src/index.ts"
import {
  channel,
  coarseGraining,
  family,
  fromLogits,
  members,
  mildLogitPair,
  mildPair,
  nearPair,
  pair,
  pairWithZeros,
  ratio,
  renyiOrder,
  right,
  smooth,
  weightedPairs,
  closeTo,
} from "./arbitraries.ts"

/** A few dozen roundings of terms with logarithms up to 60, and of powers of ratios. */
const rounding = closeTo(1e-11)
/**
 * Divergences are quadratic in the distance, at least ½ TV² in this family: one of 1e-11 lets probabilities differ by
 * √(2e-11) = 4.5e-6.
 */
const sameDistribution = Categorical.getEq(5e-6)
const anyPair = fc.oneof(pair, mildPair, pairWithZeros)

describe.each(family)("%s", (_, d) => {
  const D = FDivergence.divergence(d)

  test("[F1] D ≥ 0, and 0 at equality only", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          anyPair,
          nearPair.map(([p, q]) => [p, q] as const),
        ),
        ([p, q]) => Laws.gibbs(rounding, sameDistribution)(D)(p, q),
      ),
    ))
  test("[F2] coarse-graining does not increase D", () =>
    fc.assert(fc.property(coarseGraining, ([[p, q], rows]) => Laws.dataProcessing(rounding)(D)(p, q, rows))))
  test("[F2] a channel with noise does not increase D", () =>
    fc.assert(fc.property(channel, ([[p, q], rows]) => Laws.dataProcessing(rounding)(D)(p, q, rows))))
  test("[F3] D is jointly convex", () =>
    fc.assert(fc.property(weightedPairs, ([w, pairs]) => Laws.jointConvexity(rounding)(D)(w, pairs))))
  test("[F8] the dual's divergence has its arguments exchanged", () =>
    fc.assert(fc.property(anyPair, ([p, q]) => Laws.dual(rounding)(d)(p, q))))
  test("[F8] Fenchel–Young, with equality at s = f′(t)", () =>
    fc.assert(fc.property(ratio, ratio, Laws.fenchelYoung(rounding)(d))))
  test("[F8] the variational bound, attained at g = f′(p/q)", () =>
    fc.assert(
      fc.property(mildPair, fc.array(ratio, { minLength: 8, maxLength: 8 }), ([p, q], us) =>
        Laws.variational(rounding)(d)(p, q, (i) => us[i] ?? 1),
      ),
    ))
  test("the limits at 0 and ∞ are those of the generator and of the conjugate", () => {
    const f = d.generator(Float64.Real)
    const [tiny, huge] = [1e-150, 1e150]
    // The powers of an α beside 0 or 1 reach their limit of about 1e9 outside the range of doubles only.
    const reached = (limit: number, value: number): boolean =>
      limit === Infinity ? value > 100 : limit < 1e6 ? Math.abs(value - limit) < 1e-9 : value < limit
    expect(reached(d.atZero, f(tiny))).toBe(true)
    expect(
      reached(d.slopeAtInfinity, d.slopeAtInfinity === Infinity ? d.derivative(huge) : f(huge) / huge),
    ).toBe(true)
    expect(d.slopeAtInfinity === Infinity || d.conjugate(d.slopeAtInfinity * (1 + 1e-9)) === Infinity).toBe(
      true,
    )
    expect([f(1), d.derivative(1), d.conjugate(0)].map(Math.abs)).toEqual([0, 0, 0])
  })
  test("without `term` the plain sum is the same, to the digits that it has", () =>
    fc.assert(
      // Mild ratios: the plain generator overflows where `term` does not.
      fc.property(mildPair, ([p, q]) => {
        const { term: _term, ...plain } = d
        return rounding.equals(right(FDivergence.divergence(plain)(p, q)), right(D(p, q)))
      }),
    ))
})

describe.each(smooth)("%s", (_, d) => {
  const h = 1e-5
  /** f″(1), which is a multiple of ¼ in this family: the central difference is within 1e-8 of it. */
  const curvature = Math.round((4 * (d.derivative(1 + h) - d.derivative(1 - h))) / (2 * h)) / 4

  test("[F9] gradient in the first distribution's logits", () =>
    fc.assert(fc.property(mildLogitPair, ([z, q]) => Laws.gradientInFirst(rounding)(d)(z, fromLogits(q)))))
  test("[F9] gradient in the second distribution's logits", () =>
    fc.assert(fc.property(mildLogitPair, ([p, z]) => Laws.gradientInSecond(rounding)(d)(fromLogits(p), z))))
  test("near p = q it is ½ f″(1) χ², to full relative precision", () =>
    // The third-order term is below |f‴(1)| max|p/q − 1| χ²/6, and |f‴(1)| ≤ 8 in this family (Neyman's is 6).
    fc.assert(fc.property(nearPair, ([p, q]) => Laws.locallyChiSquared(d, curvature)(p, q, 2))))
})

describe("the family", () => {
  test.each([
    ["kl", FDivergence.kl, "reverseKl", FDivergence.reverseKl],
    ["pearson", FDivergence.pearson, "neyman", FDivergence.neyman],
    ["jensenShannon", FDivergence.jensenShannon, "itself", FDivergence.jensenShannon],
    ["jeffreys", FDivergence.jeffreys, "itself", FDivergence.jeffreys],
    ["totalVariation", FDivergence.totalVariation, "itself", FDivergence.totalVariation],
    ["squaredHellinger", FDivergence.squaredHellinger, "itself", FDivergence.squaredHellinger],
    ["alpha(0.3)", FDivergence.alpha(0.3), "alpha(0.7)", FDivergence.alpha(0.7)],
  ])("[F8] the dual of %s is %s's closed form", (_, d, _name, dual) => {
    fc.assert(
      fc.property(anyPair, ratio, ([p, q], t) => {
        const computed = FDivergence.reverse(d)
        const s = dual.derivative(t)
        return (
          Laws.dual(rounding)(d, dual)(p, q) &&
          rounding.equals(computed.generator(Float64.Real)(t), dual.generator(Float64.Real)(t)) &&
          rounding.equals(computed.derivative(t), s) &&
          rounding.equals(computed.conjugate(s), dual.conjugate(s))
        )
      }),
    )
  })
  const sameAs = (
    a: FDivergence.FDivergence,
    factor: number,
    b: FDivergence.FDivergence,
    tolerance = rounding,
  ): void =>
    fc.assert(
      fc.property(fc.oneof(pair, mildPair), ratio, ([p, q], t) => {
        const s = a.derivative(t)
        return (
          tolerance.equals(
            right(FDivergence.divergence(a)(p, q)),
            factor * right(FDivergence.divergence(b)(p, q)),
          ) &&
          tolerance.equals(a.generator(Float64.Real)(t), factor * b.generator(Float64.Real)(t)) &&
          tolerance.equals(s, factor * b.derivative(t)) &&
          tolerance.equals(a.conjugate(s), factor * b.conjugate(s / factor))
        )
      }),
    )
  test("α = 1, 0, 2, −1, ½ are KL, reverse KL, ½ Pearson, ½ Neyman and 4 Hellinger²", () => {
    sameAs(FDivergence.alpha(1), 1, FDivergence.kl)
    sameAs(FDivergence.alpha(0), 1, FDivergence.reverseKl)
    sameAs(FDivergence.alpha(2), 0.5, FDivergence.pearson)
    sameAs(FDivergence.alpha(-1), 0.5, FDivergence.neyman)
    sameAs(FDivergence.alpha(0.5), 4, FDivergence.squaredHellinger)
  })
  test.each([1e-4, 1e-7, 1e-10, 1e-13])("α within %s of its limits is as near to them", (h) => {
    // ∂f_α/∂α is at most about t l² ≤ e⁸ 64 = 2e5 for t ≤ e⁸, relative to values as large as t l = 2e4.
    const near = closeTo(1e-11 + 100 * h)
    fc.assert(
      fc.property(ratio, (t) =>
        ([-h, h] as const).every(
          (e) =>
            near.equals(
              FDivergence.alpha(1 + e).generator(Float64.Real)(t),
              FDivergence.kl.generator(Float64.Real)(t),
            ) &&
            near.equals(
              FDivergence.alpha(e).generator(Float64.Real)(t),
              FDivergence.reverseKl.generator(Float64.Real)(t),
            ),
        ),
      ),
    )
  })
  test("the generator KL is the module KL", () =>
    fc.assert(
      fc.property(anyPair, ([p, q]) =>
        rounding.equals(right(FDivergence.divergence(FDivergence.kl)(p, q)), right(KL.kl(p, q))),
      ),
    ))
  test("[F9] ∇ KL(p ‖ softmax z) = π − p and ∇ KL(softmax z ‖ p) = π (ln π/p − KL)", () =>
    fc.assert(
      fc.property(mildLogitPair, ([y, z]) => {
        const [p, pi] = [fromLogits(y), fromLogits(z)]
        const forward = right(LogitGradient.inSecond(FDivergence.kl)(p, z))
        const reverse = right(LogitGradient.inFirst(FDivergence.kl)(z, p))
        const value = right(KL.reverse(p, pi))
        return z.every(
          (_, i) =>
            rounding.equals(forward[i] ?? NaN, Categorical.prob(pi, i) - Categorical.prob(p, i)) &&
            rounding.equals(
              reverse[i] ?? NaN,
              Categorical.prob(pi, i) * (Categorical.logProb(pi, i) - Categorical.logProb(p, i) - value),
            ),
        )
      }),
    ))
  test("[F9] Rényi's gradients, and KL's at order 1", () =>
    fc.assert(
      fc.property(
        mildLogitPair,
        // Beside 1 the definition that is differentiated loses its digits; the closed form does not.
        renyiOrder.filter((a) => Math.abs(a - 1) > 0.01 && a < 10),
        ([p, z], a) =>
          Laws.renyiGradients(rounding)(right(Renyi.order(a)))(fromLogits(p), z) &&
          rounding.equals(
            right(Renyi.gradientInFirst(right(Renyi.order(1)))(z, fromLogits(p)))[0] ?? NaN,
            right(LogitGradient.inFirst(FDivergence.kl)(z, fromLogits(p)))[0] ?? NaN,
          ),
      ),
    ))
})

test("sizes that differ are an error with both sizes", () => {
  const mismatch = E.left({ _tag: "SupportMismatch", expected: 3, actual: 2 })
  const [two, three] = [right(Categorical.uniform(2)), right(Categorical.uniform(3))]
  for (const d of members) expect(FDivergence.divergence(d)(three, two)).toEqual(mismatch)
  expect(LogitGradient.inFirst(FDivergence.kl)([0, 0, 0], two)).toEqual(mismatch)
  expect(Renyi.renyi(right(Renyi.order(2)))(three, two)).toEqual(mismatch)
})

test("disjoint distributions are as far apart as the limits say", () => {
  const [heads, tails] = [right(Categorical.pointMass(2, 0)), right(Categorical.pointMass(2, 1))]
  for (const d of members)
    expect(right(FDivergence.divergence(d)(heads, tails))).toBe(d.atZero + d.slopeAtInfinity)
})
