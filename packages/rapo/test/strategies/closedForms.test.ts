/** Strategies whose rule is a formula, held to the formula written in another way. */
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { DifficultyTargeted, OverlongPenalty, ReferenceReset } from "../../src/index.ts"
import * as arb from "../arbitraries/strategies.ts"

/** A few roundings of numbers of size 10. */
const tolerance = 1e-12

const near = (a: number, b: number): boolean => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))

test("[S5] two references are weighed by the logistic function of their difference in attention", () => {
  const vector = (size: number): fc.Arbitrary<ReadonlyArray<number>> =>
    fc.array(arb.double(-3, 3), { minLength: size, maxLength: size })
  const instance = fc
    .integer({ min: 1, max: 6 })
    .chain((size) => fc.tuple(vector(size), vector(size), vector(size)))
  fc.assert(
    fc.property(instance, ([query, first, second]) => {
      const dot = (key: ReadonlyArray<number>): number =>
        query.map((x, i) => x * (key[i] ?? NaN)).reduce((a, b) => a + b)
      const share = 1 / (1 + Math.exp((dot(second) - dot(first)) / Math.sqrt(query.length)))
      const references = [
        { embedding: first, accuracy: 0.9 },
        { embedding: second, accuracy: 0.2 },
      ]
      const predicted = DifficultyTargeted.predict(references, DifficultyTargeted.uncalibrated)(query)
      return near(predicted, 0.2 + 0.7 * share)
    }),
  )
})

test("a calibration takes the odds to a power and multiplies them", () => {
  const odds = (p: number): number => p / (1 - p)
  fc.assert(
    fc.property(
      arb.double(0.01, 0.99),
      arb.double(0.5, 3),
      arb.double(-2, 2),
      (accuracy, temperature, bias) => {
        const calibrated = DifficultyTargeted.calibrate({ temperature, bias })(accuracy)
        return near(Math.log(odds(calibrated)), Math.log(odds(accuracy)) / temperature + bias)
      },
    ),
  )
  const { accuracyMargin, calibrate, uncalibrated } = DifficultyTargeted
  expect([0, 1].map(calibrate(uncalibrated))).toEqual(
    [accuracyMargin, 1 - accuracyMargin].map((p) => expect.closeTo(p, 12)),
  )
})

test("where enough is remembered, the fresh share of a batch is the one asked for", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 64 }), (eighths, octets) => {
      const { fresh, replayed } = DifficultyTargeted.shares({ freshShare: eighths / 8 })(
        8 * octets,
        8 * octets,
      )
      return fresh === eighths * octets && replayed === (8 - eighths) * octets
    }),
  )
})

test("the overlong penalty is 0, then a line, then its whole", () => {
  const config = fc.record({
    maximumLength: fc.integer({ min: 10, max: 1000 }),
    buffer: fc.integer({ min: 1, max: 10 }),
    factor: arb.double(0, 3),
  })
  fc.assert(
    fc.property(config, fc.integer({ min: 0, max: 1100 }), (config, length) => {
      const { maximumLength, buffer, factor } = config
      const left = maximumLength - length
      const expected = left >= buffer ? 0 : left <= 0 ? -factor : factor * (left / buffer - 1)
      return near(OverlongPenalty.penalty(config)(length), expected)
    }),
  )
  const group = { id: "p", members: [{ response: "r", reward: 1, length: 95 }] }
  const punished = OverlongPenalty.punish({ maximumLength: 100, buffer: 10, factor: 1 })(group)
  expect(punished).toEqual({ id: "p", members: [{ response: "r", reward: 0.5, length: 95 }] })
})

test("a score is better by more than the least gain, or as the first; what is not counts towards stagnation", () => {
  const config = { ...ReferenceReset.defaults, leastGain: 0.25, patience: 2, every: 100, maximumKL: 0.5 }
  const observe = ReferenceReset.observe(config)
  const states = (scores: ReadonlyArray<number | undefined>): ReferenceReset.State =>
    scores.reduce(
      (state: ReferenceReset.State, score) => observe(state, { kl: 0, score }).state,
      ReferenceReset.initial,
    )
  expect(states([-7])).toEqual({ stepsSinceReset: 1, stepsSinceBest: 0, bestScore: -7 })
  expect(states([1, 1.25])).toEqual({ stepsSinceReset: 2, stepsSinceBest: 1, bestScore: 1 })
  expect(states([1, 1.5])).toEqual({ stepsSinceReset: 2, stepsSinceBest: 0, bestScore: 1.5 })
  expect(states([1, 0.9])).toEqual({ stepsSinceReset: 2, stepsSinceBest: 1, bestScore: 1 })
  expect(states([1, undefined])).toEqual({ stepsSinceReset: 2, stepsSinceBest: 1, bestScore: 1 })
  expect(observe(states([1, 1]), { kl: 0, score: 1 }).decision).toMatchObject({ reason: "Stagnation" })
  expect(observe(ReferenceReset.initial, { kl: 0.5, score: 1 }).decision).toEqual({ _tag: "Keep" })
  expect(observe(ReferenceReset.initial, { kl: 0.51, score: 1 }).decision).toMatchObject({ reason: "KL" })
})
