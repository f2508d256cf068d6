/**
 * How long a run has been computed before it is gone on with: the sum over its sittings.
 *
 * A sitting begins with the first line of the record or one that says "resumed", and ends with the last thing that was written to
 * the record, the journal or a save. Wall-clock seconds, for the summary's `times` alone.
 */
import { Effect, FileSystem, Option, Path } from "effect"
import { journalFile } from "./Journal.ts"
import { metricsFile } from "./RunStart.ts"
import { savesFolder } from "./saves.ts"

/** See the module header. `started` is when the first sitting began. */
export const secondsBefore = Effect.fn("secondsBefore")(function* (folder: string, started: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const text = yield* fs.readFileString(path.join(folder, metricsFile)).pipe(Effect.orElseSucceed(() => ""))
  const sitting = text.split("\n").flatMap(resumption).at(-1) ?? { began: started, before: 0 }
  const ends = yield* Effect.forEach([metricsFile, journalFile, savesFolder], (file) =>
    fs.stat(path.join(folder, file)).pipe(
      Effect.map(({ mtime }) => Option.getOrElse(mtime, () => new Date(0)).getTime()),
      Effect.orElseSucceed(() => 0),
    ),
  )
  const seconds = (Math.max(...ends) - new Date(sitting.began).getTime()) / 1000
  return sitting.before + Math.max(0, seconds)
})

/** The line that begins a later sitting. */
export const resumptionLine = (began: Date, before: number): object => ({
  resumed: began.toISOString(),
  secondsBefore: before,
})

const resumption = (line: string): ReadonlyArray<{ readonly began: string; readonly before: number }> => {
  if (!line.startsWith('{"resumed":')) return []
  try {
    const { resumed, secondsBefore } = JSON.parse(line) as {
      readonly resumed: string
      readonly secondsBefore: number
    }
    return [{ began: resumed, before: secondsBefore }]
  } catch {
    return []
  }
}
