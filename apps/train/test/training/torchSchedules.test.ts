/** Learning rates against schedules of the Transformers library, which it computes with PyTorch. */
import { expect, it } from "vitest"
import { rateAt } from "../../src/training/Schedule.ts"
import { describeWith, readJson } from "../sharedData.ts"

interface Schedules {
  readonly lr_schedules: Readonly<
    Record<"constant_w4" | "cosine_w4_t16" | "linear_w4_t16", ReadonlyArray<number>>
  >
}

const warmupSteps = 4
const steps = 16

/** A cosine's rounding. */
const tolerance = 1e-12

/**
 * Theirs starts at 0, so that its first step moves nothing, and warms up by step/W; ours by (step + 1)/W: in the warm-up, our
 * rate at a step is theirs at the next one, and after it the same.
 */
const theirsAt = (rates: ReadonlyArray<number>, step: number): number =>
  rates[step < warmupSteps ? step + 1 : step] ?? NaN

describeWith("golden/torch-reference.json", "schedules against PyTorch", (file) => {
  const { constant_w4, cosine_w4_t16, linear_w4_t16 } = (readJson(file) as Schedules).lr_schedules

  const oursAt = (finalFraction: number, step: number): number =>
    rateAt({ learningRate: 1, warmupSteps, steps, finalFraction }, step)

  it("a constant rate after warm-up", () => {
    for (let step = 0; step < constant_w4.length; step++) {
      expect(Math.abs(oursAt(1, step) - theirsAt(constant_w4, step))).toBeLessThan(tolerance)
    }
  })

  it("a cosine after warm-up, to its end", () => {
    for (let step = 0; step <= steps; step++) {
      expect(Math.abs(oursAt(0, step) - theirsAt(cosine_w4_t16, step))).toBeLessThan(tolerance)
    }
  })

  it("past its end theirs rises again with the cosine, and ours stays", () => {
    for (let step = steps + 1; step < cosine_w4_t16.length; step++) {
      expect(oursAt(0, step)).toBe(0)
      const again = 0.5 * (1 + Math.cos((Math.PI * (step - warmupSteps)) / (steps - warmupSteps)))
      expect(Math.abs(theirsAt(cosine_w4_t16, step) - again)).toBeLessThan(tolerance)
    }
  })

  it("the linear schedule warms up in the same way; its descent is not among ours", () => {
    for (let step = 0; step < warmupSteps; step++) {
      expect(Math.abs(oursAt(1, step) - theirsAt(linear_w4_t16, step))).toBeLessThan(tolerance)
    }
    // a third of the way down: a straight line is at two thirds, a cosine at three quarters
    expect(Math.abs(theirsAt(linear_w4_t16, 8) - 2 / 3)).toBeLessThan(tolerance)
    expect(Math.abs(oursAt(0, 8) - 3 / 4)).toBeLessThan(tolerance)
  })
})
