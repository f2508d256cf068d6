/**
 * `rapo report`: draws the report of a run again: of training, of an evaluation, or of a comparison.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"

/** See the module header. */
export const report = Command.make(
  "report",
  {
    run: Argument.String("run").pipe(
      Argument.withDescription("The folder of a run, such as runs/countdown-…"),
    ),
  },
  Effect.fn(function* ({ run }) {
    const fs = yield* FileSystem.FileSystem
    const has = (file: string) => fs.exists(`${run}/${file}`).pipe(Effect.orElseSucceed(() => false))
    const { openRunFolder, readSummary } = yield* Effect.promise(() => import("../storage/RunFolder.ts"))
    if (yield* has("evaluation.json")) {
      const { writeEvaluation } = yield* Effect.promise(() => import("../evaluate/writeEvaluation.ts"))
      yield* writeEvaluation(run)
    } else {
      const { readEvaluationSummary } = yield* Effect.promise(
        () => import("../evaluate/report/readEvaluationSummary.ts"),
      )
      const comparison = yield* readEvaluationSummary(run)
      if (comparison !== undefined) {
        const { writeSummary } = yield* Effect.promise(() => import("../evaluate/writeEvaluation.ts"))
        yield* writeSummary(yield* openRunFolder(run), comparison)
      } else {
        const { writeReport } = yield* Effect.promise(() => import("../experiment/writeReport.ts"))
        // Read first: opening would make a folder that is not there.
        yield* readSummary(run)
        yield* writeReport(yield* openRunFolder(run))
      }
    }
    yield* Console.log(`${run}/report.html`)
  }),
).pipe(
  Command.withDescription(
    "Draw report.html and passk.png of a run again: of training or of a comparison from its summary.json, of an evaluation from its samples.",
  ),
  Command.withShortDescription("Draw a run's report again"),
)
