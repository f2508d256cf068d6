/**
 * The first line of `metrics.ndjson`: what a run was begun with. Who goes on with it must bring the same.
 *
 * A base that the run makes is not among it: what it made stands in the journal (`BaseContent`).
 */
import { Effect, FileSystem, Path, Schema } from "effect"
import { engineNames } from "../engine/EngineName.ts"
import { ConfigError, RunFolderError, inWords } from "../errors.ts"
import { type Json, jsonDifference } from "./jsonDifference.ts"

// model

/** A file by its content. */
export const ContentOf = Schema.Struct({ file: Schema.String, sha256: Schema.String })
/** See the value of the same name. */
export type ContentOf = (typeof ContentOf)["Type"]

/** A base model by its content. */
export const BaseContent = Schema.Struct({
  source: Schema.Literals(["checkpoint", "pretrained"]),
  /** Of the weights, and of all else that describes the model. */
  weights: Schema.String,
  description: Schema.String,
})
/** See the value of the same name. */
export type BaseContent = (typeof BaseContent)["Type"]

/** What the command line replaced of the experiment file. */
export const Replaced = Schema.Struct({
  seed: Schema.optionalKey(Schema.Int),
  model: Schema.optionalKey(Schema.String),
  quick: Schema.Boolean,
})
/** See the value of the same name. */
export type Replaced = (typeof Replaced)["Type"]

/** See the module header. */
export const RunStart = Schema.Struct({
  schema: Schema.Literal("rapo-run-1"),
  started: Schema.String,
  /** The experiment's file, as it is found from anywhere. */
  experiment: Schema.String,
  replaced: Replaced,
  /** What the file and the command line came to. */
  configuration: Schema.Unknown,
  engine: Schema.Literals(engineNames),
  versions: Schema.Record(Schema.String, Schema.String),
  /** Absent where the run makes its own. */
  base: Schema.optionalKey(BaseContent),
  /** Every file of problems, and the template around them. */
  data: Schema.Array(ContentOf),
})
/** See the value of the same name. */
export type RunStart = (typeof RunStart)["Type"]

/** Where the record of a run stands in its folder. */
export const metricsFile = "metrics.ndjson"

// constructors

/** What the run of a folder was begun with. */
export const readRunStart = Effect.fn("readRunStart")(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const file = (yield* Path.Path).join(folder, metricsFile)
  const wrong = (problem: string): RunFolderError =>
    new RunFolderError({
      path: file,
      field: "",
      problem,
      remedy: "Give the folder of a run of `rapo train`, such as runs/countdown-…; or start the run anew.",
    })
  const text = yield* fs
    .readFileString(file)
    .pipe(Effect.mapError(({ reason }) => wrong(`cannot be read (${inWords(reason._tag)})`)))
  const [line = ""] = text.split("\n")
  return yield* Schema.decodeEffect(Schema.fromJsonString(RunStart))(line).pipe(
    Effect.mapError(() => wrong("its first line does not say what the run was begun with")),
  )
})

// combinators

/** Fails where an experiment is not the one that the run was begun with. */
export const checkConfiguration = (
  { configuration }: Pick<RunStart, "configuration">,
  now: unknown,
  file: string,
): Effect.Effect<void, ConfigError> => {
  const difference = jsonDifference(configuration as Json, plain(now))
  return difference === undefined
    ? Effect.void
    : Effect.fail(
        new ConfigError({
          path: file,
          field: difference.field,
          problem: `the run was begun with ${difference.before}, and the file now says ${difference.now}`,
          remedy: "Put it back as it was to go on, or start the changed experiment as a new run.",
        }),
      )
}

/** Fails where problems are not those that the run was begun with. `at` says where a file is. */
export const checkData = (
  before: ReadonlyArray<ContentOf>,
  now: ReadonlyArray<ContentOf>,
  at: (file: string) => string,
): Effect.Effect<void, ConfigError> => {
  const sets = new Map(now.map(({ file, sha256 }) => [file, sha256]))
  const changed = before.find(({ file, sha256 }) => sets.get(file) !== sha256)
  return changed === undefined
    ? Effect.void
    : Effect.fail(other(at(changed.file), "sha256", changed.sha256, sets.get(changed.file)))
}

/** Fails where a base model is not the run's. */
export const checkBase = (
  before: BaseContent,
  now: BaseContent,
  folder: string,
): Effect.Effect<void, ConfigError> => {
  const field = (["weights", "description"] as const).find((name) => before[name] !== now[name])
  return field === undefined
    ? Effect.void
    : Effect.fail(other(folder, baseFields[field], before[field], now[field]))
}

/** A value as JSON has it. */
export const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json

// numerics

const baseFields = {
  weights: "model.safetensors",
  description: "config.json, tokenizer and chat template",
}

const other = (path: string, field: string, before: string, now: string = "none"): ConfigError =>
  new ConfigError({
    path,
    field,
    problem: `is not what the run was begun with (sha256 ${before.slice(0, 12)}… then, ${now.slice(0, 12)}… now)`,
    remedy: "Put it back to go on, or start a new run.",
  })
