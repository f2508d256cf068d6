import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import { Autoregressive, Categorical, Finite, Laws, PlackettLuce, Seed } from "../src/index.ts"
import { categorical, categoricalOfSize, right, seed } from "./arbitraries.ts"

/** Three conditionings of probabilities down to e^-60. */
const rounding = Laws.closeTo(1e-12)

/** The definition: draw, condition on not drawing it again, and so on; every order, exactly. */
const orders = (p: Categorical.Categorical, k: number): Finite.Finite<ReadonlyArray<number>> =>
  right(
    Autoregressive.enumerate(
      right(
        Autoregressive.make(
          Autoregressive.indexed((drawn) => right(Categorical.condition(p, (i) => !drawn.includes(i)))),
          k,
        ),
      ),
    ),
  )

test("[D8] the formula is the chain rule of conditioning, and its orders add up to 1", () =>
  fc.assert(
    fc.property(categoricalOfSize(5), fc.integer({ min: 1, max: 3 }), (p, k) => {
      const exact = orders(p, Math.min(k, Categorical.support(p).length))
      return (
        Finite.weighted(exact).every(([order, l]) => rounding.equals(PlackettLuce.logProb(p, order), l)) &&
        rounding.equals(
          Finite.support(exact).reduce((sum, order) => sum + Math.exp(PlackettLuce.logProb(p, order)), 0),
          1,
        )
      )
    }),
  ))

test("[D8] draws are different and possible, and fewer begin more", () =>
  fc.assert(fc.property(categorical, fc.nat({ max: 12 }), seed, Laws.withoutReplacement)))

test("[D8] the frequencies of all orders of Gumbel-top-2 and of Gumbel-top-3 are Plackett-Luce's", () => {
  const p = right(Categorical.fromWeights([4, 1, 0, 2, 3]))
  const n = 24_000
  for (const k of [2, 3]) {
    const exact = orders(p, k)
    const counts = new Map<string, number>()
    for (const i of Array.from({ length: n }).keys()) {
      const key = right(PlackettLuce.sample(p, k, Seed.child(Seed.fromInteger(8), i))).join(" ")
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    const keys = Finite.support(exact).map((order) => order.join(" "))
    const observed = keys.map((key) => counts.get(key) ?? 0)
    const probabilities = Finite.weighted(exact).map(([, l]) => Math.exp(l))
    expect(keys).toHaveLength(k === 2 ? 12 : 24)
    expect(observed.reduce((a, b) => a + b)).toBe(n)
    // 4 standard deviations: about 3 in 100,000 seeds would fail.
    expect(Laws.chiSquareBelow(4)(observed, probabilities)).toBe(true)
    const uniform = probabilities.map(() => 1 / probabilities.length)
    expect(Laws.chiSquareBelow(4)(observed, uniform)).toBe(false)
  }
})

test("[D8] one draw without replacement is a draw: the first has the law p", () =>
  fc.assert(
    fc.property(categorical, (p) =>
      p.logProbs.every((l, i) => rounding.equals(Math.exp(PlackettLuce.logProb(p, [i])), Math.exp(l))),
    ),
  ))

test("more draws than outcomes are refused", () => {
  const p = right(Categorical.fromWeights([1, 0]))
  const refused = PlackettLuce.sample(p, 2, Seed.fromInteger(1))
  expect(E.isLeft(refused) && Categorical.showError(refused.left)).toBe(
    "The number of draws without replacement is 2; it must be an integer from 0 to 1, the number of possible outcomes.",
  )
  expect(PlackettLuce.sample(p, 0, Seed.fromInteger(1))).toEqual(E.right([]))
})
