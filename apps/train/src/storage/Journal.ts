/**
 * What a run has finished, each by its name: work that stands in the journal is not done twice.
 *
 *     finished.ndjson = { "name": …, "result": … }*        once(name, work) = the result that stands there, or else work's, written down
 *
 * A name says everything that its result depends on within the run; the run's own settings are compared before (`RunStart`).
 * A line is written whole; a last one that a crash cut short is removed.
 */
import { Effect, FileSystem, Path, Schema, Semaphore } from "effect"
import { RunFolderError, inWords } from "../errors.ts"
import { cutLastLine } from "./cutLastLine.ts"

// model

/** See the module header. */
export interface Journal {
  /** The work's result, which is computed only where it does not stand in the journal. */
  readonly once: <A, E, R>(
    name: string,
    result: Schema.Codec<A, unknown>,
    work: Effect.Effect<A, E, R>,
  ) => Effect.Effect<A, E | RunFolderError, R>
  /** Whether a name stands there. */
  readonly has: (name: string) => boolean
}

/** The file's name within the run's folder. */
export const journalFile = "finished.ndjson"

const Line = Schema.fromJsonString(Schema.Struct({ name: Schema.String, result: Schema.Unknown }))

// constructors

/** The journal of a folder, empty where there is none yet. */
export const openJournal = Effect.fn("openJournal")(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const file = (yield* Path.Path).join(folder, journalFile)
  const known = yield* readLines(file)
  const oneByOne = yield* Semaphore.make(1)
  const append = (line: object): Effect.Effect<void, RunFolderError> =>
    fs.writeFileString(file, `${JSON.stringify(line)}\n`, { flag: "a" }).pipe(
      Effect.mapError(({ reason }) =>
        wrong(
          file,
          "",
          `cannot be written (${inWords(reason._tag)})`,
          "Make room on the disk; then use --resume.",
        ),
      ),
      Effect.uninterruptible,
      (write) => oneByOne.withPermit(write),
    )
  const once: Journal["once"] = (name, result, work) =>
    Effect.gen(function* () {
      const before = known.get(name)
      if (before !== undefined)
        return yield* Schema.decodeUnknownEffect(result)(before).pipe(
          Effect.mapError(({ message }) => wrong(file, name, `is not such a result: ${message}`, again)),
        )
      const made = yield* work
      const encoded = yield* Effect.orDie(Schema.encodeEffect(result)(made))
      yield* append({ name, result: encoded })
      known.set(name, encoded)
      return made
    })
  return { once, has: (name) => known.has(name) } satisfies Journal
})

// numerics

const readLines = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const known = new Map<string, unknown>()
  const unreadable = ({ reason }: { readonly reason: { readonly _tag: string } }): RunFolderError =>
    wrong(file, "", `cannot be read (${inWords(reason._tag)})`, "Give a folder that you may read and write.")
  if (!(yield* fs.exists(file).pipe(Effect.mapError(unreadable)))) return known
  yield* cutLastLine(file).pipe(Effect.mapError(unreadable))
  const text = yield* fs.readFileString(file).pipe(Effect.mapError(unreadable))
  for (const [i, line] of text.split("\n").slice(0, -1).entries()) {
    const { name, result } = yield* Schema.decodeEffect(Line)(line).pipe(
      Effect.mapError(() => wrong(file, `line ${i + 1}`, "is not an entry", again)),
    )
    known.set(name, result)
  }
  return known
})

const again = "Delete the line: its work is then done again."

const wrong = (path: string, field: string, problem: string, remedy: string): RunFolderError =>
  new RunFolderError({ path, field, problem, remedy })
