/**
 * The score of a model, from the folder of its evaluation, or from a file of counts or samples.
 */
import { Effect, FileSystem, Path } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { ConfigError, inWords } from "../../errors.ts"
import type { BootstrapSettings } from "../EvaluationSummary.ts"
import { readProblems } from "../writeEvaluation.ts"
import { parseCounts } from "./parseCounts.ts"
import { scoreSamples, scoreTallies } from "./scoreModel.ts"

/** The score, and the settings where they are known. */
export const readScore = Effect.fn("readScore")(function* (from: string, bootstrap: BootstrapSettings) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const kind = yield* fs.stat(from).pipe(
    Effect.map(({ type }) => type),
    Effect.mapError(({ reason }) => unreadable(from, reason._tag)),
  )
  if (kind === "Directory") {
    const { evaluation, problems } = yield* readProblems(from)
    return { evaluation, score: scoreSamples(evaluation.model.name, problems, bootstrap) }
  }
  const counts = yield* readCounts(from)
  return { evaluation: null, score: scoreTallies(path.basename(from), counts, bootstrap) }
})

/** The tallies of a file; `-` is the standard input. */
export const readCounts = Effect.fn("readCounts")(function* (from: string) {
  const fs = yield* FileSystem.FileSystem
  const text =
    from === "-"
      ? yield* Effect.promise(async () => (await import("node:stream/consumers")).text(process.stdin))
      : yield* fs.readFileString(from).pipe(Effect.mapError(({ reason }) => unreadable(from, reason._tag)))
  const counts = parseCounts(text)
  if (isLeft(counts))
    return yield* new ConfigError({ path: from === "-" ? "standard input" : from, ...counts.left })
  return counts.right
})

const unreadable = (path: string, tag: string): ConfigError =>
  new ConfigError({
    path,
    field: "",
    problem: tag === "NotFound" ? "there is no such file" : `cannot be read (${inWords(tag)})`,
    remedy: "Give a counts.jsonl, a samples.ndjson, or the folder of `rapo eval`.",
  })
