import * as fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { engineNames } from "../../src/engine/EngineName.ts"
import { parameterCount } from "../../src/model/Parameters.ts"
import type { Qwen2Config } from "../../src/model/Qwen2Config.ts"
import { type Budget, phasesOf } from "../../src/plan/Budget.ts"
import { parseBytes, showBytes } from "../../src/plan/bytes.ts"
import type { DryBackend } from "../../src/plan/dry/backend.ts"
import { startDry } from "../../src/plan/dry/start.ts"
import type { Load } from "../../src/plan/Load.ts"
import { type Wish, planOf } from "../../src/plan/Plan.ts"
import { presets } from "../../src/plan/presets.ts"
import { configOf } from "../configs.ts"
import { cases } from "./cases.ts"
import { budgetOf } from "./onDry.ts"
import { type Case, loadOf, loraOf } from "./step.ts"

const engine = fc.constantFrom(...engineNames)

/** A law of every engine's predictions, tried dry. */
const holds = <A>(inputs: fc.Arbitrary<A>, law: (dry: DryBackend, input: A) => boolean): Promise<void> =>
  fc.assert(
    fc.asyncProperty(engine, inputs, async (name, input) => law(await startDry(name), input)),
    { numRuns: 60 },
  )

describe("the predicted peak", () => {
  const peakOf = (dry: DryBackend, config: Qwen2Config, rank: number | undefined, load: Load): number =>
    phasesOf({ dry, config, lora: loraOf(rank) }).budget(load).peak

  it("does not fall when prompts, responses, micro-batches or places grow", async () => {
    const field = fc.constantFrom(
      "prompt" as const,
      "response" as const,
      "places" as const,
      "microBatch" as const,
    )
    await holds(fc.tuple(cases, field, fc.integer({ min: 1, max: 20 })), (dry, [each, name, more]) => {
      // Micro-batches of one batch: at the batch's size there is no sum any more, so there the comparison ends; and chunks or
      // not is another choice.
      const before = { ...loadOf(each), batch: 240, microBatch: 2, places: 3, logitRows: 8 }
      const after = { ...before, [name]: before[name] + more }
      const peak = (load: Load): number => peakOf(dry, each.config, each.rank, load)
      return peak(after) >= peak(before)
    })
  })

  it("does not fall with layers, inner width, vocabulary or rank", async () => {
    const field = fc.constantFrom(
      "num_hidden_layers" as const,
      "intermediate_size" as const,
      "vocab_size" as const,
      "rank" as const,
    )
    await holds(fc.tuple(cases, field, fc.integer({ min: 1, max: 64 })), (dry, [each, name, more]) => {
      const of = (by: number): number =>
        name === "rank"
          ? peakOf(dry, each.config, (each.rank ?? 1) + by, loadOf(each))
          : peakOf(dry, configOf({ ...each.config, [name]: each.config[name] + by }), each.rank, loadOf(each))
      return of(name === "num_hidden_layers" ? 1 + (more % 3) : more) >= of(0)
    })
  })

  it("is its parts: what is held between steps, and in the gradient sums, activations and logits", async () => {
    await holds(cases, (dry, each) => {
      const budget = budgetOf(dry, each)
      const between = budget.weights + budget.adapter + budget.reference + budget.moments
      return (
        budget.gradient === between + budget.gradients + budget.activations + budget.logits &&
        budget.peak === Math.max(budget.sampling, budget.gradient, budget.update) &&
        budget.sampling >= between + budget.cache &&
        budget.taken >= budget.peak &&
        Object.values(budget).every((bytes) => bytes >= 0) &&
        dry.live() === 0
      )
    })
  })
})

describe("memory", () => {
  let dry: DryBackend
  beforeAll(async () => {
    dry = await startDry("wasm")
  })

  const config = configOf({ num_hidden_layers: 4 })
  /** Beside what is held between steps. */
  const peak = (replaced: Partial<Case>): number => {
    const each: Case = {
      config,
      prompt: 6,
      response: 24,
      groupSize: 4,
      prompts: 3,
      memory: {},
      rank: 2,
      ...replaced,
    }
    const budget: Budget = budgetOf(dry, each)
    return budget.peak - budget.weights - budget.adapter - budget.reference - budget.moments
  }
  const deeper = configOf({ num_hidden_layers: 8 })
  const tokens = 4 * 3 * 24 + 3 * 5

  it("of the whole tape grows with layers × tokens, and of recomputed layers with hidden states alone", () => {
    const plain = peak({ config: deeper }) - peak({})
    const memory = { checkpointsLayers: true }
    const recomputed = peak({ config: deeper, memory }) - peak({ memory })
    const states = 4 * tokens * config.hidden_size * 4
    // Beside the states of four more layers, the gradients of their adapters.
    expect(recomputed).toBeLessThan(1.5 * states)
    expect(recomputed).toBeGreaterThanOrEqual(states)
    expect(plain).toBeGreaterThan(20 * states)
  })

  it("of a chunked loss does not grow with tokens × vocabulary", () => {
    const wide = configOf({ vocab_size: 4000, num_hidden_layers: 1 })
    const growth = (memory: Case["memory"]): number =>
      peak({ config: wide, response: 24, memory }) - peak({ config: wide, response: 12, memory })
    const logits = 12 * 12 * 4000 * 4
    expect(growth({ logitRows: 4, checkpointsLayers: true, samplingPlaces: 1 })).toBeLessThan(logits)
    expect(growth({ logitRows: 1e6, checkpointsLayers: true, samplingPlaces: 1 })).toBeGreaterThan(
      10 * logits,
    )
  })

  it("of micro-batches grows with their size", () => {
    const of = (microBatch: number): number => peak({ memory: { microBatch, samplingPlaces: 1 } })
    expect(of(8) / of(4)).toBeGreaterThan(1.7)
    expect(of(8) / of(4)).toBeLessThan(2.2)
    expect(of(4) / of(1)).toBeGreaterThan(2.5)
  })
})

describe("planOf", () => {
  const wish: fc.Arbitrary<Wish> = fc.record({
    config: fc.constantFrom(configOf({ vocab_size: 300 }), configOf({ tie_word_embeddings: false })),
    deviceMemory: fc.integer({ min: 1, max: 200 }).map((each) => each * 2e5),
    workers: fc.integer({ min: 1, max: 8 }),
    microBatch: fc.option(fc.integer({ min: 1, max: 64 }), { nil: undefined }),
    checkpointsLayers: fc.option(fc.boolean(), { nil: undefined }),
    lora: fc.constantFrom(undefined, loraOf(4)),
    prompt: fc.constant(12),
    response: fc.constant(16),
    groupSize: fc.constant(4),
    prompts: fc.integer({ min: 1, max: 16 }),
  })

  it("says that it fits if and only if every worker has its part of the memory, and keeps what was asked for", async () => {
    await holds(wish, (dry, asked) => {
      const { load, budget, total, share, fits } = planOf(dry, asked)
      const { deviceMemory, workers, microBatch, checkpointsLayers, groupSize, prompts } = asked
      return (
        fits === budget.peak <= Math.min(deviceMemory / workers, dry.traits.addressable) &&
        total === workers * budget.peak &&
        share * workers >= groupSize * prompts &&
        load.places <= share &&
        (microBatch === undefined ? load.microBatch <= share : load.microBatch === microBatch) &&
        (checkpointsLayers === undefined || load.checkpointsLayers === checkpointsLayers)
      )
    })
  })

  it("chooses the most of what fits: whole groups before recomputing, and the most places", async () => {
    const dry = await startDry("native")
    const asked = {
      config: configOf({ hidden_size: 64, intermediate_size: 128, vocab_size: 300 }),
      lora: undefined,
      prompt: 12,
      response: 16,
      groupSize: 4,
      prompts: 8,
      workers: 1,
    }
    const planned = (deviceMemory: number) => planOf(dry, { ...asked, deviceMemory })
    const roomy = planned(1e9)
    expect(roomy.load).toMatchObject({ microBatch: 32, places: 32, checkpointsLayers: false })
    expect(planned(roomy.budget.peak)).toEqual(roomy)
    const tighter = planned(roomy.budget.peak - 1)
    expect(tighter.load).toMatchObject({ microBatch: 16, places: 32, checkpointsLayers: false })
    const tight = planned(
      planOf(dry, { ...asked, deviceMemory: 1e9, microBatch: 4, checkpointsLayers: false }).budget.peak - 1,
    )
    expect(tight.load.checkpointsLayers).toBe(true)
    expect(tight.fits).toBe(true)
    expect(planned(1)).toMatchObject({
      fits: false,
      load: { microBatch: 1, places: 1, checkpointsLayers: true },
    })
  })

  it("plans for several workers what fits in a part of the memory for each: weights are held by all", async () => {
    const asked = {
      config: presets["qwen2.5-0.5b"] as Qwen2Config,
      deviceMemory: 80e9,
      lora: undefined,
      prompt: 128,
      response: 128,
      groupSize: 8,
      prompts: 16,
    }
    const dry = await startDry("native")
    const [one, four] = [1, 4].map((workers) => planOf(dry, { ...asked, workers }))
    expect([one?.fits, four?.fits]).toEqual([true, true])
    expect(four?.share).toBe(32)
    expect(four?.budget.weights).toBe(one?.budget.weights)
    expect(four?.total).toBeGreaterThan(4 * (one?.budget.weights ?? NaN))
    expect(planOf(dry, { ...asked, workers: 16 }).fits).toBe(false)
  })

  it("knows that a worker on wasm addresses no more than 4 GiB, however much there is", async () => {
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
    expect(planOf(await startDry("wasm"), asked).fits).toBe(false)
    expect(planOf(await startDry("webgpu"), asked).fits).toBe(true)
  })

  it("plans 7B over 5120 tokens without the memory and the time for it", async () => {
    const dry = await startDry("native")
    const [before, since] = [process.memoryUsage().rss, process.cpuUsage()]
    const { fits, budget } = planOf(dry, {
      config: presets["qwen2.5-7b"] as Qwen2Config,
      deviceMemory: 80e9,
      workers: 1,
      lora: loraOf(32),
      prompt: 1024,
      response: 4096,
      groupSize: 8,
      prompts: 128,
    })
    expect(fits).toBe(true)
    expect(budget.peak).toBeGreaterThan(60e9)
    expect(process.memoryUsage().rss - before).toBeLessThan(0.5e9)
    // Of the processor's time, in microseconds: 3 seconds as measured.
    expect(process.cpuUsage(since).user).toBeLessThan(20e6)
  })

  it("knows the parameters of the published models", () => {
    const billions = Object.values(presets).map((config) => (parameterCount(config) / 1e9).toFixed(2))
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
