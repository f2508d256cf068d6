/**
 * A model as a worker's request names it, and on the worker's device, where it stays until another is asked for.
 */
import { Effect, type FileSystem, type Path } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import type { CheckpointError } from "../../errors.ts"
import { type KeyedSource, atHand } from "../../model/checkpoint/atHand.ts"
import type { Parameters } from "../../model/Parameters.ts"
import type { Qwen2Config } from "../../model/Qwen2Config.ts"
import { encodings } from "../../model/tokenizer/Encodings.ts"

// model

/** What a worker is told of a model: where its numbers are. Everything large that it carries stands in memory that threads share. */
export interface ModelCopy {
  /** Names the model: equal keys, equal content. */
  readonly key: string
  readonly config: Qwen2Config
  /** The base, and an adapter's entries where there is one. */
  readonly parts: ReadonlyArray<KeyedSource>
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

/** Brings the model to this thread's device, if it is not there. */
export const brought = ({
  key,
  config,
  parts,
  tokenizer,
}: ModelCopy): Effect.Effect<void, CheckpointError, FileSystem.FileSystem | Path.Path> =>
  Effect.map(atHand(parts), (parameters) => {
    const decode = held?.key === key ? held.decode : reader(tokenizer)
    held = { key, config, parameters: Object.assign({}, ...parameters) as Parameters, decode }
  })

/** The model that was brought last. */
export const loaded = ({ key }: ModelCopy): LoadedModel => {
  if (held?.key !== key) throw new Error(`bug: ${key} has not been brought`)
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
