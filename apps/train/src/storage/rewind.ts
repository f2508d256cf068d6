/**
 * The record of a run set back to where its arms are gone on from, so that no step stands in it twice.
 *
 *     kept:  what is not a step;  steps of finished arms;  of a begun arm the steps before its save
 *
 * Also removes a last line that a crash cut short.
 */
import { Effect, FileSystem, Path } from "effect"
import { RunFolderError, inWords } from "../errors.ts"
import { metricsFile } from "./RunStart.ts"

/** See the module header. `stepsOf` tells how many steps of an arm are kept. */
export const rewind = Effect.fn("rewind")(function* (
  folder: string,
  stepsOf: (arm: string) => number,
  write: (file: string, content: string) => Effect.Effect<void, RunFolderError>,
) {
  const fs = yield* FileSystem.FileSystem
  const path = (yield* Path.Path).join(folder, metricsFile)
  const text = yield* fs
    .readFileString(path)
    .pipe(
      Effect.mapError(({ reason }) =>
        wrong(
          path,
          "",
          `cannot be read (${inWords(reason._tag)})`,
          "Give a folder that you may read and write.",
        ),
      ),
    )
  const found = new Map<string, number>()
  const kept: Array<string> = []
  for (const [i, line] of text.split("\n").slice(0, -1).entries()) {
    const step = stepOf(line)
    if (step === "broken")
      return yield* wrong(path, `line ${i + 1}`, "is not JSON", "Start a new run: this record is damaged.")
    if (step === undefined || step.step < stepsOf(step.arm)) kept.push(line)
    if (step !== undefined && step.step < stepsOf(step.arm))
      found.set(step.arm, (found.get(step.arm) ?? 0) + 1)
  }
  yield* write(metricsFile, kept.map((line) => `${line}\n`).join(""))
  return (arm: string) => found.get(arm) ?? 0
})

// numerics

const stepOf = (line: string): { readonly arm: string; readonly step: number } | "broken" | undefined => {
  try {
    const value = JSON.parse(line) as { readonly arm?: unknown; readonly step?: unknown }
    return typeof value.arm === "string" && typeof value.step === "number"
      ? { arm: value.arm, step: value.step }
      : undefined
  } catch {
    return "broken"
  }
}

const wrong = (path: string, field: string, problem: string, remedy: string): RunFolderError =>
  new RunFolderError({ path, field, problem, remedy })
