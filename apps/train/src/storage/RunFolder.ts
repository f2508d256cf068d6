/**
 * The folder of one run: `runs/<name>-<time>/`.
 *
 *     metrics.ndjson   what the run was begun with, then a line for every training step of every arm, as it happens
 *     finished.ndjson  what is trained and judged, as it is finished (`Journal`)
 *     saves/           the learning of base and arms that are under way (`training/save`); gone when the run is complete
 *     lock.…           who writes there now (`lockFolder`)
 *     checkpoints/     the trained policies, in Hugging Face's layout, and the base if the run makes it
 *     summary.json     what was found
 *     report.html      the same to look at, with passk.png
 */
import { Effect, FileSystem, Path, PlatformError, Schema } from "effect"
import { inWords, RunFolderError } from "../errors.ts"
import { makeFolder } from "./makeFolder.ts"
import { Summary } from "./Summary.ts"

/** A run's folder that is known to be writable. */
export interface RunFolder {
  readonly path: string
  /** Appends one line to metrics.ndjson. */
  readonly record: (line: object) => Effect.Effect<void, RunFolderError>
  readonly write: (file: string, content: string | Uint8Array) => Effect.Effect<void, RunFolderError>
}

/** Makes the folder, or fails before any work is done. */
export const makeRunFolder = Effect.fn("makeRunFolder")(function* (
  parent: string,
  name: string,
  started: Date,
) {
  const path = yield* Path.Path
  const stamp = started.toISOString().slice(0, 19).replaceAll(":", "").replace("T", "-")
  return yield* openRunFolder(path.join(parent, `${name}-${stamp}`))
})

/** The folder at a path, made if it is not there. */
export const openRunFolder = Effect.fn("openRunFolder")(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const wrong = (file: string) => (cause: { readonly reason: { readonly _tag: string } }) =>
    new RunFolderError({
      path: path.join(folder, file),
      field: "",
      problem: `cannot be written (${inWords(cause.reason._tag)})`,
      remedy: "Choose a folder that you may write to, with --out.",
    })
  yield* makeFolder(folder).pipe(Effect.mapError(wrong("")))
  yield* fs.access(folder, { writable: true }).pipe(Effect.mapError(wrong("")))
  const metrics = path.join(folder, "metrics.ndjson")
  return {
    path: folder,
    record: (line) =>
      fs
        .writeFileString(metrics, `${JSON.stringify(line)}\n`, { flag: "a" })
        .pipe(Effect.mapError(wrong("metrics.ndjson"))),
    // A file appears whole or not at all.
    write: (file, content) =>
      (typeof content === "string"
        ? fs.writeFileString(path.join(folder, `${file}.part`), content)
        : fs.writeFile(path.join(folder, `${file}.part`), content)
      ).pipe(
        Effect.andThen(fs.rename(path.join(folder, `${file}.part`), path.join(folder, file))),
        Effect.mapError(wrong(file)),
      ),
  } satisfies RunFolder
})

/** The summary of a finished run. */
export const readSummary = Effect.fn("readSummary")(function* (folder: string) {
  const { path, text } = yield* readFile(folder, "summary.json")
  const json = yield* Effect.try({ try: (): unknown => JSON.parse(text), catch: unreadable(path) })
  return yield* Schema.decodeUnknownEffect(Summary)(json).pipe(Effect.mapError(unreadable(path)))
})

/** The lines of metrics.ndjson that are about a step; a last line cut short by a crash is left out. */
export const readMetrics = Effect.fn("readMetrics")(function* (folder: string) {
  const { text } = yield* readFile(folder, "metrics.ndjson")
  return text.split("\n").flatMap((line): ReadonlyArray<Metric> => {
    if (!line.endsWith("}")) return []
    const parsed: unknown = JSON.parse(line)
    return isMetric(parsed) ? [parsed] : []
  })
})

/** What the report needs of a step's line. */
export const Metric = Schema.Struct({
  arm: Schema.String,
  step: Schema.Int,
  reward: Schema.Finite,
  entropy: Schema.Finite,
  kl: Schema.Finite,
})
/** See the value of the same name. */
export type Metric = (typeof Metric)["Type"]

const isMetric = Schema.is(Metric)

const unreadable =
  (path: string) =>
  (cause: unknown): RunFolderError =>
    new RunFolderError({
      path,
      field: "",
      problem: `cannot be read (${reasonOf(cause)})`,
      remedy: "Give the folder of a run that `rapo train` has finished, such as runs/countdown-….",
    })

const reasonOf = (cause: unknown): string => {
  if (cause instanceof PlatformError.PlatformError) return inWords(cause.reason._tag)
  return cause instanceof Error ? cause.message : String(cause)
}

const readFile = Effect.fnUntraced(function* (folder: string, file: string) {
  const fs = yield* FileSystem.FileSystem
  const path = (yield* Path.Path).join(folder, file)
  const text = yield* fs.readFileString(path).pipe(Effect.mapError(unreadable(path)))
  return { path, text }
})
