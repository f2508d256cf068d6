/**
 * Many continuations of many prompts, token by token, in bounded memory: the model's passes, and who goes on with which token.
 *
 * **Equal prefixes are computed once.** Samples of one prompt begin alike, so the batch holds one row for each distinct unfinished
 * prefix: the front of the prefix trees of the samples (`Front.ts`). A prompt begins as one row, which splits where its samples
 * part and shrinks as they end.
 *
 * **Continuous batching.** At most `places` samples are under way. The places of those that have ended are taken by the next ones,
 * whose prompts join the front as new rows, so that a pass is never spent on a few stragglers while others wait.
 *
 * How a token is chosen is the caller's: `choose` sees the row of the next token's scores once for all samples that share it. What
 * it sees depends on the row's own prefix alone, up to the rounding of differently shaped products.
 */
import * as tf from "@tensorflow/tfjs-core"
import { asGraph } from "../engine/native/graph/asGraph.ts"
import { scoped } from "../engine/scoped.ts"
import type { Parameters } from "../model/Parameters.ts"
import { type Cache, type PlacedTokens, cacheTensors, forward, logits, placeTokens } from "../model/Qwen2.ts"
import type { Qwen2Config } from "../model/Qwen2Config.ts"
import { type Front, type FrontRow, empty, join, release, select, trim, underWay } from "./Front.ts"

// model

/** What is continued. */
export interface Samples {
  /** Each of at least 1 token. */
  readonly prompts: ReadonlyArray<ReadonlyArray<number>>
  /** Which prompt each sample continues; they are begun in this order. */
  readonly promptOf: ReadonlyArray<number>
  readonly padId: number
}

/** What a caller decides. */
export interface Growth {
  /** Most tokens of a continuation. */
  readonly maxTokens: number
  /** Most samples under way at once; missing, all are. */
  readonly places?: number
  /**
   * Every prompt ends in a column whose number this divides; missing, 1. Newcomers then wait for such a column, and with the
   * engine's own block (`columnBlock`) a row computes the same to the last bit, whoever else is on the front.
   */
  readonly columns?: number
  /** The scores that `choose` sees, from the logits: [rows, V] to [rows, V], computed on the device. */
  readonly scores: (logits: tf.Tensor2D) => tf.Tensor2D
  /**
   * How samples that share a prefix go on, given the scores [V] after it: the next token of a sample, undefined when the
   * sample is finished. Called once for each sample of the row.
   */
  readonly choose: (scores: Float32Array) => (sample: number) => number | undefined
}

/** Grows a continuation for each sample. Everything is told through `choose`. */
export const growTree = (
  config: Qwen2Config,
  parameters: Parameters,
  samples: Samples,
  growth: Growth,
): void => {
  const { places = Infinity, maxTokens, columns = 1 } = growth
  const count = maxTokens > 0 ? samples.promptOf.length : 0
  let begun = 0
  let front = empty
  try {
    while (begun < count || front.rows.length > 0) {
      const active = underWay(front)
      const free = Math.min(places - active, count - begun)
      const isTime = (front.cache?.length ?? 0) % columns === 0
      if (free > 0 && isTime && (active === 0 || free >= places * leastShare || free === count - begun)) {
        const newcomers = upTo(begun, begun + free)
        for (const rows of inPortions(newPrompts(samples, newcomers), samples.prompts))
          front = join(config, front, prefilled(config, parameters, samples, rows, columns))
        begun += free
      }
      front = trim(
        config,
        step(config, parameters, front, growth, (next) => (front = next)),
        columns,
      )
    }
  } finally {
    release(front)
  }
}

// numerics

/**
 * Newcomers wait until this share of the places is free (or all that are left can come): a joint pass over several prompts costs
 * little more than over one. *Ours.*
 */
const leastShare = 1 / 8

/** Prompts of one prefill: at most so many scores a head, count × length². *Ours*: 16 MiB a head in float32. */
export const mostScores = 2 ** 22

const upTo = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: to - from }, (_, i) => from + i)

/** A prompt and those of the newcomers that continue it. */
interface NewPrompt {
  readonly prompt: number
  readonly samples: ReadonlyArray<number>
}

const newPrompts = ({ promptOf }: Samples, newcomers: ReadonlyArray<number>): ReadonlyArray<NewPrompt> => {
  const groups = new Map<number, Array<number>>()
  for (const sample of newcomers) {
    const prompt = promptOf[sample] ?? 0
    const group = groups.get(prompt)
    if (group === undefined) groups.set(prompt, [sample])
    else group.push(sample)
  }
  return [...groups].map(([prompt, own]) => ({ prompt, samples: own }))
}

/** Cut into passes that fit in memory, prompts of like length together. */
const inPortions = (
  rows: ReadonlyArray<NewPrompt>,
  prompts: ReadonlyArray<ReadonlyArray<number>>,
): ReadonlyArray<ReadonlyArray<NewPrompt>> => {
  const lengthOf = ({ prompt }: NewPrompt): number => prompts[prompt]?.length ?? 0
  const portions: Array<Array<NewPrompt>> = []
  for (const row of rows.toSorted((a, b) => lengthOf(a) - lengthOf(b))) {
    const last = portions.at(-1)
    if (last !== undefined && (last.length + 1) * lengthOf(row) ** 2 <= mostScores) last.push(row)
    else portions.push([row])
  }
  return portions
}

/**
 * The front of prompts before their first new token: a prompt's last token is held back, to be fed by the first step, in the column
 * behind a whole number of `columns`.
 */
const prefilled = (
  config: Qwen2Config,
  parameters: Parameters,
  { prompts, padId }: Samples,
  newcomers: ReadonlyArray<NewPrompt>,
  columns: number,
): Front => {
  const own = newcomers.map(({ prompt }) => prompts[prompt] ?? [])
  // A prompt of one token holds nothing back but itself: a column of padding stands in for what was before it.
  const longest = Math.max(1, ...own.map(({ length }) => length - 1))
  const width = Math.ceil(longest / columns) * columns
  const paddings = own.map(({ length }) => width - (length - 1))
  const cache = scoped(() => {
    const ids = own.flatMap((prompt, i) => [
      ...Array.from({ length: paddings[i] ?? 0 }, () => padId),
      ...prompt.slice(0, -1),
    ])
    return forward(config, parameters, {
      ids: tf.tensor2d(ids, [own.length, width], "int32"),
      leftPadding: paddings,
    }).cache
  }, cacheTensors)
  return {
    rows: own.map((prompt, i) => ({
      token: prompt.at(-1) ?? padId,
      leftPadding: paddings[i] ?? 0,
      grown: 0,
      samples: newcomers[i]?.samples ?? [],
    })),
    cache,
  }
}

/**
 * One token for every sample of the front. The front that the step holds meanwhile is told to `hold`, so that it is freed
 * whatever happens in `choose`.
 */
const step = (
  config: Qwen2Config,
  parameters: Parameters,
  front: Front,
  { maxTokens, scores, choose }: Growth,
  hold: (front: Front) => void,
): Front => {
  const { rows, cache } = front
  const { after, values } = scoped(
    () => {
      const ids = tf.tensor2d(
        rows.map(({ token }) => token),
        [rows.length, 1],
        "int32",
      )
      const leftPadding = rows.map((row) => row.leftPadding)
      const tokens = placeTokens(config, { ids, leftPadding }, cache?.length ?? 0)
      return nextToken(config, parameters, tokens, cache, scores)
    },
    (result) => cacheTensors(result.after),
  )
  release(front)
  hold({ rows, cache: after })
  const grown = rows.map((row, index) => {
    const own = values.subarray(index * config.vocab_size, (index + 1) * config.vocab_size)
    return splitRow(row, choose(own)).filter((next) => next.grown < maxTokens)
  })
  const parents = grown.flatMap((own, parent) => own.map(() => parent))
  return select(config, after, grown.flat(), parents, rows.length)
}

/** A pass over one token of each row: the cache with it, and the scores [rows, V] of the next on the host. */
export const nextToken = (
  config: Qwen2Config,
  parameters: Parameters,
  tokens: PlacedTokens,
  cache: Cache | undefined,
  scores: Growth["scores"],
): { readonly after: Cache; readonly values: Float32Array } => {
  const fed = asGraph("next token", { config, parameters, tokens, cache }, (inputs) => {
    const { hidden, cache: after } = forward(config, inputs.parameters, inputs.tokens, inputs.cache)
    return { logits: logits(config, inputs.parameters, hidden), layers: after.layers }
  })
  return {
    after: { layers: fed.layers, length: tokens.context.total },
    values: scores(fed.logits).dataSync<"float32">(),
  }
}

/** The rows that a row's samples go on to; `next` draws a sample's token, undefined when the sample ends with it. */
const splitRow = (
  { samples, leftPadding, grown }: FrontRow,
  next: (sample: number) => number | undefined,
): ReadonlyArray<FrontRow> => {
  const followers = new Map<number, Array<number>>()
  for (const sample of samples) {
    const token = next(sample)
    if (token === undefined) continue
    const group = followers.get(token)
    if (group === undefined) followers.set(token, [sample])
    else group.push(sample)
  }
  return [...followers].map(([token, own]) => ({ token, leftPadding, grown: grown + 1, samples: own }))
}
