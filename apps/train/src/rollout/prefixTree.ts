/**
 * Many continuations of few prompts, token by token: the model's passes, and who goes on with which token.
 *
 * Many samples of one prompt begin alike, and what is alike is computed once: the batch holds one row for each distinct
 * unfinished prefix, that is the front of the prefix tree of the samples. It begins with a row a prompt, splits where
 * samples part, and shrinks as they end.
 *
 * How a token is chosen is the caller's: `choose` sees the row of the next token's scores once for all samples that share it.
 */
import * as tf from "@tensorflow/tfjs-core"
import { gatherRows } from "../engine/gatherRows.ts"
import { scoped } from "../engine/scoped.ts"
import type { Parameters } from "../model/Parameters.ts"
import { type PromptBatch, leftPaddings, lastPromptTokens, prefill } from "../model/promptBatch.ts"
import { type Cache, cacheTensors, forward, logits } from "../model/Qwen2.ts"
import type { Qwen2Config } from "../model/Qwen2Config.ts"

/** What a caller decides. */
export interface Growth {
  /** Most tokens of a continuation. */
  readonly maxTokens: number
  /** The scores that `choose` sees, from the logits: [rows, V] to [rows, V], computed on the device. */
  readonly scores: (logits: tf.Tensor2D) => tf.Tensor2D
  /**
   * How samples that share a prefix go on, given the scores [V] after it: the next token of a sample, undefined when the
   * sample is finished. Called once for each sample of the row.
   */
  readonly choose: (scores: Float32Array) => (sequence: number) => number | undefined
}

/** Grows B = P·G continuations; sample p·G + g is the g-th of prompt p. Everything is told through `choose`. */
export const growTree = (
  config: Qwen2Config,
  parameters: Parameters,
  batch: PromptBatch,
  { maxTokens, scores, choose }: Growth,
): void => {
  let front = firstFront(batch)
  let cache = scoped(() => prefill(config, parameters, { ...batch, groupSize: 1 }), cacheTensors)
  try {
    for (let t = 0; t < maxTokens && front.length > 0; t++) {
      const before = cache
      const rows = front
      const { after, values } = scoped(
        () => {
          const ids = tf.tensor2d(
            rows.map(({ token }) => token),
            [rows.length, 1],
            "int32",
          )
          const leftPadding = rows.map((row) => row.leftPadding)
          const step = forward(config, parameters, { ids, leftPadding }, before)
          const scored = scores(logits(config, parameters, step.hidden))
          return { after: step.cache, values: scored.dataSync<"float32">() }
        },
        (result) => cacheTensors(result.after),
      )
      tf.dispose(cacheTensors(before))
      // Held under the name that is freed whatever happens in `choose`.
      cache = after
      front = rows.flatMap((row, index) => {
        const own = values.subarray(index * config.vocab_size, (index + 1) * config.vocab_size)
        return splitRow(row, index, choose(own))
      })
      const parents = front.map(({ parent }) => parent)
      cache = scoped(() => selectRows(after, config.num_key_value_heads, parents), cacheTensors)
      tf.dispose(cacheTensors(after))
    }
  } finally {
    tf.dispose(cacheTensors(cache))
  }
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
