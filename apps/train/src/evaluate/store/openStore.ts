/**
 * The folder of an evaluation, opened to be begun or continued.
 *
 *     evaluation.json    the settings, written before anything is asked
 *     samples.ndjson     a line for each finished and verified sample, written at once
 *
 * Laws (tested)
 * 1. Crash-safe: whatever the moment of death, all lines but the last are whole; the last, if it was cut short, is removed when the
 *    folder is opened again, and its sample counts as never drawn.
 * 2. A folder is continued under the settings that it was begun with, or not at all.
 */
import { Effect, FileSystem, Path, Schema, Semaphore, Stream } from "effect"
import { RunFolderError, inWords } from "../../errors.ts"
import { cutLastLine } from "../../storage/cutLastLine.ts"
import { openRunFolder } from "../../storage/RunFolder.ts"
import { Evaluation, type StoredSample, keyOf } from "../EvaluationRecord.ts"
import { firstDifference } from "./firstDifference.ts"
import { readSamples, samplesFile } from "./readSamples.ts"

/** An open folder. */
export interface SampleStore {
  readonly folder: string
  /** The names of the samples that were there when it was opened. */
  readonly known: ReadonlySet<string>
  /** Whether a line that was cut short has been removed. */
  readonly isRepaired: boolean
  /** Writes a line, whole, even when the program is interrupted meanwhile. */
  readonly append: (sample: StoredSample) => Effect.Effect<void, RunFolderError>
}

/** The file's name within the folder. */
export const settingsFile = "evaluation.json"

/** Opens the folder for as long as the scope lasts. */
export const openStore = Effect.fn("openStore")(function* (folder: string, evaluation: Evaluation) {
  const fs = yield* FileSystem.FileSystem
  const file = (yield* Path.Path).join(folder, samplesFile)
  const unwritable = (cause: { readonly reason: { readonly _tag: string } }): RunFolderError =>
    wrong(file, "", `cannot be written (${inWords(cause.reason._tag)})`, another)
  const run = yield* openRunFolder(folder)

  const before = yield* readEvaluation(folder)
  const hasSamples = yield* fs.stat(file).pipe(
    Effect.map(({ size }) => Number(size) > 0),
    Effect.catchIf(
      ({ reason }) => reason._tag === "NotFound",
      () => Effect.succeed(false),
    ),
    Effect.mapError(unwritable),
  )
  if (before === undefined && hasSamples)
    return yield* wrong(
      file,
      "",
      `stands there without ${settingsFile}, so it is unknown what it holds`,
      another,
    )
  // Settings under which nothing was drawn yet, for example because the model could not be loaded, bind nobody.
  if (before === undefined || !hasSamples)
    yield* run.write(settingsFile, `${JSON.stringify(evaluation, null, 2)}\n`)
  else {
    const difference = firstDifference(before, evaluation)
    if (difference !== undefined)
      return yield* wrong(
        (yield* Path.Path).join(folder, settingsFile),
        difference.field,
        `the evaluation was begun with ${difference.before}, and is now asked with ${difference.now}`,
        `Ask as before, or choose another folder, with --out.`,
      )
  }

  const isRepaired = hasSamples && (yield* cutLastLine(file).pipe(Effect.mapError(unwritable)))
  const known = new Set<string>()
  yield* readSamples(folder).pipe(Stream.runForEach((sample) => Effect.sync(() => known.add(keyOf(sample)))))

  const opened = yield* fs.open(file, { flag: "a" }).pipe(Effect.mapError(unwritable))
  const oneByOne = yield* Semaphore.make(1)
  return {
    folder,
    known,
    isRepaired,
    append: (sample) =>
      opened
        .writeAll(new TextEncoder().encode(`${JSON.stringify(sample)}\n`))
        .pipe(Effect.mapError(unwritable), Effect.uninterruptible, (write) => oneByOne.withPermit(write)),
  } satisfies SampleStore
})

/** The settings of a folder; undefined when there are none. */
export const readEvaluation = Effect.fn("readEvaluation")(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const file = (yield* Path.Path).join(folder, settingsFile)
  const unreadable = (problem: string): RunFolderError =>
    wrong(file, "", `cannot be read (${problem})`, another)
  const text = yield* fs.readFileString(file).pipe(
    Effect.catchIf(
      ({ reason }) => reason._tag === "NotFound",
      () => Effect.succeed(undefined),
    ),
    Effect.mapError(({ reason }) => unreadable(inWords(reason._tag))),
  )
  return text === undefined
    ? undefined
    : yield* Schema.decodeEffect(Schema.fromJsonString(Evaluation))(text).pipe(
        Effect.mapError(({ message }) => unreadable(message)),
      )
})

const another = "Choose another folder, with --out."

const wrong = (path: string, field: string, problem: string, remedy: string): RunFolderError =>
  new RunFolderError({ path, field, problem, remedy })
