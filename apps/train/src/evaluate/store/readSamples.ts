/**
 * The lines of `samples.ndjson`, as a stream: a run of long responses is larger than a string may be.
 */
import { type Array as Arr, Effect, FileSystem, Path, Schema, Stream } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import { RunFolderError, inWords } from "../../errors.ts"
import { StoredSample, keyOf } from "../EvaluationRecord.ts"

/** The file's name within the folder of an evaluation. */
export const samplesFile = "samples.ndjson"

/**
 * The samples of a folder, in the file's order; none when there is no file. A last line without an end, as a crash leaves it, is
 * not a sample.
 *
 * **Fails with** `RunFolderError`, which names the line: not a sample, or a sample that stands there twice.
 */
export const readSamples = (
  folder: string,
): Stream.Stream<StoredSample, RunFolderError, FileSystem.FileSystem | Path.Path> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const file = (yield* Path.Path).join(folder, samplesFile)
      const unreadable = (tag: string): RunFolderError =>
        wrong(file, "", `cannot be read (${inWords(tag)})`, "Give a folder that you may read.")
      const isThere = yield* fs.exists(file).pipe(Effect.mapError(({ reason }) => unreadable(reason._tag)))
      if (!isThere) return Stream.empty
      const places = new Map<string, number>()
      let line = 0
      return fs.stream(file, { chunkSize: 1024 * 1024 }).pipe(
        Stream.mapError(({ reason }) => unreadable(reason._tag)),
        Stream.decodeText(),
        wholeLines,
        // Lines by the thousand: a step of the stream for each would cost more than reading it.
        Stream.mapArrayEffect((texts) => {
          const samples = Either.traverseArray((text: string) => sampleOf(file, ++line, text, places))(texts)
          return Either.isLeft(samples)
            ? Effect.fail(samples.left)
            : Effect.succeed(samples.right as Arr.NonEmptyReadonlyArray<StoredSample>)
        }),
      )
    }),
  )

/** The lines of a text that end. */
const wholeLines = <E, R>(texts: Stream.Stream<string, E, R>): Stream.Stream<string, E, R> =>
  texts.pipe(
    Stream.mapAccum(
      () => "",
      (rest: string, text: string) => {
        const lines = (rest + text).split("\n")
        return [lines.pop() ?? "", lines] as const
      },
    ),
  )

const isSample = Schema.is(StoredSample)

const sampleOf = (
  file: string,
  line: number,
  text: string,
  places: Map<string, number>,
): Either.Either<RunFolderError, StoredSample> => {
  const value = parsed(text)
  if (!isSample(value))
    return Either.left(
      wrong(file, `line ${line}`, "is not a sample", "Delete the line: its sample is then drawn again."),
    )
  const key = keyOf(value)
  const other = places.get(key)
  if (other !== undefined)
    return Either.left(
      wrong(
        file,
        `line ${line}`,
        `sample ${value.sample} of problem ${value.problem} with seed ${value.seed} stands in line ${other} too`,
        "Delete one of the lines. Did two programs write to the folder?",
      ),
    )
  places.set(key, line)
  return Either.right(value)
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const wrong = (path: string, field: string, problem: string, remedy: string): RunFolderError =>
  new RunFolderError({ path, field, problem, remedy })
