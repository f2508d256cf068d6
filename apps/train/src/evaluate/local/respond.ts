/**
 * The worker's side of the local sampler: responses of a model to prompts, by continuous batching.
 *
 *     u_t uniform from the stream that (seed, problem, sample) names
 *
 * Law (tested)  On wasm a sample is the same to the last bit, log-probabilities included, whatever is asked for beside it, in whatever
 * order and on however many places.
 */
import { Seed } from "@rapo/distributions"
import { columnBlock } from "../../rollout/columnBlock.ts"
import { growTree } from "../../rollout/prefixTree.ts"
import type { SamplingSettings } from "../Sampler.ts"
import type { LoadedModel, ModelCopy } from "./modelAtHand.ts"
import { nextToken } from "./nextToken.ts"
import { justStopped } from "./stopping.ts"

// model

/** Samples of one prompt. */
export interface Ask {
  /** Whatever number the caller wants to know its samples by. */
  readonly place: number
  readonly problem: string
  readonly seed: number
  /** At least 1 token. */
  readonly prompt: ReadonlyArray<number>
  readonly indices: ReadonlyArray<number>
  /** Tokens that end a response. */
  readonly endIds: ReadonlyArray<number>
  /** What the settings allow, cut to the room that the model's context leaves. */
  readonly maxTokens: number
}

/** Samples of prompts. */
export interface RespondRequest {
  readonly model: ModelCopy
  readonly asks: ReadonlyArray<Ask>
  readonly settings: Omit<SamplingSettings, "maxTokens" | "seed">
  /** Most samples under way at once. */
  readonly places: number
}

/** A finished sample, in tokens. */
export interface Drawn {
  readonly place: number
  readonly problem: string
  readonly sample: number
  /** With the token that ended it, if one did. */
  readonly ids: ReadonlyArray<number>
  /** ln softmax(z) of each token: under the model's own distribution, whatever the settings are. */
  readonly logProbs: ReadonlyArray<number>
  readonly finish: "stop" | "length"
}

/** Does a request about a model on this thread's device; `tell` hears of every response as soon as it is finished. */
export const respond = (
  { config, parameters, decode }: LoadedModel,
  { asks, settings, places }: Pick<RespondRequest, "asks" | "settings" | "places">,
  tell: (drawn: Drawn) => void,
): void => {
  const samples = asks.flatMap((ask, prompt) => ask.indices.map((index) => ({ ask, prompt, index })))
  const choice = nextToken(settings)
  const isStopped = justStopped(settings.stop, decode)
  const ends = asks.map(({ endIds }) => new Set(endIds))
  // Only those under way are held: a request may ask for more samples than there is memory for.
  const underWay = new Map<number, UnderWay>()
  const stateOf = (sample: number): UnderWay => {
    const before = underWay.get(sample)
    if (before !== undefined) return before
    const asked = samples[sample]
    if (asked === undefined) throw new Error(`bug: no sample ${sample}`)
    const begun = begin(asked.ask, asked.index)
    underWay.set(sample, begun)
    return begun
  }
  growTree(
    config,
    parameters,
    {
      prompts: asks.map(({ prompt }) => prompt),
      promptOf: samples.map(({ prompt }) => prompt),
      padId: 0,
    },
    {
      maxTokens: Math.max(0, ...asks.map(({ maxTokens }) => maxTokens)),
      places,
      columns: columnBlock(),
      scores: (logits) => logits,
      choose: (logits) => {
        const { select, logProb } = choice(logits)
        return (position) => {
          const { ids, logProbs, generator } = stateOf(position)
          const token = select(generator.uniform())
          ids.push(token)
          logProbs.push(logProb(token))
          const { ask, prompt, index } = samples[position] as (typeof samples)[number]
          const stopped = ends[prompt]?.has(token) === true || isStopped(ids)
          if (!stopped && ids.length < ask.maxTokens) return token
          underWay.delete(position)
          const { place, problem } = ask
          tell({ place, problem, sample: index, ids, logProbs, finish: stopped ? "stop" : "length" })
          return undefined
        }
      },
    },
  )
}

// numerics

interface UnderWay {
  readonly generator: Seed.Generator
  readonly ids: Array<number>
  readonly logProbs: Array<number>
}

/** A sample before its first token. */
const begin = ({ seed, problem }: Ask, index: number): UnderWay => ({
  generator: Seed.generator(Seed.child(Seed.child(Seed.fromInteger(seed), problem), index)),
  ids: [],
  logProbs: [],
})
