/**
 * The log-probabilities that a model gives to the tokens of sequences, and the entropies of the distributions that they come from.
 *
 *     logprobs[i] = ln π(y_t | y_<t),   entropy[i] = H(π(· | y_<t)),   t = from + i,   natural logarithms, temperature 1
 *
 * **Memory**  A batch is fed in blocks of time through the cache, so that attention holds [B, H, block, S] scores; and logits are
 * made for as many hidden states at a time as `Vocabulary.rowsPerChunk` says, never for all of [tokens, vocabulary]. Logits are
 * made for the tokens asked about only. At a time there are, beside the cache and a block's activations,
 *
 *     4 · rows · V · (1 + Vocabulary.workingCopies.score)    logits and what is made of them: 64 MiB a copy by default
 *     4 · C · V                                              on wasm a tied head, transposed
 *
 * bytes, whatever the number of tokens (a test counts them).
 */
import { Vocabulary } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { gatherRows } from "../engine/gatherRows.ts"
import { scoped } from "../engine/scoped.ts"
import type { Parameters } from "../model/Parameters.ts"
import { type Cache, cacheTensors, forward, logits } from "../model/Qwen2.ts"
import type { Qwen2Config } from "../model/Qwen2Config.ts"

// model

/** What is scored: `ids[from]` and what follows. */
export interface Scorable {
  readonly ids: ReadonlyArray<number>
  /** At least 1: the first token has nothing before it. */
  readonly from: number
}

/** See the module header. */
export interface Scored {
  readonly logprobs: ReadonlyArray<number>
  readonly entropy: ReadonlyArray<number>
}

// constructors

/** How many tokens of time are fed at once. *Ours.* */
export const blockTokens = 256

/** How many tokens, padding included, are scored side by side. *Ours*: enough to fill the vector units. */
export const batchTokens = 4096

/** Indices of sequences in batches of like length, the shortest first, so that little is padded. */
export const batchesOf = (sequences: ReadonlyArray<Scorable>): ReadonlyArray<ReadonlyArray<number>> => {
  const lengthAt = (i: number): number => sequences[i]?.ids.length ?? 0
  const batches: Array<Array<number>> = []
  for (const i of sequences.map((_, at) => at).toSorted((a, b) => lengthAt(a) - lengthAt(b))) {
    const last = batches.at(-1)
    if (last !== undefined && (last.length + 1) * lengthAt(i) <= batchTokens) last.push(i)
    else batches.push([i])
  }
  return batches
}

/** How much is held at once; results do not depend on it, up to rounding. */
export interface ScorePieces {
  /** Tokens of time that are fed at once. */
  readonly block: number
  /** Rows of logits. */
  readonly rows: number
}

/** Scores a batch; what `pieces` leaves out is chosen for the vocabulary. */
export const scoreSequences = (
  config: Qwen2Config,
  parameters: Parameters,
  sequences: ReadonlyArray<Scorable>,
  { block = blockTokens, rows = Vocabulary.rowsPerChunk(config.vocab_size) }: Partial<ScorePieces> = {},
): ReadonlyArray<Scored> => {
  const results = sequences.map(() => ({ logprobs: [] as Array<number>, entropy: [] as Array<number> }))
  // The last token is asked about and never fed.
  const width = Math.max(0, ...sequences.map(({ ids }) => ids.length - 1))
  const leftPadding = sequences.map(({ ids }) => width - (ids.length - 1))
  let cache: Cache | undefined
  try {
    for (let start = 0; start < width; start += block) {
      const time = Math.min(block, width - start)
      const asked = askedIn(sequences, leftPadding, start, time)
      const before = cache
      const after = scoped(
        () => {
          const fed = sequences.flatMap(({ ids }, b) =>
            Array.from({ length: time }, (_, t) => ids[start + t - (leftPadding[b] ?? 0)] ?? 0),
          )
          const ids = tf.tensor2d(fed, [sequences.length, time], "int32")
          const { hidden, cache: grown } = forward(config, parameters, { ids, leftPadding }, before)
          const { logprobs, entropy } = scoresOf(config, parameters, hidden, asked, rows)
          asked.forEach(({ sequence }, i) => {
            results[sequence]?.logprobs.push(logprobs[i] ?? NaN)
            results[sequence]?.entropy.push(entropy[i] ?? NaN)
          })
          return grown
        },
        (grown) => cacheTensors(grown),
      )
      if (before !== undefined) tf.dispose(cacheTensors(before))
      cache = after
    }
  } finally {
    if (cache !== undefined) tf.dispose(cacheTensors(cache))
  }
  return results
}

// numerics

/** A row of a block's hidden states, and the token that it is asked about. */
interface Asked {
  readonly sequence: number
  readonly row: number
  readonly token: number
}

const askedIn = (
  sequences: ReadonlyArray<Scorable>,
  leftPadding: ReadonlyArray<number>,
  start: number,
  time: number,
): ReadonlyArray<Asked> =>
  sequences.flatMap(({ ids, from }, sequence) =>
    Array.from({ length: time }, (_, t) => t).flatMap((t) => {
      // Column start + t holds this token, which predicts the next one.
      const next = start + t - (leftPadding[sequence] ?? 0) + 1
      return next >= from && next >= 1 ? [{ sequence, row: sequence * time + t, token: ids[next] ?? 0 }] : []
    }),
  )

const scoresOf = (
  config: Qwen2Config,
  parameters: Parameters,
  hidden: tf.Tensor2D,
  asked: ReadonlyArray<Asked>,
  rows: number,
): Scored => {
  const logprobs: Array<number> = []
  const entropy: Array<number> = []
  for (let at = 0; at < asked.length; at += rows)
    tf.tidy(() => {
      const chunk = asked.slice(at, at + rows)
      const own = gatherRows(
        hidden,
        chunk.map(({ row }) => row),
      )
      const tokens = tf.tensor1d(
        chunk.map(({ token }) => token),
        "int32",
      )
      const scores = Vocabulary.score(logits(config, parameters, own), tokens)
      logprobs.push(...scores.logProbs.dataSync<"float32">())
      entropy.push(...scores.entropies.dataSync<"float32">())
    })
  return { logprobs, entropy }
}
