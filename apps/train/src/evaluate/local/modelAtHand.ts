/**
 * A model as a worker's request names it, and on the worker's device, where it stays until another is asked for.
 */
import { isLeft } from "fp-ts/lib/Either.js"
import type { HostParameters } from "../../model/Checkpoint.ts"
import { toDevice } from "../../model/DeviceParameters.ts"
import { type Parameters, disposeParameters } from "../../model/Parameters.ts"
import type { Qwen2Config } from "../../model/Qwen2Config.ts"
import { encodings } from "../../model/tokenizer/Encodings.ts"

// model

/** What a worker is told of a model. Everything large stands in memory that threads share. */
export interface ModelCopy {
  /** Names the model: equal keys, equal content. */
  readonly key: string
  readonly config: Qwen2Config
  readonly parameters: HostParameters
  /**
   * The JSON text of [tokenizer.json, tokenizer_config.json], in bytes; undefined when there is none or nothing asks for text.
   */
  readonly tokenizer: Uint8Array | undefined
}

/** A model that can be computed with. */
export interface LoadedModel {
  readonly key: string
  readonly config: Qwen2Config
  readonly parameters: Parameters
  /** The text of ids; without a tokenizer, none. */
  readonly decode: (ids: ReadonlyArray<number>) => string
}

// constructors

/** A cache of one: its content is a function of its key. */
let held: LoadedModel | undefined

/** The model on this thread's device. */
export const loaded = ({ key, config, parameters, tokenizer }: ModelCopy): LoadedModel => {
  if (held?.key === key) return held
  if (held !== undefined) disposeParameters(held.parameters)
  held = undefined
  held = { key, config, parameters: toDevice(parameters), decode: reader(tokenizer) }
  return held
}

/** The bytes of a tokenizer's files, for `ModelCopy`. */
export const tokenizerBytes = (tokenizerJson: object, tokenizerConfig: object): Uint8Array => {
  const bytes = new TextEncoder().encode(JSON.stringify([tokenizerJson, tokenizerConfig]))
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  return shared
}

// numerics

/** Made when it is first asked for: a large tokenizer takes a second or two. */
const reader = (tokenizer: Uint8Array | undefined): LoadedModel["decode"] => {
  if (tokenizer === undefined) return () => ""
  let decode: LoadedModel["decode"] | undefined
  return (ids) => {
    if (decode === undefined) {
      // A copy, since a decoder may refuse shared memory.
      const [json, config] = JSON.parse(new TextDecoder().decode(Uint8Array.from(tokenizer))) as [
        object,
        Record<string, unknown>,
      ]
      const own = encodings(json, config)
      // Main has made the same before.
      if (isLeft(own)) throw new Error(`bug: ${own.left.problem}`)
      decode = own.right.decode
    }
    return decode(ids)
  }
}
