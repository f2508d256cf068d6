/**
 * An experiment file, read and checked before any work starts.
 */
import { Effect, FileSystem, Schema, SchemaIssue } from "effect"
import * as Toml from "effect/encoding/Toml"
import { isLeft } from "fp-ts/lib/Either.js"
import { ConfigError, inWords } from "../errors.ts"
import { candidates } from "../experiment/arms.ts"
import { taskByName, tasks } from "../tasks/Registry.ts"
import type { Task } from "../tasks/Task.ts"
import type { Contradiction } from "./contradictions.ts"
import { DataExperiment, contradictions as ofData } from "./DataExperiment.ts"
import type { Experiment } from "./Experiment.ts"
import { GeneratedExperiment, contradictions as ofTask } from "./GeneratedExperiment.ts"

/** Reads an experiment, or fails with the file, the field and a remedy. All faults of the file are listed. */
export const readExperiment = Effect.fn("readExperiment")(function* (file: string) {
  const parsed = yield* parseFile(file)
  const experiment: Experiment =
    "data" in parsed ? yield* readData(file, parsed) : (yield* readTask(file, parsed)).experiment
  return experiment
})

/** An experiment on generated problems, with its task; another kind is refused. */
export const readGenerated = Effect.fn("readGenerated")(function* (file: string) {
  const parsed = yield* parseFile(file)
  if ("data" in parsed)
    return yield* wrongIn(file)({
      field: "data",
      problem: "its problems stand in files, and its base model is not made but given",
      remedy: "Name an experiment with [task], [model] and [pretraining], such as countdown.toml.",
    })
  return yield* readTask(file, parsed)
})

// kinds

const readTask = Effect.fnUntraced(function* (file: string, parsed: Record<string, unknown>) {
  const experiment = yield* decode(GeneratedExperiment, file, parsed)
  const wrong = wrongIn(file)
  const task = taskByName(experiment.task.name)
  if (isLeft(task))
    return yield* wrong({
      field: "task.name",
      problem: `there is no task "${experiment.task.name}"`,
      remedy: `The tasks are ${tasks.map(({ name }) => name).join(" and ")}.`,
    })
  yield* check(file, experiment, ofTask(experiment, task.right.levels))
  return { experiment, task: task.right } satisfies {
    readonly experiment: GeneratedExperiment
    readonly task: Task
  }
})

const readData = Effect.fnUntraced(function* (file: string, parsed: Record<string, unknown>) {
  const experiment = yield* decode(DataExperiment, file, parsed)
  yield* check(file, experiment, ofData(experiment))
  return experiment
})

/** What holds across fields: no contradiction, no candidate twice. */
const check = (
  file: string,
  { arms }: Experiment,
  [first]: ReadonlyArray<Contradiction>,
): Effect.Effect<void, ConfigError> => {
  const names = candidates(arms).map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) < i)
  const fault =
    first ??
    (twice === undefined
      ? undefined
      : {
          field: "arms",
          problem: `"${twice}" stands twice`,
          remedy: "Give each objective and coefficient once.",
        })
  return fault === undefined ? Effect.void : Effect.fail(wrongIn(file)(fault))
}

// files

const wrongIn =
  (file: string) =>
  (fault: Contradiction): ConfigError =>
    new ConfigError({ path: file, ...fault })

const parseFile = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const wrong = wrongIn(file)
  const text = yield* fs.readFileString(file).pipe(
    Effect.mapError((cause) =>
      wrong({
        field: "",
        problem:
          cause.reason._tag === "NotFound"
            ? "there is no such file"
            : `cannot be read (${inWords(cause.reason._tag)})`,
        remedy: "Give the path of an experiment; the project's own are in apps/train/experiments/.",
      }),
    ),
  )
  return yield* parseToml(text).pipe(
    Effect.mapError((problem) =>
      wrong({ field: "", problem: `is not TOML: ${problem}`, remedy: "See https://toml.io for the syntax." }),
    ),
  )
})

const decode = <S extends Schema.Decoder<unknown>>(
  schema: S,
  file: string,
  parsed: Record<string, unknown>,
): Effect.Effect<S["Type"], ConfigError> =>
  Schema.decodeUnknownEffect(schema)(parsed, { onExcessProperty: "error", errors: "all" }).pipe(
    Effect.mapError((error) => {
      const { issues } = SchemaIssue.makeFormatterStandardSchemaV1()(error.issue)
      const [head, ...others] = issues.map(({ path = [], message }) => ({
        field: fieldName(path),
        problem: plain(message),
      }))
      return wrongIn(file)({
        field: head?.field ?? "",
        problem: head?.problem ?? error.message,
        remedy:
          others.length === 0
            ? "Mend the field; the project's own experiments show every field with its meaning."
            : `Also: ${others.map(({ field, problem }) => `${field}: ${problem}`).join("; ")}.`,
      })
    }),
  )

const parseToml = (text: string): Effect.Effect<Record<string, unknown>, string> =>
  Effect.try({
    try: () => Toml.parse(text),
    catch: (cause) => (cause instanceof Error ? cause.message : String(cause)),
  })

/** ["task", "train", 0, "level"] to "task.train[0].level". */
const fieldName = (path: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }>): string =>
  path
    .map((segment) => (typeof segment === "object" ? segment.key : segment))
    .reduce<string>(
      (name, key) =>
        typeof key === "number" ? `${name}[${key}]` : name === "" ? String(key) : `${name}.${String(key)}`,
      "",
    )

const plain = (message: string): string =>
  message === "Expected no excess property"
    ? "there is no such field"
    : message === "Missing key"
      ? "is missing"
      : message
