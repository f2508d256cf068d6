/**
 * Random small models with random settings: what the plan is tried on.
 */
import * as fc from "fast-check"
import type { Memory } from "../../src/training/Memory.ts"
import { configOf } from "../configs.ts"
import type { Case } from "./step.ts"

/** One layer to three; tied and untied; full and LoRA; the whole tape and layers recomputed; whole logits and chunks; micro-batches. */
export const cases: fc.Arbitrary<Case> = fc
  .record({
    heads: fc.constantFrom(
      ...([
        [2, 1],
        [2, 2],
        [4, 1],
        [4, 2],
        [4, 4],
      ] as const),
    ),
    headSize: fc.constantFrom(8, 16, 24),
    layers: fc.integer({ min: 1, max: 3 }),
    inner: fc.integer({ min: 8, max: 160 }),
    vocabulary: fc.constantFrom(37, 300, 1003),
    isTied: fc.boolean(),
    prompt: fc.constantFrom(2, 3, 11, 40),
    // Long enough that no two responses are equal: rows of the front that sampling need not compute twice.
    response: fc.integer({ min: 7, max: 14 }),
    groupSize: fc.integer({ min: 1, max: 4 }),
    prompts: fc.integer({ min: 1, max: 3 }),
    rank: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    checkpointsLayers: fc.boolean(),
    microBatch: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    logitRows: fc.constantFrom(7, 16, 1e6),
    samplingPlaces: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  })
  .map(
    ({
      heads: [heads, keyHeads],
      headSize,
      layers,
      inner,
      vocabulary,
      isTied,
      prompt,
      response,
      groupSize,
      prompts,
      rank,
      ...memory
    }): Case => ({
      config: configOf({
        hidden_size: heads * headSize,
        intermediate_size: inner,
        num_hidden_layers: layers,
        num_attention_heads: heads,
        num_key_value_heads: keyHeads,
        vocab_size: vocabulary,
        tie_word_embeddings: isTied,
      }),
      prompt,
      response,
      groupSize,
      prompts,
      rank,
      memory: memory satisfies Memory,
    }),
  )
