/**
 * Sampling responses from the model: ancestral sampling with a key–value cache.
 *
 *     y_t ~ softmax(logits(prompt, y_<t) / temperature),   until an end token or `maxTokens`
 *
 * Each sequence draws its uniforms from its own seed, so a response depends on the model, its prompt and that seed
 * alone: not on the batch, its order, or the worker (up to the rounding of differently shaped products).
 */
import { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs-core"
import type { Parameters } from "../model/Parameters.ts"
import type { PromptBatch } from "../model/promptBatch.ts"
import type { Qwen2Config } from "../model/Qwen2Config.ts"
import { type Samples, growTree } from "./prefixTree.ts"

/** How to sample. */
export interface SamplingOptions {
  /** The tokens that end a response. */
  readonly endIds: ReadonlyArray<number>
  /** Most tokens of a response, the one that ends it included. */
  readonly maxTokens: number
  /** > 0; 1 samples from the model's own distribution. */
  readonly temperature: number
  /** Most responses under way at once, the next one taking the place of one that has ended; missing, all are. */
  readonly places?: number
}

/** B responses, each with its end token if it ended. */
export type Responses = ReadonlyArray<ReadonlyArray<number>>

/** One response for each seed; `seeds[p·G + g]` is that of the g-th response to prompt p. */
export const sampleResponses = (
  config: Qwen2Config,
  parameters: Parameters,
  batch: PromptBatch,
  seeds: ReadonlyArray<Seed.Seed>,
  { endIds, maxTokens, temperature, places }: SamplingOptions,
): Responses => {
  const generators = seeds.map(Seed.generator)
  const responses = seeds.map((): Array<number> => [])
  const { prompts, groupSize, padId } = batch
  const samples: Samples = { prompts, promptOf: seeds.map((_, b) => Math.floor(b / groupSize)), padId }
  growTree(config, parameters, samples, {
    maxTokens,
    ...(places === undefined ? {} : { places }),
    scores: probabilities(temperature),
    choose: (probabilities) => (sample) => {
      const token = draw(probabilities, generators[sample]?.uniform() ?? 0)
      responses[sample]?.push(token)
      return endIds.includes(token) ? undefined : token
    },
  })
  return responses
}

// numerics

/** softmax(logits / temperature), row by row: what tokens are drawn from. */
export const probabilities =
  (temperature: number) =>
  (logits: tf.Tensor2D): tf.Tensor2D =>
    tf.softmax(tf.div(logits, temperature))

/**
 * Inverse cdf: the first token whose cumulative probability exceeds u times the total. Sums are in double precision; a
 * token of probability 0 is never drawn.
 */
export const draw = (probabilities: ArrayLike<number>, uniform: number): number => {
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
