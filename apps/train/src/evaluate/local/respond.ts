/**
 * The worker's side of the local sampler: responses of a model to prompts, by continuous batching.
 *
 *     u_t uniform from the stream that (seed, problem, sample) names
 *
 * The model stays on this thread's device until another is asked for, since a request follows a request for the same model.
 */
import { Seed } from "@rapo/distributions"
import { growTree } from "../../rollout/prefixTree.ts"
import type { SamplingSettings } from "../Sampler.ts"
import { type ModelCopy, loaded } from "./modelAtHand.ts"
import { nextToken } from "./nextToken.ts"
import { justStopped } from "./stopping.ts"

// model

/** Samples of one prompt. */
export interface Ask {
  /** Whatever number the caller wants to know its samples by. */
  readonly place: number
  readonly problem: string
  /** At least 1 token. */
  readonly prompt: ReadonlyArray<number>
  readonly indices: ReadonlyArray<number>
  /** What the settings allow, cut to the room that the model's context leaves. */
  readonly maxTokens: number
}

/** Samples of prompts. */
export interface RespondRequest {
  readonly model: ModelCopy
  /** Tokens that end a response. */
  readonly endIds: ReadonlyArray<number>
  readonly asks: ReadonlyArray<Ask>
  readonly settings: SamplingSettings
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

/** Does the request; `tell` hears of every response as soon as it is finished. */
export const respond = (request: RespondRequest, tell: (drawn: Drawn) => void): void => {
  const { endIds, asks, settings, places } = request
  const { config, parameters, decode } = loaded(request.model)
  const samples = asks.flatMap((ask, a) => ask.indices.map((index) => begin(ask, a, index, settings)))
  const choice = nextToken(settings)
  const isStopped = justStopped(settings.stop, decode)
  const ends = new Set(endIds)
  growTree(
    config,
    parameters,
    { prompts: asks.map(({ prompt }) => prompt), promptOf: samples.map(({ ask }) => ask), padId: 0 },
    {
      maxTokens: Math.max(0, ...asks.map(({ maxTokens }) => maxTokens)),
      places,
      scores: (logits) => logits,
      choose: (logits) => {
        const { select, logProb } = choice(logits)
        return (position) => {
          const sample = samples[position]
          if (sample === undefined) throw new Error(`bug: no sample ${position}`)
          const { ids, logProbs, maxTokens, place, problem, index } = sample
          const token = select(sample.generator.uniform())
          ids.push(token)
          logProbs.push(logProb(token))
          const stopped = ends.has(token) || isStopped(ids)
          if (!stopped && ids.length < maxTokens) return token
          tell({ place, problem, sample: index, ids, logProbs, finish: stopped ? "stop" : "length" })
          return undefined
        }
      },
    },
  )
}

// numerics

/** A sample before its first token. */
const begin = (
  { place, problem, maxTokens }: Ask,
  ask: number,
  index: number,
  { seed }: SamplingSettings,
) => ({
  place,
  problem,
  maxTokens,
  ask,
  index,
  generator: Seed.generator(Seed.child(Seed.child(Seed.fromInteger(seed), problem), index)),
  ids: [] as Array<number>,
  logProbs: [] as Array<number>,
})
