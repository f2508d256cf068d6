/**
 * The worker's side of the local sampler: responses of a model to one prompt.
 *
 * The model stays on this thread's device until another is asked for, since a prompt follows a prompt of the same model.
 */
import { Seed } from "@rapo/distributions"
import { isLeft } from "fp-ts/lib/Either.js"
import { type Checkpoint, tokenizerOf } from "../../model/Checkpoint.ts"
import { toDevice } from "../../model/DeviceParameters.ts"
import { type Parameters, disposeParameters } from "../../model/Parameters.ts"
import type { TextCodec } from "../../model/TextCodec.ts"
import { growTree } from "../../rollout/prefixTree.ts"
import type { Sample, SamplingSettings } from "../Sampler.ts"
import { nextToken } from "./nextToken.ts"
import { before, justStopped } from "./stopping.ts"

/** Samples of one prompt. */
export interface RespondRequest {
  /** Names the model: equal keys, equal parameters. */
  readonly key: string
  readonly checkpoint: Checkpoint
  /** Tokens that end a response. */
  readonly endIds: ReadonlyArray<number>
  readonly prompt: ReadonlyArray<number>
  readonly problem: string
  readonly indices: ReadonlyArray<number>
  /** `maxTokens` has been cut to the room that the model's context leaves. */
  readonly settings: SamplingSettings
}

/** Does the request; `tell` hears of every response as soon as it is finished. */
export const respond = (request: RespondRequest, tell: (sample: Sample) => void): void => {
  const { checkpoint, endIds, prompt, problem, indices, settings } = request
  const { codec, parameters } = loaded(request)
  const own = Seed.child(Seed.fromInteger(settings.seed), problem)
  const sequences = indices.map((index) => ({
    index,
    generator: Seed.generator(Seed.child(own, index)),
    ids: [] as Array<number>,
    logProb: 0,
  }))
  const choice = nextToken(settings)
  const isStopped = justStopped(settings.stop, codec.decode)
  const ends = new Set(endIds)
  const growth = {
    maxTokens: settings.maxTokens,
    scores: <A>(logits: A): A => logits,
    choose: (logits: Float32Array) => {
      const { select, logProb } = choice(logits)
      return (position: number): number | undefined => {
        const sequence = sequences[position]
        if (sequence === undefined) throw new Error(`bug: no sequence ${position}`)
        const token = select(sequence.generator.uniform())
        sequence.ids.push(token)
        sequence.logProb += logProb(token)
        const stopped = ends.has(token) || isStopped(sequence.ids)
        if (!stopped && sequence.ids.length < settings.maxTokens) return token
        const text = codec.decode(sequence.ids)
        tell({
          problem,
          sample: sequence.index,
          text: before(text, settings.stop) ?? text,
          finish: stopped ? "stop" : "length",
          promptTokens: prompt.length,
          tokens: sequence.ids.length,
          logProb: sequence.logProb,
        })
        return undefined
      }
    },
  }
  growTree(
    checkpoint.config,
    parameters,
    { prompts: [prompt], groupSize: indices.length, padId: codec.padId },
    growth,
  )
}

// the model at hand

interface Loaded {
  readonly key: string
  readonly codec: TextCodec
  readonly parameters: Parameters
}

/** A cache of one: its content is a function of its key. */
let held: Loaded | undefined

const loaded = ({ key, checkpoint }: RespondRequest): Loaded => {
  if (held?.key === key) return held
  if (held !== undefined) disposeParameters(held.parameters)
  held = undefined
  const codec = tokenizerOf(checkpoint)
  // Main has made the same codec before.
  if (isLeft(codec)) throw new Error(`bug: ${codec.left.problem}`)
  held = { key, codec: codec.right, parameters: toDevice(checkpoint.parameters) }
  return held
}
