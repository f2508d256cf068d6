/**
 * Sampling responses from the model: ancestral sampling with a key–value cache.
 *
 *     y_t ~ softmax(logits(prompt, y_<t) / temperature),   until <eos> or `maxTokens`
 *
 * Many samples of one prompt begin alike, and what is alike is computed once: the batch holds one row for each distinct
 * unfinished prefix, that is the front of the prefix tree of the samples. It begins with a row a prompt, splits where
 * samples part, and shrinks as they end.
 *
 * Each sequence draws its uniforms from its own seed, so a response depends on the model, its prompt and that seed
 * alone: not on the batch, its order, or the worker (up to the rounding of differently shaped products).
 */
import { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs-core"
import { gatherRows } from "../engine/gatherRows.ts"
import { scoped } from "../engine/scoped.ts"
import type { Parameters } from "../model/Parameters.ts"
import { type PromptBatch, leftPaddings, lastPromptTokens, prefill } from "../model/promptBatch.ts"
import { type Cache, cacheTensors, forward, logits } from "../model/Qwen2.ts"
import type { Qwen2Config } from "../model/Qwen2Config.ts"

/** How to sample. */
export interface SamplingOptions {
  readonly eosId: number
  /** Most tokens of a response, `<eos>` included. */
  readonly maxTokens: number
  /** > 0; 1 samples from the model's own distribution. */
  readonly temperature: number
}

/** B responses, each with its `<eos>` if it ended. */
export type Responses = ReadonlyArray<ReadonlyArray<number>>

/** One response for each seed; `seeds[p·G + g]` is that of the g-th response to prompt p. */
export const sampleResponses = (
  config: Qwen2Config,
  parameters: Parameters,
  batch: PromptBatch,
  seeds: ReadonlyArray<Seed.Seed>,
  { eosId, maxTokens, temperature }: SamplingOptions,
): Responses => {
  const generators = seeds.map(Seed.generator)
  const responses = seeds.map((): Array<number> => [])
  let front = firstFront(batch)
  let cache = scoped(() => prefill(config, parameters, { ...batch, groupSize: 1 }), cacheTensors)
  for (let t = 0; t < maxTokens && front.length > 0; t++) {
    const before = cache
    const rows = front
    const { after, probabilities } = scoped(
      () => {
        const ids = tf.tensor2d(
          rows.map(({ token }) => token),
          [rows.length, 1],
          "int32",
        )
        const step = forward(
          config,
          parameters,
          { ids, leftPadding: rows.map((row) => row.leftPadding) },
          before,
        )
        const scaled = tf.div<tf.Tensor2D>(logits(config, parameters, step.hidden), temperature)
        return { after: step.cache, probabilities: tf.softmax(scaled).dataSync<"float32">() }
      },
      (result) => cacheTensors(result.after),
    )
    tf.dispose(cacheTensors(before))
    front = rows.flatMap((row, index) => {
      const own = probabilities.subarray(index * config.vocab_size, (index + 1) * config.vocab_size)
      return splitRow(row, index, (sequence) => {
        const token = draw(own, generators[sequence]?.uniform() ?? 0)
        responses[sequence]?.push(token)
        return token === eosId ? undefined : token
      })
    })
    const parents = front.map(({ parent }) => parent)
    cache = scoped(() => selectRows(after, config.num_key_value_heads, parents), cacheTensors)
    tf.dispose(cacheTensors(after))
  }
  tf.dispose(cacheTensors(cache))
  return responses
}

// model

/** A distinct unfinished prefix. */
interface FrontRow {
  /** Its last token, which is fed next. */
  readonly token: number
  readonly leftPadding: number
  /** The samples that begin with it. */
  readonly sequences: ReadonlyArray<number>
  /** The row that it grew from, in the step before. */
  readonly parent: number
}

// numerics

const firstFront = (batch: PromptBatch): ReadonlyArray<FrontRow> => {
  const single = { ...batch, groupSize: 1 }
  const [tokens, paddings] = [lastPromptTokens(single), leftPaddings(single)]
  return batch.prompts.map((_, p) => ({
    token: tokens[p] ?? 0,
    leftPadding: paddings[p] ?? 0,
    sequences: Array.from({ length: batch.groupSize }, (_, g) => p * batch.groupSize + g),
    parent: p,
  }))
}

/** The rows that a row's samples go on to; `next` draws a sample's token, undefined when the sample ends with it. */
const splitRow = (
  { sequences, leftPadding }: FrontRow,
  index: number,
  next: (sequence: number) => number | undefined,
): ReadonlyArray<FrontRow> => {
  const followers = new Map<number, Array<number>>()
  for (const sequence of sequences) {
    const token = next(sequence)
    if (token === undefined) continue
    const group = followers.get(token)
    if (group === undefined) followers.set(token, [sequence])
    else group.push(sequence)
  }
  return [...followers].map(([token, own]) => ({ token, leftPadding, sequences: own, parent: index }))
}

/**
 * Inverse cdf: the first token whose cumulative probability exceeds u times the total. Sums are in double precision; a
 * token of probability 0 is never drawn.
 */
const draw = (probabilities: ArrayLike<number>, uniform: number): number => {
  let total = 0
  for (let v = 0; v < probabilities.length; v++) total += probabilities[v] ?? 0
  const wanted = uniform * total
  let sum = 0
  let last = 0
  for (let v = 0; v < probabilities.length; v++) {
    const p = probabilities[v] ?? 0
    if (p === 0) continue
    sum += p
    last = v
    if (sum > wanted) return v
  }
  return last
}

/** The cache of the given rows of a batch; a row may be taken several times or not at all. */
const selectRows = (cache: Cache, keyHeads: number, rows: ReadonlyArray<number>): Cache => {
  const heads = rows.flatMap((row) => Array.from({ length: keyHeads }, (_, head) => row * keyHeads + head))
  return {
    length: cache.length,
    layers: cache.layers.map(({ keys, values }) => ({
      keys: gatherRows(keys, heads),
      values: gatherRows(values, heads),
    })),
  }
}
