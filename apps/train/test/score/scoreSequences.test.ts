/** Scores: equal to a fresh forward pass in one piece, whatever the blocks and the company, and to the reference's. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import { Vocabulary } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { Effect } from "effect"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { respond } from "../../src/evaluate/local/respond.ts"
import type { Drawn } from "../../src/evaluate/local/respond.ts"
import { readCheckpoint } from "../../src/model/Checkpoint.ts"
import { toDevice } from "../../src/model/DeviceParameters.ts"
import { disposeParameters } from "../../src/model/Parameters.ts"
import { forward, logits } from "../../src/model/Qwen2.ts"
import { type Scorable, batchesOf, scoreSequences } from "../../src/score/scoreSequences.ts"
import { modelConfig, seed } from "../arbitraries.ts"
import { configOf } from "../configs.ts"
import { freeing, leakOf } from "../engine.ts"
import { randomParameters, talkativeParameters } from "../models.ts"
import { peakOf } from "../peak.ts"
import { describeWith, foldersIn, readJson } from "../sharedData.ts"
import { existsSync } from "node:fs"
import * as path from "node:path"

/** Float32, over two layers and products of other shapes. */
const rounding = 1e-4

const sequences: fc.Arbitrary<ReadonlyArray<Scorable>> = fc.array(
  fc
    .array(fc.nat(19), { minLength: 1, maxLength: 12 })
    .chain((ids) => fc.integer({ min: 1, max: ids.length }).map((from) => ({ ids, from }))),
  { minLength: 1, maxLength: 4 },
)

const close = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): boolean =>
  a.length === b.length && a.every((each, i) => Math.abs(each - (b[i] ?? NaN)) <= rounding)

describe("scores", () => {
  it("are those of one whole pass, whatever the blocks of time and the company", () => {
    fc.assert(
      fc.property(modelConfig, sequences, fc.integer({ min: 1, max: 5 }), seed, (config, these, block, own) =>
        freeing(() => {
          const parameters = talkativeParameters(config, own)
          const scored = scoreSequences(config, parameters, these, { block })
          return these.every(({ ids, from }, i) => {
            const { hidden } = forward(config, parameters, {
              ids: tf.tensor2d([...ids], [1, ids.length], "int32"),
              leftPadding: [0],
            })
            const rows = tf.logSoftmax(logits(config, parameters, hidden)).arraySync()
            const wanted = ids.slice(from).map((id, t) => rows[from + t - 1]?.[id] ?? NaN)
            const entropies = ids
              .slice(from)
              .map((_, t) => -(rows[from + t - 1] ?? []).reduce((sum, l) => sum + Math.exp(l) * l, 0))
            return close(scored[i]?.logprobs ?? [], wanted) && close(scored[i]?.entropy ?? [], entropies)
          })
        }),
      ),
      { numRuns: 25 },
    )
  })

  it("of sampled tokens are what the sampler said, whatever the temperature and the filters", () => {
    const config = configOf({ num_hidden_layers: 2 })
    const parameters = talkativeParameters(config, Seed.fromInteger(5))
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 2, max: 19 }), { minLength: 1, maxLength: 9 }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.constantFrom(0, 0.7, 1.3),
        fc.constantFrom(0.5, 1),
        fc.constantFrom(undefined, 0.1),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(1000),
        (prompts, temperature, topP, minP, places, seedNumber) => {
          const drawn: Array<Drawn> = []
          respond(
            { key: "scored", config, parameters, decode: () => "" },
            {
              asks: prompts.map((prompt, place) => ({
                place,
                problem: String(place),
                seed: seedNumber,
                prompt,
                indices: [0, 1],
                endIds: [1],
                maxTokens: 6,
              })),
              settings: { temperature, topP, topK: undefined, minP, stop: [] },
              places,
            },
            (each) => drawn.push(each),
          )
          return freeing(() => {
            const scored = scoreSequences(
              config,
              parameters,
              drawn.map(({ place, ids }) => ({
                ids: [...(prompts[place] ?? []), ...ids],
                from: prompts[place]?.length ?? 1,
              })),
            )
            return (
              drawn.length === 2 * prompts.length &&
              drawn.every(({ logProbs }, i) => close(logProbs, scored[i]?.logprobs ?? []))
            )
          })
        },
      ),
      { numRuns: 25 },
    )
    disposeParameters(parameters)
  })

  it("do not depend on how many rows of logits are held, and nor does what is held on the number of tokens", () => {
    const config = configOf({ vocab_size: 3001, hidden_size: 16, max_position_embeddings: 512 })
    const parameters = talkativeParameters(config, Seed.fromInteger(3))
    const sequence = (length: number): Scorable => ({
      ids: Array.from({ length }, (_, t) => (t * 7919) % 3001),
      from: 1,
    })
    const these = [sequence(90), sequence(33)]
    const whole = scoreSequences(config, parameters, these)
    for (const rows of [1, 7, 64])
      scoreSequences(config, parameters, these, { rows }).forEach(({ logprobs, entropy }, i) => {
        expect(close(logprobs, whole[i]?.logprobs ?? [])).toBe(true)
        expect(close(entropy, whole[i]?.entropy ?? [])).toBe(true)
      })
    const rows = 8
    const copy = 4 * rows * config.vocab_size
    const headBytes = 4 * config.hidden_size * config.vocab_size
    /** The most bytes above what was there: one block of time, so that what grows is the cache and the activations. */
    const peak = (length: number): number =>
      peakOf(() => scoreSequences(config, parameters, [sequence(length)], { rows, block: 32 }))
    const [short, long] = [peak(40), peak(400)]
    const logitsHeld = (1 + Vocabulary.workingCopies.score) * copy + headBytes
    // All logits of 400 tokens would be 4.8 MB, and as much for each working copy.
    const cacheBytes = 2 * 4 * config.num_hidden_layers * 400 * config.hidden_size
    expect(long - short).toBeLessThan(2 * cacheBytes)
    expect(long).toBeLessThan(logitsHeld + 4 * cacheBytes)
    disposeParameters(parameters)
  })

  it("leave no tensors behind", () => {
    const config = configOf()
    freeing(() => {
      const parameters = randomParameters(config, Seed.fromInteger(1))
      const these = [
        { ids: [1, 2, 3, 4, 5], from: 1 },
        { ids: [3], from: 1 },
      ]
      expect(leakOf(() => scoreSequences(config, parameters, these, { block: 2 }))).toBe(0)
    })
  })

  it("are asked for in batches that hold every sequence once", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 30 }), (lengths) => {
        const these = lengths.map((length) => ({ ids: Array.from({ length }, () => 0), from: 1 }))
        const batches = batchesOf(these)
        return (
          batches
            .flat()
            .toSorted((a, b) => a - b)
            .join() === lengths.map((_, i) => i).join() &&
          batches.every(
            (batch) =>
              batch.length === 1 || batch.length * Math.max(...batch.map((i) => lengths[i] ?? 0)) <= 4096,
          )
        )
      }),
    )
  })
})

interface Reference {
  readonly input_ids: ReadonlyArray<ReadonlyArray<number>>
  readonly logprobs_next: ReadonlyArray<ReadonlyArray<number>>
  readonly entropy: ReadonlyArray<ReadonlyArray<number>>
  readonly greedy: {
    readonly prompt: ReadonlyArray<number>
    readonly max_new_tokens: number
    readonly output: ReadonlyArray<number>
  }
}

describeWith("models", "the reference models", (folder) => {
  const names = foldersIn(folder).filter((name) => existsSync(path.join(folder, name, "reference.json")))

  it.each(names)("%s: log-probabilities, entropies, greedy continuation", async (name) => {
    const reference = readJson(folder, name, "reference.json") as Reference
    const { config, parameters } = await Effect.runPromise(
      readCheckpoint(path.join(folder, name)).pipe(Effect.provide(NodeServices.layer)),
    )
    const scored = freeing(() =>
      scoreSequences(
        config,
        toDevice(parameters),
        reference.input_ids.map((ids) => ({ ids, from: 1 })),
      ),
    )
    scored.forEach(({ logprobs, entropy }, i) => {
      expect(close(logprobs, reference.logprobs_next[i] ?? [])).toBe(true)
      expect(close(entropy, reference.entropy[i] ?? [])).toBe(true)
    })
    const { prompt, max_new_tokens: maxTokens, output } = reference.greedy
    const drawn: Array<Drawn> = []
    freeing(() =>
      respond(
        { key: name, config, parameters: toDevice(parameters), decode: () => "" },
        {
          asks: [{ place: 0, problem: "", seed: 1, prompt, indices: [0], endIds: [], maxTokens }],
          settings: { temperature: 0, topP: 1, topK: undefined, stop: [] },
          places: 1,
        },
        (each) => drawn.push(each),
      ),
    )
    // The stored continuation of this model was generated with pad_token_id 0 and without a mask: transformers then takes the 0 in
    // the prompt for padding. With every token attended to, transformers 5.18 in float64 continues as follows.
    const masked = name === "verl-arithmetic-sequence"
    const wanted = masked ? [1, 7, ...Array.from({ length: 22 }, () => 12)] : output.slice(prompt.length)
    expect(drawn.map(({ ids }) => ids)).toEqual([wanted])
  })
})
