import { Seed } from "@rapo/distributions"
import { Rapo } from "@rapo/rapo"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { targets } from "../../src/model/lora/Lora.ts"
import { toDevice, toHost } from "../../src/model/DeviceParameters.ts"
import { disposeParameters, initialParameters } from "../../src/model/Parameters.ts"
import type { Qwen2Config } from "../../src/model/Qwen2Config.ts"
import { copying, sharing } from "../../src/plan/Coefficients.ts"
import { type Budget, type Load, budgetOf } from "../../src/plan/Peak.ts"
import { planOf } from "../../src/plan/Plan.ts"
import { parseBytes, showBytes } from "../../src/plan/bytes.ts"
import { presets } from "../../src/plan/presets.ts"
import { shapeOf } from "../../src/plan/Shape.ts"
import type { Setting } from "../../src/rollout/collect.ts"
import type { Memory } from "../../src/training/Memory.ts"
import { type ReinforceOptions, reinforceStep } from "../../src/training/ReinforceStep.ts"
import { disposeLearning, startFrom } from "../../src/training/start.ts"
import { configOf, settingOf } from "../configs.ts"
import { echoTask } from "../echoTask.ts"
import "../engine.ts"
import { peakOf } from "../peak.ts"

/** What the issue asks of the prediction; over 64 shapes and settings the largest miss was 8.5%. */
const promised = 0.1

const lora = (rank: number) => ({ rank, alpha: rank, targets, rankStabilised: false })

interface Case {
  readonly config: Qwen2Config
  readonly prompt: number
  readonly response: number
  readonly memory: Memory
  readonly rank: number | undefined
}

const [groupSize, prompts] = [4, 3]

const loadOf = ({ prompt, response, memory }: Case): Load => ({
  prompt,
  response,
  groupSize,
  batch: groupSize * prompts,
  microBatch: memory.microBatch ?? groupSize * prompts,
  places: groupSize * prompts,
  checkpointsLayers: memory.checkpointsLayers ?? false,
  logitRows: memory.logitRows ?? Infinity,
})

const restingOf = ({ weights, adapter, reference, moments }: Budget): number =>
  weights + adapter + reference + moments

/** The peak of a whole step on wasm, beyond what is held before it; no response ends early. */
const measured = ({ config, prompt, response, memory, rank }: Case): number => {
  const fresh = initialParameters(config, Seed.fromInteger(1))
  const base = toHost(fresh)
  disposeParameters(fresh)
  const learning = startFrom(
    config,
    toDevice(base),
    rank === undefined ? undefined : lora(rank),
    Seed.fromInteger(2),
  )
  const setting: Setting = {
    ...settingOf(echoTask),
    config,
    codec: { ...settingOf(echoTask).codec, decode: () => "" },
    encode: ({ id }) => Array.from({ length: prompt }, (_, i) => (Number(id) * 7 + i) % config.vocab_size),
    endIds: [],
    task: { ...echoTask, maxResponseTokens: response },
  }
  const options: ReinforceOptions = {
    optimiser: { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, clipNorm: 1 },
    schedule: { learningRate: 1e-4, warmupSteps: 0, steps: 1, finalFraction: 1 },
    groupSize,
    temperature: 1,
    updatesPerBatch: 1,
    memory,
  }
  const problems = Array.from({ length: prompts }, (_, i) => ({
    id: String(i),
    task: "echo",
    level: "all",
    prompt: "",
    answer: "1",
  }))
  let result: ReturnType<typeof reinforceStep> | undefined
  const { trained, reference } = learning
  const peak = peakOf(() => {
    result = reinforceStep(
      setting,
      Rapo.rapo,
      options,
      trained,
      reference.parameters,
      problems,
      0,
      Seed.fromInteger(3),
    )
  })
  disposeLearning({ ...learning, trained: result?.trained ?? trained })
  return peak
}

const shapes: ReadonlyArray<Qwen2Config> = [
  configOf({
    hidden_size: 64,
    intermediate_size: 128,
    num_attention_heads: 4,
    num_key_value_heads: 4,
    vocab_size: 40,
  }),
  configOf({
    hidden_size: 32,
    intermediate_size: 64,
    num_key_value_heads: 1,
    vocab_size: 2000,
    tie_word_embeddings: false,
  }),
  configOf({
    hidden_size: 48,
    intermediate_size: 96,
    num_hidden_layers: 3,
    num_attention_heads: 2,
    vocab_size: 1000,
  }),
]

const memories: ReadonlyArray<Memory> = [
  { logitRows: 1e6 },
  { checkpointsLayers: true, logitRows: 1e6 },
  { checkpointsLayers: true, microBatch: 2, logitRows: 8 },
  { microBatch: 4, logitRows: 16 },
]

const cases = shapes.flatMap((config) =>
  memories.flatMap((memory) =>
    [undefined, 4].map((rank): Case => ({ config, prompt: 6, response: 12, memory, rank })),
  ),
)

describe("the predicted peak", () => {
  it.each(cases)(
    "is within 10% of a real step's on wasm: $config.hidden_size wide, rank $rank, $memory",
    (each) => {
      const budget = budgetOf(
        copying,
        shapeOf(each.config, each.rank === undefined ? undefined : lora(each.rank)),
        loadOf(each),
      )
      const real = restingOf(budget) + measured(each)
      expect(Math.abs(budget.peak / real - 1)).toBeLessThanOrEqual(promised)
    },
  )

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
  const engine = fc.constantFrom(copying, sharing)

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
          const shape = shapeOf(config, r === undefined ? undefined : lora(r))
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
    fc.assert(
      fc.property(engine, rank, load, field, fc.integer({ min: 1, max: 64 }), (by, r, drawn, name, more) => {
        const small = configOf({ hidden_size: 64 })
        const large = configOf({ hidden_size: 64, [name]: small[name] + more })
        const peak = (config: Qwen2Config, of: number | undefined): number =>
          budgetOf(by, shapeOf(config, of === undefined ? undefined : lora(of)), drawn).peak
        return (
          peak(large, r) >= peak(small, r) && (r === undefined || peak(small, r + more) >= peak(small, r))
        )
      }),
    )
  })
})

describe("planOf", () => {
  it("says that it fits if and only if the peak is no more than there is, and keeps what was asked for", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(presets)),
        fc.integer({ min: 1, max: 200 }),
        fc.option(fc.integer({ min: 1, max: 64 }), { nil: undefined }),
        fc.option(fc.boolean(), { nil: undefined }),
        (config, gigabytes, microBatch, checkpointsLayers) => {
          const deviceMemory = gigabytes * 1e9
          const { load, budget, fits } = planOf({
            config,
            lora: lora(16),
            engine: sharing,
            deviceMemory,
            prompt: 512,
            response: 1024,
            groupSize: 8,
            prompts: 16,
            microBatch,
            checkpointsLayers,
          })
          return (
            fits === budget.peak <= deviceMemory &&
            (microBatch === undefined || load.microBatch === microBatch) &&
            (checkpointsLayers === undefined || load.checkpointsLayers === checkpointsLayers)
          )
        },
      ),
    )
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

describe("memory", () => {
  const config = configOf({ num_hidden_layers: 4 })
  const peak = (replaced: Partial<Case>): number =>
    measured({ config, prompt: 6, response: 24, memory: {}, rank: 2, ...replaced })
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
    const growth = (memory: Memory): number =>
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
