/**
 * Prompts of unequal length as one rectangle, padded on the left; and the log-probabilities of responses to them.
 *
 * A prompt's last token is held back from the prompt's own pass: it is the first input of the response's pass, whose
 * output t predicts response token t. So one prompt pass serves its whole group, and nothing is computed twice.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { Parameters } from "./Parameters.ts"
import { type Cache, forward, logits, repeatCache } from "./Qwen2.ts"
import type { Qwen2Config } from "./Qwen2Config.ts"

/** P prompts, each answered G times; responses follow their prompt, group by group: B = P·G. */
export interface PromptBatch {
  readonly prompts: ReadonlyArray<ReadonlyArray<number>>
  readonly groupSize: number
  readonly padId: number
}

/** Left padding of each of the B sequences, counted in tokens of the prompt's rectangle. */
export const leftPaddings = ({ prompts, groupSize }: PromptBatch): Int32Array => {
  const longest = Math.max(...prompts.map(({ length }) => length))
  return Int32Array.from({ length: prompts.length * groupSize }, (_, b) => {
    const prompt = prompts[Math.floor(b / groupSize)]
    return longest - (prompt?.length ?? 0)
  })
}

/** The last token of each sequence's prompt: int32 [B]. */
export const lastPromptTokens = ({ prompts, groupSize }: PromptBatch): Int32Array =>
  Int32Array.from(
    { length: prompts.length * groupSize },
    (_, b) => prompts[Math.floor(b / groupSize)]?.at(-1) ?? 0,
  )

/**
 * The cache after every prompt but its last token, repeated for each group: the state from which responses start.
 *
 * **Domain**  every prompt has at least 2 tokens.
 */
export const prefill = (config: Qwen2Config, parameters: Parameters, batch: PromptBatch): Cache => {
  const { prompts, groupSize, padId } = batch
  const longest = Math.max(...prompts.map(({ length }) => length))
  const ids = prompts.flatMap((prompt) => [
    ...Array.from({ length: longest - prompt.length }, () => padId),
    ...prompt.slice(0, -1),
  ])
  const { cache } = forward(config, parameters, {
    ids: tf.tensor2d(ids, [prompts.length, longest - 1], "int32"),
    leftPadding: prompts.map(({ length }) => longest - length),
  })
  return repeatCache(cache, prompts.length, groupSize)
}

/**
 * The logits that predict each token of B responses: [B, T, V], differentiable in the parameters.
 *
 * `responses` is row by row [B, T], padded on the right with any token.
 */
export const responseLogits = (
  config: Qwen2Config,
  parameters: Parameters,
  batch: PromptBatch,
  responses: Int32Array,
  time: number,
): tf.Tensor3D => {
  const sequences = batch.prompts.length * batch.groupSize
  const last = lastPromptTokens(batch)
  const inputs = Int32Array.from({ length: sequences * time }, (_, i) => {
    const [b, t] = [Math.floor(i / time), i % time]
    return (t === 0 ? last[b] : responses[b * time + t - 1]) ?? 0
  })
  const { hidden } = forward(
    config,
    parameters,
    { ids: tf.tensor2d(inputs, [sequences, time], "int32"), leftPadding: leftPaddings(batch) },
    prefill(config, parameters, batch),
  )
  return tf.reshape(logits(config, parameters, hidden), [sequences, time, config.vocab_size])
}
