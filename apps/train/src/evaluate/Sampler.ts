/**
 * Where responses come from, whatever answers: a checkpoint on this machine, a server, or a script in a test.
 *
 * Laws (tested for the scripted and the local sampler)
 * 1. One response for each index of each ask, in any order, none twice.
 * 2. A local response depends on the ask's seed, the problem's id and the sample's index alone: asking for the indices in
 *    other portions, in another order, or beside other prompts gives the same texts.
 */
import { Context, Schema, type Stream } from "effect"
import type { PromptForm } from "./PromptForm.ts"

/** One prompt to be sampled: rendered text, and the chat messages it came from. */
export interface Prompt {
  /** The id of the problem. */
  readonly problem: string
  readonly text: string
  readonly messages: ReadonlyArray<Message>
  /**
   * Where in `text` the problem's own words stand: a local tokenizer reads no control token there, nor, when this is missing,
   * anywhere in `text`.
   */
  readonly problemAt?: ReadonlyArray<Place>
  /** Which form it has, and so what ends a response to it; missing, none, and only what the model's own files name does. */
  readonly form?: PromptForm | undefined
}

/** `text.slice(start, end)`. */
export interface Place {
  readonly start: number
  readonly end: number
}

/** One turn of a conversation. */
export interface Message {
  readonly role: "system" | "user" | "assistant"
  readonly content: string
}

/** How responses are drawn. */
export interface SamplingSettings {
  /** At 0 the most probable token is taken. */
  readonly temperature: number
  readonly topP: number
  readonly topK: number | undefined
  /** Only tokens with at least this share of the most probable one's probability; missing, all. */
  readonly minP?: number | undefined
  readonly maxTokens: number
  /** A response ends before the first of these texts that it would contain. */
  readonly stop: ReadonlyArray<string>
  readonly seed: number
}

/** Samples of one prompt. */
export interface Ask {
  readonly prompt: Prompt
  readonly seed: number
  readonly indices: ReadonlyArray<number>
}

/** One finished response. */
export interface Sample {
  /** Which of the asks it answers. */
  readonly ask: number
  readonly problem: string
  /** The sample's index among those of its problem. */
  readonly sample: number
  readonly text: string
  readonly finish: "stop" | "length" | "other"
  readonly promptTokens: number | undefined
  readonly tokens: number | undefined
  /**
   * The sum of the tokens' log-probabilities, in nats, under the model's own distribution (temperature 1, nothing cut off), as
   * servers report it; where it is known.
   */
  readonly logProb: number | undefined
}

/** No response could be had: `path` is the checkpoint or the address. */
export class SamplerError extends Schema.TaggedError<SamplerError>()("SamplerError", {
  path: Schema.String,
  field: Schema.String,
  problem: Schema.String,
  remedy: Schema.String,
}) {
  override get message(): string {
    return `${this.path}${this.field === "" ? "" : `: ${this.field}`}: ${this.problem}\n  ${this.remedy}`
  }
}

/** Where responses come from: a checkpoint on this machine, or a server. */
export class Sampler extends Context.Service<
  Sampler,
  {
    readonly name: string
    /**
     * Responses to every ask, each as it is finished; the stream ends when all are. How many are under way at once, and whose, is the
     * sampler's to choose: it is asked for everything together.
     */
    readonly sample: (
      asks: ReadonlyArray<Ask>,
      settings: Omit<SamplingSettings, "seed">,
    ) => Stream.Stream<Sample, SamplerError>
  }
>()("evaluate/Sampler") {}
