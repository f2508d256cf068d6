/**
 * Prompts of unequal length as one rectangle, padded on the left; and the log-probabilities of responses to them.
 *
 * A prompt's last token is held back from the prompt's own pass: it is the first input of the response's pass, whose
 * output t predicts response token t. So one prompt pass serves its whole group, and nothing is computed twice.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { Parameters } from "./Parameters.ts"
import {
  type Cache,
  type PlacedTokens,
  type Tokens,
  forward,
  logits,
  placeTokens,
  repeatCache,
} from "./Qwen2.ts"
import type { Qwen2Config } from "./Qwen2Config.ts"

/** P prompts, each answered G times; responses follow their prompt, group by group: B = P·G. */
export interface PromptBatch {
  readonly prompts: ReadonlyArray<ReadonlyArray<number>>
  readonly groupSize: number
  readonly padId: number
}

/** B responses of at most T tokens to the prompts of a batch. */
export interface Answered {
  readonly batch: PromptBatch
  /** Row by row [B, T], padded on the right with any token. */
  readonly tokens: Int32Array
  readonly time: number
}

/** The same on the device: what a pass over prompts and responses is a function of, beside the parameters. */
export interface PlacedAnswers {
  readonly prompts: PlacedTokens
  readonly responses: PlacedTokens
  readonly groupSize: number
}

/**
 * The length that prompts are padded to. A prompt of one token has nothing before its last: a column of padding stands in, since a
 * pass over no tokens is none (TensorFlow ends the process when it runs one as a graph).
 */
const widthOf = (prompts: PromptBatch["prompts"]): number =>
  Math.max(2, ...prompts.map(({ length }) => length))

/** Left padding of each of the B sequences, counted in tokens of the prompt's rectangle. */
export const leftPaddings = ({ prompts, groupSize }: PromptBatch): Int32Array => {
  const longest = widthOf(prompts)
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

/** Every prompt but its last token, [P, longest − 1], or one column. */
export const promptTokens = ({ prompts, padId }: PromptBatch): Tokens => {
  const longest = widthOf(prompts)
  const ids = prompts.flatMap((prompt) => [
    ...Array.from({ length: longest - prompt.length }, () => padId),
    ...prompt.slice(0, -1),
  ])
  return {
    ids: tf.tensor2d(ids, [prompts.length, longest - 1], "int32"),
    leftPadding: prompts.map(({ length }) => longest - length),
  }
}

/** The inputs whose outputs predict responses, [B, T]: the prompt's last token, then all of the response but its last. */
export const responseTokens = ({ batch, tokens: responses, time }: Answered): Tokens => {
  const sequences = batch.prompts.length * batch.groupSize
  const last = lastPromptTokens(batch)
  const inputs = Int32Array.from({ length: sequences * time }, (_, i) => {
    const [b, t] = [Math.floor(i / time), i % time]
    return (t === 0 ? last[b] : responses[b * time + t - 1]) ?? 0
  })
  return { ids: tf.tensor2d(inputs, [sequences, time], "int32"), leftPadding: leftPaddings(batch) }
}

/** The cache after every prompt but its last token, repeated for each group: the state from which responses start. */
export const prefill = (config: Qwen2Config, parameters: Parameters, batch: PromptBatch): Cache => {
  const { cache } = forward(config, parameters, promptTokens(batch))
  return repeatCache(cache, batch.prompts.length, batch.groupSize)
}

/** Prompts and responses, on the device and in their places. */
export const placeAnswers = (config: Qwen2Config, answered: Answered): PlacedAnswers => {
  const prompts = promptTokens(answered.batch)
  return {
    prompts: placeTokens(config, prompts, 0),
    responses: placeTokens(config, responseTokens(answered), prompts.ids.shape[1]),
    groupSize: answered.batch.groupSize,
  }
}

/** The hidden states from which each token of B responses is predicted: [B·T, C], differentiable in the parameters. */
export const hiddenOfAnswers = (
  config: Qwen2Config,
  parameters: Parameters,
  { prompts, responses, groupSize }: PlacedAnswers,
): tf.Tensor2D => {
  const { cache } = forward(config, parameters, prompts)
  return forward(config, parameters, responses, repeatCache(cache, prompts.ids.shape[0], groupSize)).hidden
}

/** `hiddenOfAnswers` of answers on the host. */
export const responseHidden = (
  config: Qwen2Config,
  parameters: Parameters,
  answered: Answered,
): tf.Tensor2D => hiddenOfAnswers(config, parameters, placeAnswers(config, answered))

/** The logits that predict each token of B responses, `tokens` of `Answered`: [B, T, V], differentiable in the parameters. */
export const responseLogits = (
  config: Qwen2Config,
  parameters: Parameters,
  batch: PromptBatch,
  tokens: Int32Array,
  time: number,
): tf.Tensor3D => {
  const hidden = responseHidden(config, parameters, { batch, tokens, time })
  const sequences = batch.prompts.length * batch.groupSize
  return tf.reshape(logits(config, parameters, hidden), [sequences, time, config.vocab_size])
}
