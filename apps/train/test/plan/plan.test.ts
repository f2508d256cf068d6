import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Qwen2Config } from "../../src/model/Qwen2Config.ts"
import { coefficients, copying, native, sharing } from "../../src/plan/Coefficients.ts"
import { type Load, budgetOf } from "../../src/plan/Peak.ts"
import { type Wish, planOf } from "../../src/plan/Plan.ts"
import { parseBytes, showBytes } from "../../src/plan/bytes.ts"
import { presets } from "../../src/plan/presets.ts"
import { shapeOf } from "../../src/plan/Shape.ts"
import { configOf } from "../configs.ts"
import { loraOf } from "./step.ts"

describe("the predicted peak", () => {
  const load: fc.Arbitrary<Load> = fc.record({
    prompt: fc.integer({ min: 1, max: 2000 }),
    response: fc.integer({ min: 1, max: 4000 }),
    groupSize: fc.integer({ min: 1, max: 16 }),
    batch: fc.integer({ min: 1, max: 1024 }),
    microBatch: fc.integer({ min: 1, max: 1024 }),
    places: fc.integer({ min: 1, max: 1024 }),
    checkpointsLayers: fc.boolean(),
    logitRows: fc.integer({ min: 1, max: 5000 }),
  })
  const model = fc.constantFrom(...Object.values(presets))
  const rank = fc.option(fc.integer({ min: 1, max: 64 }), { nil: undefined })
  const engine = fc.constantFrom(copying, sharing, native)

  it("does not fall when prompts, responses, micro-batches or places grow", () => {
    const field = fc.constantFrom(
      "prompt" as const,
      "response" as const,
      "places" as const,
      "microBatch" as const,
    )
    fc.assert(
      fc.property(
        engine,
        model,
        rank,
        load,
        field,
        fc.integer({ min: 1, max: 500 }),
        (by, config, r, drawn, name, more) => {
          const shape = shapeOf(config, loraOf(r))
          // Micro-batches of one batch: at the batch's size there is no sum any more, so there the comparison ends; and chunks or
          // not is another choice.
          const before = { ...drawn, logitRows: 1, batch: 10_000 }
          const after = { ...before, [name]: before[name] + more }
          return budgetOf(by, shape, after).peak >= budgetOf(by, shape, before).peak
        },
      ),
    )
  })

  it("does not fall with layers, width, vocabulary or rank", () => {
    const field = fc.constantFrom(
      "num_hidden_layers" as const,
      "intermediate_size" as const,
      "vocab_size" as const,
    )
    // On native AdamW's groups are cut anew when a parameter grows, and may hold less.
    const ungrouped = fc.constantFrom(copying, sharing)
    fc.assert(
      fc.property(
        ungrouped,
        rank,
        load,
        field,
        fc.integer({ min: 1, max: 64 }),
        (by, r, drawn, name, more) => {
          const small = configOf({ hidden_size: 64 })
          const large = configOf({ hidden_size: 64, [name]: small[name] + more })
          const peak = (config: Qwen2Config, of: number | undefined): number =>
            budgetOf(by, shapeOf(config, loraOf(of)), drawn).peak
          return (
            peak(large, r) >= peak(small, r) && (r === undefined || peak(small, r + more) >= peak(small, r))
          )
        },
      ),
    )
  })
})

describe("planOf", () => {
  const wish: fc.Arbitrary<Wish> = fc.record({
    config: fc.constantFrom(...Object.values(presets)),
    engine: fc.constantFrom(...Object.values(coefficients)),
    deviceMemory: fc.integer({ min: 1, max: 400 }).map((gigabytes) => gigabytes * 1e9),
    workers: fc.integer({ min: 1, max: 8 }),
    microBatch: fc.option(fc.integer({ min: 1, max: 64 }), { nil: undefined }),
    checkpointsLayers: fc.option(fc.boolean(), { nil: undefined }),
    lora: fc.constantFrom(undefined, loraOf(16)),
    prompt: fc.constant(512),
    response: fc.constant(1024),
    groupSize: fc.constant(8),
    prompts: fc.integer({ min: 1, max: 16 }),
  })

  it("says that it fits if and only if every worker has its part of the memory, and keeps what was asked for", () => {
    fc.assert(
      fc.property(wish, (asked) => {
        const { load, budget, total, share, fits } = planOf(asked)
        const { deviceMemory, workers, engine, microBatch, checkpointsLayers, groupSize, prompts } = asked
        return (
          fits === budget.peak <= Math.min(deviceMemory / workers, engine.addressable) &&
          total === workers * budget.peak &&
          share * workers >= groupSize * prompts &&
          load.places <= share &&
          (microBatch === undefined ? load.microBatch <= share : load.microBatch === microBatch) &&
          (checkpointsLayers === undefined || load.checkpointsLayers === checkpointsLayers)
        )
      }),
    )
  })

  it("plans for several workers what fits in a part of the memory for each: weights are held by all", () => {
    const asked = {
      config: presets["qwen2.5-0.5b"] as Qwen2Config,
      engine: native,
      deviceMemory: 80e9,
      lora: undefined,
      prompt: 128,
      response: 128,
      groupSize: 8,
      prompts: 16,
    }
    const [one, four] = [1, 4].map((workers) => planOf({ ...asked, workers }))
    expect([one?.fits, four?.fits]).toEqual([true, true])
    expect(four?.share).toBe(32)
    expect(four?.budget.weights).toBe(one?.budget.weights)
    expect(four?.total).toBeGreaterThan(4 * (one?.budget.weights ?? NaN))
    expect(planOf({ ...asked, workers: 16 }).fits).toBe(false)
  })

  it("knows that a worker on wasm addresses no more than 4 GiB, however much there is", () => {
    const asked = {
      config: presets["qwen2.5-0.5b"] as Qwen2Config,
      deviceMemory: 1e12,
      workers: 1,
      lora: undefined,
      prompt: 16,
      response: 16,
      groupSize: 2,
      prompts: 1,
    }
    expect(planOf({ ...asked, engine: copying }).fits).toBe(false)
    expect(planOf({ ...asked, engine: sharing }).fits).toBe(true)
  })

  it("knows the parameters of the published models", () => {
    const billions = Object.values(presets).map((config) =>
      (shapeOf(config, undefined).parameters / 1e9).toFixed(2),
    )
    expect(billions).toEqual(["0.49", "1.54", "3.09", "7.62"])
  })
})

describe("sizes", () => {
  it("reads what it is told, and nothing else", () => {
    expect(["80GB", "24 GiB", "1.5tb", "512MiB"].map(parseBytes)).toEqual([
      80e9,
      24 * 2 ** 30,
      1.5e12,
      2 ** 29,
    ])
    expect(["", "80", "GB", "-1GB", "0GB", "1e9GB", "80 GBs", "NaNGB"].map(parseBytes)).toEqual(
      Array(8).fill(undefined),
    )
    expect(showBytes(12.34e9)).toBe("12.3 GB")
  })
})
