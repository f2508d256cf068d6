import { Dual, Float64 } from "@rapo/distributions"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { Correction, Laws, Ratio, TrustRegion } from "../src/index.ts"
import * as arb from "./arbitraries.ts"

/** One exponential and one logarithm. */
const tolerance = 1e-12

test("[A2] clipping is idempotent and monotone", () => {
  fc.assert(fc.property(arb.region, arb.ratio, arb.ratio, Laws.clipIsIdempotentAndMonotone))
})

test("[A2] the surrogate is a pessimistic bound, and dual clipping bounds it from below", () => {
  fc.assert(fc.property(arb.region, arb.ratio, arb.eighths, Laws.surrogateIsPessimistic))
})

test("[A2] on-policy the surrogate is the advantage", () => {
  fc.assert(fc.property(arb.region, arb.eighths, Laws.surrogateOnPolicy))
})

test("[A2] on-policy its derivative is the advantage: no trust region binds", () => {
  fc.assert(
    fc.property(arb.region, arb.eighths, (region, advantage) => {
      const R = Dual.Real
      const slope = Dual.derivative((r) => TrustRegion.surrogate(R)(region, r, R.of(advantage)))(1)
      return slope === advantage
    }),
  )
})

test("[A2] a clipped token passes no gradient, and a token that is not clipped passes its advantage", () => {
  fc.assert(
    fc.property(arb.ratio, arb.eighths, (ratio, advantage) => {
      const region = TrustRegion.clip(0.2)
      const slope = Dual.derivative((r) =>
        TrustRegion.surrogate(Dual.Real)(region, r, Dual.constant(advantage)),
      )(ratio)
      return slope === (TrustRegion.isClipped(region, ratio, advantage) ? 0 : advantage)
    }),
  )
})

test("a sequence's ratio is the geometric mean of its tokens'", () => {
  fc.assert(
    fc.property(fc.array(arb.ratio, { minLength: 1, maxLength: 8 }), (ratios) => {
      const R = Float64.Real
      const [s] = Ratio.atLevel(R)("sequence", ratios.map(Math.log)).map(Ratio.fromLog(R))
      const product = ratios.reduce((a, b) => a * b, 1)
      return s !== undefined && Math.abs(s ** ratios.length - product) <= tolerance * ratios.length * product
    }),
  )
})

test("a ratio of any logarithm is finite in float32", () => {
  for (const logRatio of [-1e9, -Infinity, 1e9, Infinity]) {
    expect(Number.isFinite(Math.fround(Ratio.fromLog(Float64.Real)(logRatio) ** 2))).toBe(true)
  }
})

test("[A2] replay's clip around π_old/μ is a weighted clip of π/π_old", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 0.9, noNaN: true }),
      arb.ratio,
      arb.ratio,
      arb.eighths,
      Laws.replayClipIsWeighted(tolerance),
    ),
  )
})

test("corrections let a sampler that is π_old pass, and never raise a weight", () => {
  fc.assert(fc.property(arb.correction, arb.ratio, Laws.correctionOnlyLowers))
})

test("a mask is sharp, also in float32", () => {
  const factor = Correction.factor(Float64.Real)({ _tag: "Masked", low: 0.5, high: 5 })
  expect([0.5, 5].map(factor)).toEqual([0.5, 5])
  expect([0.5 - 2 ** -25, 5 + 2 ** -21, 1e-9, Math.exp(20)].map(factor)).toEqual([0, 0, 0, 0])
})
