import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Schedule, rateAt } from "../../src/training/Schedule.ts"

const schedule: fc.Arbitrary<Schedule> = fc
  .record({
    learningRate: fc.double({ min: 1e-6, max: 1, noNaN: true }),
    steps: fc.integer({ min: 1, max: 200 }),
    finalFraction: fc.double({ min: 0, max: 1, noNaN: true }),
    warm: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ warm, ...rest }) => ({ ...rest, warmupSteps: Math.floor(warm * rest.steps) }))

const steps = ({ steps: count }: Schedule): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, step) => step)

/** Rounding of a few float64 operations. */
const slack = 1e-12

describe("rateAt", () => {
  it("rises during the warm-up to the learning rate, which it reaches at its last step", () => {
    fc.assert(
      fc.property(schedule, (s) => {
        const rates = steps(s)
          .slice(0, s.warmupSteps)
          .map((step) => rateAt(s, step))
        return (
          rates.every((rate, i) => rate > (rates[i - 1] ?? 0)) &&
          (rates.length === 0 || rates.at(-1) === s.learningRate)
        )
      }),
    )
  })

  it("never rises after the warm-up, and stays within [f lr, lr]", () => {
    fc.assert(
      fc.property(schedule, (s) => {
        const rates = steps(s)
          .slice(s.warmupSteps)
          .map((step) => rateAt(s, step))
        return rates.every(
          (rate, i) =>
            rate <= (rates[i - 1] ?? s.learningRate) + slack &&
            rate >= s.learningRate * s.finalFraction - slack,
        )
      }),
    )
  })

  it("is constant when f = 1", () => {
    fc.assert(
      fc.property(schedule, (s) =>
        steps(s)
          .slice(s.warmupSteps)
          .every((step) => Math.abs(rateAt({ ...s, finalFraction: 1 }, step) - s.learningRate) <= slack),
      ),
    )
  })

  it("scales with the learning rate", () => {
    fc.assert(
      fc.property(schedule, fc.nat(250), (s, step) => {
        const twice = rateAt({ ...s, learningRate: 2 * s.learningRate }, step)
        return Math.abs(twice - 2 * rateAt(s, step)) <= slack
      }),
    )
  })

  it("ends a cosine at f lr, and is half-way in the middle", () => {
    const cosine = { learningRate: 1, warmupSteps: 4, steps: 20, finalFraction: 0.1 }
    expect(rateAt(cosine, 12)).toBeCloseTo(0.55, 12)
    expect(rateAt(cosine, 20)).toBeCloseTo(0.1, 12)
    expect(rateAt(cosine, 30)).toBeCloseTo(0.1, 12)
  })
})
