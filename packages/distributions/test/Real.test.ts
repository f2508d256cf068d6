import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Dual, Float64, Laws, Real, Softmax } from "../src/index.ts"
import { exponent, logits, nonZeroReal, positiveReal, real } from "./arbitraries.ts"

/** A few roundings, 2⁻⁵² each, of terms up to 1e6 that may cancel: 1e6 · 2e-16 · a small count. */
const rounding = Laws.closeTo(1e-9)
/** Derivatives multiply and divide by one factor more: up to 1e9 before they cancel. */
const derivativeRounding = Laws.closeTo(1e-6)
/** One exponential of an exponent up to 600 in size: 600 · 2⁻⁵² relative, with room. */
const exponentialRounding = Laws.closeTo(1e-12)

const dualEq = {
  equals: (a: Dual.Dual, b: Dual.Dual) =>
    rounding.equals(a.value, b.value) && derivativeRounding.equals(a.derivative, b.derivative),
}
const dualOf = (x: fc.Arbitrary<number>) =>
  fc.tuple(x, real).map(([value, derivative]): Dual.Dual => ({ value, derivative }))

describe("Float64 is a field with exponential, logarithm and order", () => {
  const R = Float64.Real
  const triple = [real, nonZeroReal, real] as const
  test("additive group", () => fc.assert(fc.property(...triple, Laws.additiveGroup(R, rounding))))
  test("multiplicative group", () => fc.assert(fc.property(...triple, Laws.multiplicativeGroup(R, rounding))))
  test("distributive", () => fc.assert(fc.property(...triple, Laws.distributive(R, rounding))))
  test("exp inverts log", () =>
    fc.assert(fc.property(positiveReal, Laws.expInvertsLog(R, exponentialRounding))))
  test("exp is a homomorphism", () =>
    fc.assert(fc.property(exponent, exponent, Laws.expIsHomomorphism(R, exponentialRounding))))
  test("sqrt squares", () => fc.assert(fc.property(positiveReal, Laws.sqrtSquares(R, exponentialRounding))))
  test("min + max", () => fc.assert(fc.property(real, real, Laws.minPlusMax(R, rounding))))
  test("clamp stays inside and changes nothing inside", () =>
    fc.assert(
      fc.property(real, fc.double({ min: 0, max: 500, noNaN: true }), (a, bound) => {
        const held = Real.clamp(R)(a, -bound, bound)
        return Math.abs(held) <= bound && (Math.abs(a) > bound || held === a)
      }),
    ))
})

describe("Dual is the same algebra, derivatives included", () => {
  const R = Dual.Real
  const triple = [dualOf(real), dualOf(nonZeroReal), dualOf(real)] as const
  test("additive group", () => fc.assert(fc.property(...triple, Laws.additiveGroup(R, dualEq))))
  test("multiplicative group", () =>
    fc.assert(
      fc.property(
        dualOf(nonZeroReal),
        dualOf(fc.double({ min: 0.1, max: 1000, noNaN: true })),
        dualOf(real),
        Laws.multiplicativeGroup(R, dualEq),
      ),
    ))
  test("distributive", () => fc.assert(fc.property(...triple, Laws.distributive(R, dualEq))))
  test("exp inverts log", () =>
    fc.assert(
      fc.property(dualOf(fc.double({ min: 1e-3, max: 1e3, noNaN: true })), Laws.expInvertsLog(R, dualEq)),
    ))
  test("exp is a homomorphism", () => {
    const small = dualOf(fc.double({ min: -5, max: 5, noNaN: true }))
    fc.assert(fc.property(small, small, Laws.expIsHomomorphism(R, dualEq)))
  })
  test("sqrt squares", () =>
    fc.assert(
      fc.property(dualOf(fc.double({ min: 1e-3, max: 1e3, noNaN: true })), Laws.sqrtSquares(R, dualEq)),
    ))
  test("min + max", () => fc.assert(fc.property(dualOf(real), dualOf(real), Laws.minPlusMax(R, dualEq))))

  const point = fc.double({ min: 0.1, max: 5, noNaN: true })
  test.each<readonly [string, (x: Dual.Dual) => Dual.Dual, (x: number) => number]>([
    ["exp", R.exp, Math.exp],
    ["log", R.log, (x) => 1 / x],
    ["sqrt", R.sqrt, (x) => 1 / (2 * Math.sqrt(x))],
    ["x exp(-x)", (x) => R.mul(x, R.exp(Real.neg(R)(x))), (x) => (1 - x) * Math.exp(-x)],
    ["log(x) / x", (x) => R.div(R.log(x), x), (x) => (1 - Math.log(x)) / (x * x)],
    ["max(x, 1)", (x) => R.max(x, R.one), (x) => (x >= 1 ? 1 : 0)],
    ["min(x, 1)", (x) => R.min(x, R.one), (x) => (x <= 1 ? 1 : 0)],
    ["clamp(x, 1, 2)", (x) => Real.clamp(R)(x, R.one, R.of(2)), (x) => (x >= 1 && x <= 2 ? 1 : 0)],
    ["x stopGradient(x)", (x) => R.mul(x, R.stopGradient(x)), (x) => x],
  ])("the derivative of %s is the analytic one", (_, f, derivative) =>
    fc.assert(fc.property(point, (x) => exponentialRounding.equals(Dual.derivative(f)(x), derivative(x)))),
  )

  test("the gradient of logSoftmax is δ − π", () =>
    fc.assert(
      fc.property(logits(), fc.nat(), (zs, n) => {
        const i = n % zs.length
        const pi = Softmax.probs(Float64.Real)(zs)
        const gradient = Dual.gradient((xs) => Softmax.logProbs(R)(xs)[i] ?? R.zero)(zs)
        return gradient.every((g, j) =>
          exponentialRounding.equals(g, (i === j ? 1 : 0) - (pi[j] ?? Number.NaN)),
        )
      }),
    ))
})

test("sum of nothing is zero", () => {
  expect(Real.sum(Float64.Real)([])).toBe(0)
})
