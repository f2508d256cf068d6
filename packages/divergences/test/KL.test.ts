import { Categorical } from "@rapo/distributions"
import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { describe, expect, test } from "vitest"
import { KL, Laws } from "../src/index.ts"
import { fromLogits, pair, pairWithZeros, right, closeTo } from "./arbitraries.ts"

/** A dozen roundings of logarithms up to 60. */
const rounding = closeTo(1e-12)

describe("laws", () => {
  test("infinite exactly off the support, never NaN", () =>
    fc.assert(fc.property(pairWithZeros, ([p, q]) => Laws.infiniteOffSupport(KL.kl)(p, q))))
  test("[F4] Pinsker: 2 TV² ≤ KL", () =>
    fc.assert(fc.property(fc.oneof(pair, pairWithZeros), ([p, q]) => Laws.pinsker(rounding)(p, q))))
  test("[F4] Bretagnolle–Huber: TV² ≤ 1 − e^{−KL}", () =>
    fc.assert(fc.property(fc.oneof(pair, pairWithZeros), ([p, q]) => Laws.bretagnolleHuber(rounding)(p, q))))
  test("the two directions are each other's mirror", () =>
    fc.assert(
      fc.property(pair, ([p, q]) => {
        const forward = right(KL.forward(p, q))
        return forward === right(KL.kl(p, q)) && forward === right(KL.reverse(q, p))
      }),
    ))
})

test("sizes that differ are an error with both sizes", () => {
  const [two, three] = [right(Categorical.uniform(2)), right(Categorical.uniform(3))]
  expect(KL.kl(three, two)).toEqual(E.left({ _tag: "SupportMismatch", expected: 3, actual: 2 }))
})

test("a probability too small for a double still has its divergence", () => {
  const [p, q] = [fromLogits([0, -800]), fromLogits([0, -Infinity])]
  expect(right(KL.kl(p, q))).toBe(Infinity)
  expect(right(KL.kl(q, p))).toBe(0)
})

test("probabilities of 1e-300 count with all their digits", () => {
  const [p, q] = [fromLogits([0, Math.log(1e-300)]), fromLogits([0, Math.log(2e-300)])]
  // 1e-300 (ln ½ − 1 + 2), the other outcome being the same in both to a rounding
  expect(right(KL.kl(p, q)) / 1e-300).toBeCloseTo(1 - Math.LN2, 9)
})
