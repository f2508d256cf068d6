/**
 * Sampling responses from the model: ancestral sampling with a key–value cache.
 *
 *     y_t ~ softmax(logits(prompt, y_<t) / temperature),   until <eos> or `maxTokens`
 *
 * Each sequence draws its uniforms from its own seed, so a response depends on the model, its prompt and that seed
 * alone: not on the batch, its order, or the worker (up to the rounding of differently shaped products).
 */
import { Seed } from "@rapo/distributions"
import { Categorical } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { scoped } from "../engine/scoped.ts"
import type { Parameters } from "../model/Parameters.ts"
import { cacheTensors, forward, logits } from "../model/Qwen2.ts"
import type { Qwen2Config } from "../model/Qwen2Config.ts"
import { type PromptBatch, lastPromptTokens, leftPaddings, prefill } from "../model/promptBatch.ts"

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
  const sequences = batch.prompts.length * batch.groupSize
  const leftPadding = leftPaddings(batch)
  const generators = seeds.map(Seed.generator)
  const responses = Array.from({ length: sequences }, (): Array<number> => [])
  const isDone = new Uint8Array(sequences)

  let cache = scoped(() => prefill(config, parameters, batch), cacheTensors)
  let inputs = lastPromptTokens(batch)
  for (let t = 0; t < maxTokens && isDone.includes(0); t++) {
    const uniforms = Float32Array.from(generators, ({ uniform }) => uniform())
    const before = cache
    const { next, drawn } = scoped(
      () => {
        const ids = tf.tensor2d(inputs, [sequences, 1], "int32")
        const step = forward(config, parameters, { ids, leftPadding }, before)
        const scaled = tf.div<tf.Tensor2D>(logits(config, parameters, step.hidden), temperature)
        const tokens = Categorical.sampleInverseCdf(scaled, tf.tensor1d(uniforms))
        return { next: step.cache, drawn: Int32Array.from(tokens.dataSync()) }
      },
      (result) => cacheTensors(result.next),
    )
    tf.dispose(cacheTensors(before))
    cache = next
    for (let b = 0; b < sequences; b++) {
      if (isDone[b] === 1) continue
      const token = drawn[b] ?? eosId
      responses[b]?.push(token)
      if (token === eosId) isDone[b] = 1
    }
    inputs = drawn
  }
  tf.dispose(cacheTensors(cache))
  return responses
}
