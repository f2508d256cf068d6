/**
 * An experiment file, read and checked before any work starts.
 */
import { Effect, FileSystem, Schema, SchemaIssue } from "effect"
import * as Toml from "effect/encoding/Toml"
import { ConfigError, inWords } from "../errors.ts"
import { candidates } from "../experiment/arms.ts"
import { taskByName, tasks } from "../tasks/Registry.ts"
import { Experiment, contradictions } from "./Experiment.ts"

/** Reads an experiment, or fails with the file, the field and a remedy. All faults of the file are listed. */
export const readExperiment = Effect.fn("readExperiment")(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const wrong = (field: string, problem: string, remedy: string): ConfigError =>
    new ConfigError({ path: file, field, problem, remedy })

  const text = yield* fs
    .readFileString(file)
    .pipe(
      Effect.mapError((cause) =>
        wrong(
          "",
          cause.reason._tag === "NotFound"
            ? "there is no such file"
            : `cannot be read (${inWords(cause.reason._tag)})`,
          "Give the path of an experiment; the project's own are in apps/train/experiments/.",
        ),
      ),
    )
  const parsed = yield* parseToml(text).pipe(
    Effect.mapError((problem) => wrong("", `is not TOML: ${problem}`, "See https://toml.io for the syntax.")),
  )
  const experiment = yield* Schema.decodeUnknownEffect(Experiment)(parsed, {
    onExcessProperty: "error",
    errors: "all",
  }).pipe(
    Effect.mapError((error) => {
      const { issues } = SchemaIssue.makeFormatterStandardSchemaV1()(error.issue)
      const [head, ...others] = issues.map(({ path = [], message }) => ({
        field: fieldName(path),
        problem: plain(message),
      }))
      return wrong(
        head?.field ?? "",
        head?.problem ?? error.message,
        others.length === 0
          ? "Mend the field; countdown.toml shows every field with its meaning."
          : `Also: ${others.map(({ field, problem }) => `${field}: ${problem}`).join("; ")}.`,
      )
    }),
  )
  const task = taskByName(experiment.task.name)
  if (task._tag === "Left")
    return yield* wrong(
      "task.name",
      `there is no task "${experiment.task.name}"`,
      `The tasks are ${tasks.map(({ name }) => name).join(" and ")}.`,
    )
  const [first] = contradictions(experiment, task.right.levels)
  if (first !== undefined) return yield* wrong(first.field, first.problem, first.remedy)
  const names = candidates(experiment.arms).map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined)
    return yield* wrong("arms", `"${twice}" stands twice`, "Give each objective and coefficient once.")
  return { experiment, task: task.right }
})

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
