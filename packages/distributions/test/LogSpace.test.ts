import * as fc from "fast-check"
import { expect, test } from "vitest"
import { Laws, LogSpace } from "../src/index.ts"
import { exponent, logNumber } from "./arbitraries.ts"

/** A dozen roundings of numbers up to 1400 in size, relative to them. */
const rounding = Laws.closeTo(1e-13)
const terms = fc.array(logNumber, { minLength: 1, maxLength: 20 })

test("shift", () => fc.assert(fc.property(terms, exponent, Laws.logSumExpShift(rounding))))
test("order", () => fc.assert(fc.property(terms, Laws.logSumExpSymmetric(rounding))))
test("monoid", () => fc.assert(fc.property(logNumber, logNumber, logNumber, Laws.logAddExpMonoid(rounding))))

test("logSoftmax is normalised, and keeps its digits under any shift", () =>
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 1 }), fc.integer(), (xs, c) => {
      const logProbs = LogSpace.logSoftmax(xs)
      const shifted = LogSpace.logSoftmax(xs.map((x) => x + c))
      return (
        rounding.equals(LogSpace.sum(logProbs.map(Math.exp)), 1) && logProbs.every((l, i) => l === shifted[i])
      )
    }),
  ))

test("weights from 1e-300 to 1 keep their relative precision", () => {
  const [tiny, one] = LogSpace.logSoftmax([Math.log(1e-300), 0])
  expect(tiny).toBeCloseTo(-690.7755278982137, 12)
  expect((one ?? 0) / 1e-300).toBeCloseTo(-1, 12)
  expect(LogSpace.logSumExp([0, -40])).toBe(Math.exp(-40))
})

const groups = fc
  .array(fc.tuple(logNumber, fc.nat({ max: 3 })), { minLength: 1, maxLength: 20 })
  .map((pairs) => [pairs.map(([x]) => x), pairs.map(([, key]) => key)] as const)
test("groups", () =>
  fc.assert(fc.property(groups, ([xs, keys]) => Laws.logSumExpGroups(rounding)(xs, keys, 4))))
test("partial sums", () =>
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1e-300, 1e-17))),
      Laws.partialSumsGrow(rounding),
    ),
  ))

test("infinities", () => {
  expect(LogSpace.logSumExp([-Infinity, -Infinity])).toBe(-Infinity)
  expect(LogSpace.logSumExp([Infinity, 0])).toBe(Infinity)
  expect(LogSpace.sum([Infinity, 1])).toBe(Infinity)
  expect(LogSpace.sum([])).toBe(0)
})

test("the compensated sum equals the exact integer sum", () =>
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger(), { maxLength: 50 }), (xs) => {
      const exact = xs.reduce((a, x) => a + BigInt(x), 0n)
      return LogSpace.sum(xs) === Number(exact)
    }),
  ))
