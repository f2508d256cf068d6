/**
 * The summary of an evaluation or a comparison, where a folder holds one.
 */
import { Effect, FileSystem, Path, Schema } from "effect"
import { RunFolderError } from "../../errors.ts"
import { EvaluationSummary } from "../EvaluationSummary.ts"

/** Undefined where the folder has no summary, or one of another kind. */
export const readEvaluationSummary = Effect.fn("readEvaluationSummary")(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const file = (yield* Path.Path).join(folder, "summary.json")
  const text = yield* fs.readFileString(file).pipe(Effect.orElseSucceed(() => ""))
  if (!/^\s*\{\s*"schema":\s*"rapo-evaluation-1"/u.test(text)) return undefined
  return yield* Schema.decodeEffect(Schema.fromJsonString(EvaluationSummary))(text).pipe(
    Effect.mapError(
      ({ message }) =>
        new RunFolderError({
          path: file,
          field: "",
          problem: `cannot be read (${message})`,
          remedy: "Compare the models again, with `rapo compare --out`.",
        }),
    ),
  )
})
