/** The plan against the bytes of wasm's buffers, phase by phase. */
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Qwen2Config } from "../../src/model/Qwen2Config.ts"
import type { Memory } from "../../src/training/Memory.ts"
import { configOf } from "../configs.ts"
import "../engine.ts"
import { peakOf } from "../peak.ts"
import { cases as randomCases } from "./cases.ts"
import { budgetOf, onDry } from "./onDry.ts"
import { type Case, type Phase, phaseNames, phasesOf } from "./step.ts"

/** Bytes that each phase of a real step takes beyond what is held when it begins. */
const measured = (each: Case): Readonly<Record<Phase, number>> => {
  const phases = phasesOf(each)
  const peaks = phaseNames.map((phase) => [phase, peakOf(phases[phase])] as const)
  phases.dispose()
  const { sampling = NaN, gradient = NaN, update = NaN } = Object.fromEntries(peaks)
  return { sampling, gradient, update }
}

/** The same of the plan. */
const predicted = async (each: Case): Promise<Readonly<Record<Phase, number>>> => {
  const budget = await onDry("wasm", (dry) => budgetOf(dry, each))
  const { weights, adapter, reference, moments, sampling, gradient, update } = budget
  const between = weights + adapter + reference + moments
  // The gradient, which the update uses up, is there before it.
  const gradients = moments / 2
  return {
    sampling: sampling - between,
    gradient: gradient - between,
    update: update - between - gradients,
  }
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
    num_hidden_layers: 1,
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
    [undefined, 4].map((rank, i): Case => ({
      config,
      // Long prompts: their own pass is where sampling takes most.
      prompt: i === 0 ? 6 : 24,
      response: 12,
      groupSize: 4,
      prompts: 3,
      memory,
      rank,
    })),
  ),
)

describe("on wasm, the predicted peak of every phase is a real step's, to the byte", () => {
  it.each(cases)(
    "$config.hidden_size wide, $config.num_hidden_layers layers, rank $rank, $memory",
    async (each) => {
      expect(await predicted(each)).toEqual(measured(each))
    },
  )

  it("and of random shapes and settings", async () => {
    await fc.assert(
      fc.asyncProperty(randomCases, async (each) => {
        const [plan, real] = [await predicted(each), measured(each)]
        return phaseNames.every((phase) => plan[phase] === real[phase])
      }),
      { numRuns: 30 },
    )
  })
})
