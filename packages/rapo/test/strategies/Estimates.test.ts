import { Float64, Softmax } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { AdaptiveKL, MaskedStatistics, Rast, StrategyLaws, TokenRewards } from "../../src/index.ts"
import { Rast as TensorRast } from "../../src/tensor/index.ts"
import * as arb from "../arbitraries/strategies.ts"
import { engines, use } from "../engines.ts"

/** Sums of at most 8 numbers of size 10. */
const tolerance = 1e-12

/** A few roundings of float32 at logits of at most 3 + 2 · 6. */
const single = 1e-5

test("[S6] GAE: the recursion, and its limits at λ = 0 and λ = 1", () => {
  fc.assert(
    fc.property(arb.gae, arb.rewardsAndValues, (config, [rewards, values]) =>
      StrategyLaws.gaeRecursionAndLimits(tolerance)(config, rewards, values),
    ),
  )
})

test("[S6] GAE at γ = λ = 1 telescopes: A_0 = Σ r - V_0", () => {
  fc.assert(
    fc.property(arb.rewardsAndValues, ([rewards, values]) =>
      StrategyLaws.gaeTelescopes(tolerance)(rewards, values),
    ),
  )
})

test("[S7] RAST is a product of experts", () => {
  fc.assert(fc.property(arb.double(-2, 2), arb.experts, StrategyLaws.rastIsProductOfExperts(tolerance)))
})

test("[S7] RAST with λ = 0, or a small model that learnt nothing, is the large model", () => {
  fc.assert(
    fc.property(arb.double(-2, 2), arb.experts, (lambda, experts) => {
      const combine = Rast.logits(Float64.Real)
      const unlearnt = combine(lambda)({ ...experts, tuned: experts.base })
      return (
        combine(0)(experts).every((z, v) => z === experts.large[v]) &&
        unlearnt.every((z, v) => z === experts.large[v])
      )
    }),
  )
})

test("[S7] RAST with the small model's base for the large one and λ = 1 is the trained small model", () => {
  fc.assert(
    fc.property(arb.experts, (experts) => {
      const probs = Softmax.probs(Float64.Real)
      const tuned = probs(experts.tuned)
      return probs(Rast.logits(Float64.Real)(1)({ ...experts, large: experts.base })).every(
        (p, v) => Math.abs(p - (tuned[v] ?? NaN)) <= tolerance,
      )
    }),
  )
})

test("RAST refuses other vocabularies", () => {
  expect(() => Rast.logits(Float64.Real)(1)({ large: [0, 0], tuned: [0], base: [0, 0] })).toThrow(
    "one vocabulary",
  )
})

for (const engine of engines) {
  test(`RAST on ${engine} equals the reference`, async () => {
    await use(engine)
    fc.assert(
      fc.property(arb.double(-2, 2), arb.experts, (lambda, experts) => {
        const [large, tuned, base] = [experts.large, experts.tuned, experts.base].map((zs) =>
          tf.tensor1d([...zs]),
        )
        if (large === undefined || tuned === undefined || base === undefined) return false
        const combined = TensorRast.logits(lambda)({ large, tuned, base })
        const values = combined.dataSync()
        tf.dispose([large, tuned, base, combined])
        return Rast.logits(Float64.Real)(lambda)(experts).every(
          (z, v) => Math.abs(z - (values[v] ?? NaN)) <= single * (1 + Math.abs(z)),
        )
      }),
    )
  })
}

test("the adaptive coefficient changes in proportion to the relative error, where that is small", () => {
  fc.assert(
    fc.property(arb.double(0.01, 10), arb.double(-0.2, 0.2), (target, error) => {
      const next = AdaptiveKL.update({ target, horizon: 1000 })(1, target * (1 + error), 100)
      return Math.abs(next - (1 + error / 10)) <= tolerance
    }),
  )
})

test("the adaptive coefficient rises above its target, falls below, and never by more than its bound", () => {
  const config = fc.record({ target: arb.double(0.01, 10), horizon: arb.double(1000, 1e5) })
  fc.assert(
    fc.property(config, arb.double(0.01, 2), arb.double(0, 20), fc.nat({ max: 1000 }), (c, alpha, kl, n) => {
      const next = AdaptiveKL.update(c)(alpha, kl, n)
      const bound = (AdaptiveKL.errorBound * n) / c.horizon
      return (
        (kl >= c.target ? next >= alpha : next <= alpha) &&
        Math.abs(next / alpha - 1) <= bound + tolerance &&
        next > 0
      )
    }),
  )
})

const rowsAndMask = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }))
  .chain(([B, T]) =>
    fc.tuple(
      arb.listOf(B, arb.listOf(T, arb.double(-5, 5))),
      arb.listOf(B, arb.listOf(T, fc.constantFrom(0, 1))),
      arb.double(-100, 100),
    ),
  )

test("statistics of marked positions do not see the others", () => {
  fc.assert(
    fc.property(rowsAndMask, ([values, mask, noise]) => {
      const other = values.map((row, b) => row.map((x, t) => (mask[b]?.[t] === 1 ? x : noise)))
      return (
        MaskedStatistics.mean(values, mask) === MaskedStatistics.mean(other, mask) &&
        MaskedStatistics.variance(values, mask) === MaskedStatistics.variance(other, mask)
      )
    }),
  )
})

test("the variance of all positions is the sum of squared differences of pairs, over n (n - 1)", () => {
  fc.assert(
    fc.property(rowsAndMask, ([values]) => {
      const xs = values.flat()
      const all = values.map((row) => row.map(() => 1))
      const squares = xs
        .flatMap((x, i) => xs.slice(i + 1).map((y) => (x - y) ** 2))
        .reduce((a, b) => a + b, 0)
      const pairs = Math.max(xs.length * (xs.length - 1), 1)
      return Math.abs(MaskedStatistics.variance(values, all) - squares / pairs) <= 1e-10
    }),
  )
})

test("whitened values have mean 0 and variance v / (v + ε)", () => {
  fc.assert(
    fc.property(rowsAndMask, ([values, mask]) => {
      const epsilon = 0.01
      const variance = MaskedStatistics.variance(values, mask)
      const white = MaskedStatistics.whiten(values, mask, epsilon)
      return (
        Math.abs(MaskedStatistics.mean(white, mask)) <= 1e-10 &&
        Math.abs(MaskedStatistics.variance(white, mask) - variance / (variance + epsilon)) <= 1e-10
      )
    }),
  )
})

test("token rewards add up to the response's, less α times the log-ratio to the reference", () => {
  const numbers = fc.array(arb.double(-5, 0), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(numbers, arb.double(-1, 1), arb.double(0, 1), (old, reward, alpha) => {
      const reference = old.map((l) => l / 2)
      const rewards = TokenRewards.penalised(alpha)(TokenRewards.atLast(reward, old.length), old, reference)
      const sum = (xs: ReadonlyArray<number>): number => xs.reduce((a, b) => a + b, 0)
      return Math.abs(sum(rewards) - (reward - alpha * (sum(old) - sum(reference)))) <= tolerance * 10
    }),
  )
})
