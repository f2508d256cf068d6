/**
 * The text files of a checkpoint's folder: everything about a model but its parameters.
 *
 *     config.json   tokenizer.json?   tokenizer_config.json?   chat_template.jinja?   generation_config.json?
 *
 * Only `config.json` must be there: without a tokenizer, a model scores and samples token ids.
 */
import { Effect, FileSystem, Path } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { CheckpointError, inWords } from "../../errors.ts"
import type { Qwen2Config } from "../Qwen2Config.ts"
import { parseConfig } from "./ConfigFile.ts"
import { indexFile, singleFile } from "./ShardIndex.ts"

// model

/** A JSON object of a file. */
export type JsonObject = Readonly<Record<string, unknown>>

/** See the module header. Fields are undefined where the folder lacks the file. */
export interface ModelDescription {
  readonly config: Qwen2Config
  readonly tokenizerJson: object | undefined
  readonly tokenizerConfig: JsonObject | undefined
  readonly chatTemplate?: string | undefined
  /** The whole of `config.json`, so that what other programs need of it is kept when the model is written again. */
  readonly rawConfig?: JsonObject | undefined
  readonly generationConfig?: JsonObject | undefined
}

// constructors

/** Reads the description of a model. */
export const readDescription = Effect.fn("readDescription")(function* (folder: string) {
  const path = yield* Path.Path
  const rawConfig = yield* readJson(folder, "config.json")
  const config = parseConfig(rawConfig)
  if (isLeft(config)) {
    const { field, problem, remedy } = config.left
    return yield* new CheckpointError({ path: path.join(folder, "config.json"), field, problem, remedy })
  }
  return {
    config: config.right,
    rawConfig,
    tokenizerJson: yield* ifThere(readJson(folder, "tokenizer.json")),
    tokenizerConfig: yield* ifThere(readJson(folder, "tokenizer_config.json")),
    chatTemplate: yield* ifThere(readText(folder, "chat_template.jinja")),
    generationConfig: yield* ifThere(readJson(folder, "generation_config.json")),
  } satisfies ModelDescription
})

/** A file's text. */
export const readText = Effect.fnUntraced(function* (folder: string, file: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return yield* fs.readFileString(path.join(folder, file)).pipe(
    Effect.mapError(
      (cause) =>
        new CheckpointError({
          path: path.join(folder, file),
          field: "",
          problem: unreadable(cause.reason._tag),
          remedy: `A checkpoint folder holds config.json and ${singleFile} (or ${indexFile} and its files).`,
        }),
    ),
  )
})

/** A file's JSON object. */
export const readJson = (
  folder: string,
  file: string,
): Effect.Effect<JsonObject, CheckpointError, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const path = yield* Path.Path
    const text = yield* readText(folder, file)
    const wrong = (problem: string): CheckpointError =>
      new CheckpointError({
        path: path.join(folder, file),
        field: "",
        problem,
        remedy: "Copy the file again from its source.",
      })
    const value = yield* Effect.try({
      try: (): unknown => JSON.parse(text),
      catch: (cause) => wrong(`is not JSON: ${String(cause)}`),
    })
    return isJsonObject(value) ? value : yield* wrong("is not a JSON object")
  })

/** What cannot be read because it is not there is undefined. */
export const ifThere = <A, R>(
  read: Effect.Effect<A, CheckpointError, R>,
): Effect.Effect<A | undefined, CheckpointError, R> =>
  read.pipe(
    Effect.catchIf(
      ({ problem }) => problem === absent,
      () => Effect.succeed(undefined),
    ),
  )

// numerics

const unreadable = (tag: string): string => `cannot be read (${inWords(tag)})`

const absent = unreadable("NotFound")

const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)
