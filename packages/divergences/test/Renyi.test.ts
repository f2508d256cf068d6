import { Categorical } from "@rapo/distributions"
import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { describe, expect, test } from "vitest"
import { Laws, Metric, Renyi } from "../src/index.ts"
import {
  channel,
  mildPair,
  nearPair,
  pair,
  pairWithZeros,
  pairWithZerosInFirst,
  renyiOrder,
  right,
  unit,
  closeTo,
} from "./arbitraries.ts"

/** A few dozen roundings of logarithms up to 60, times orders up to 50. */
const rounding = closeTo(1e-10)
const anyPair = fc.oneof(
  pair,
  mildPair,
  pairWithZeros,
  nearPair.map(([p, q]) => [p, q] as const),
)
const at = (a: number) => Renyi.renyi(right(Renyi.order(a)))

describe("laws", () => {
  test("[F1] R_a ≥ 0, and for a > 0 it is 0 at equality only", () =>
    fc.assert(
      fc.property(anyPair, fc.oneof(unit, fc.integer({ min: 1, max: 5 })), ([p, q], a) =>
        // R_a ≥ (a ∧ 1) TV²/2: at a = 1e-3 and 1e-10 probabilities may differ by √2e-7.
        Laws.gibbs(rounding, Categorical.getEq(5e-4))(at(a))(p, q),
      ),
    ))
  test("[F2] no channel increases R_a", () =>
    fc.assert(
      fc.property(channel, fc.oneof(renyiOrder, fc.constant(Infinity)), ([[p, q], rows], a) =>
        Laws.dataProcessing(rounding)(at(a))(p, q, rows),
      ),
    ))
  test("[F7] R_a does not decrease in a", () =>
    fc.assert(
      fc.property(
        anyPair,
        fc.oneof(renyiOrder, fc.constant(Infinity)),
        fc.oneof(renyiOrder, fc.constant(Infinity)),
        ([p, q], a, b) => Laws.renyiIncreases(rounding)(a, b)(p, q),
      ),
    ))
  test.each([1e-2, 1e-4, 1e-8, 1e-12])("[F7] the limit at 1 is KL, %s away from it", (h) =>
    fc.assert(fc.property(fc.oneof(pair, mildPair), ([p, q]) => Laws.renyiAtOne(rounding)(h)(p, q))),
  )
  test.each([1e-2, 1e-4, 1e-8, 1e-12])("[F7] the limit at 0 is −ln q(supp p), %s away from it", (h) =>
    fc.assert(
      fc.property(fc.oneof(pair, pairWithZerosInFirst), ([p, q]) => Laws.renyiAtZero(rounding)(h)(p, q)),
    ),
  )
  test.each([10, 1000, 1e6])("[F7] the limit at ∞ is ln max p/q, at order %s", (a) =>
    fc.assert(
      fc.property(fc.oneof(pair, pairWithZerosInFirst), ([p, q]) => Laws.renyiAtInfinity(rounding)(a)(p, q)),
    ),
  )
  test("[F7] R_a = ln(1 + a (a − 1) D_a)/(a − 1)", () =>
    fc.assert(
      fc.property(
        mildPair,
        renyiOrder.filter((a) => a > 0 && a < 10),
        ([p, q], a) => a === 1 || Laws.renyiIsAlpha(rounding)(a)(p, q),
      ),
    ))
  test("(1 − a) R_a(p ‖ q) = a R_{1−a}(q ‖ p)", () =>
    fc.assert(
      fc.property(fc.oneof(pair, mildPair, pairWithZeros), unit, ([p, q], a) =>
        Laws.renyiSkewSymmetry(rounding)(a)(p, q),
      ),
    ))
  test("R_½ = −2 ln(1 − H²)", () =>
    fc.assert(
      fc.property(mildPair, ([p, q]) =>
        rounding.equals(right(at(0.5)(p, q)), -2 * Math.log1p(-(right(Metric.hellinger(p, q)) ** 2))),
      ),
    ))
})

test("an order below 0 is refused, and the edges are accepted", () => {
  expect(Renyi.order(-0.5)).toEqual(E.left({ _tag: "InvalidOrder", order: -0.5 }))
  expect(Renyi.order(NaN)).toEqual(E.left({ _tag: "InvalidOrder", order: NaN }))
  expect([0, Infinity].map(Renyi.order)).toEqual([E.right(0), E.right(Infinity)])
})

test("outcomes that only p has cost ∞ from order 1 on; disjoint distributions at every order", () => {
  const certain = right(Categorical.pointMass(2, 0))
  const coin = right(Categorical.uniform(2))
  expect([0, 0.5, 1, 2, Infinity].map((a) => right(at(a)(coin, certain)))).toEqual([
    0,
    expect.closeTo(Math.LN2, 12),
    Infinity,
    Infinity,
    Infinity,
  ])
  const other = right(Categorical.pointMass(2, 1))
  for (const a of [0, 0.5, 1, 2, Infinity]) expect(right(at(a)(certain, other))).toBe(Infinity)
})
