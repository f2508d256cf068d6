/**
 * `rapo report`: draws the report of a finished run again.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"

/** See the module header. */
export const report = Command.make(
  "report",
  {
    run: Argument.String("run").pipe(
      Argument.withDescription("The folder of a run, such as runs/countdown-…"),
    ),
  },
  Effect.fn(function* ({ run }) {
    const { openRunFolder, readSummary } = yield* Effect.promise(() => import("../storage/RunFolder.ts"))
    const { writeReport } = yield* Effect.promise(() => import("../experiment/writeReport.ts"))
    // Read first: opening would make a folder that is not there.
    yield* readSummary(run)
    yield* writeReport(yield* openRunFolder(run))
    yield* Console.log(`${run}/report.html`)
  }),
).pipe(
  Command.withDescription(
    "Draw report.html and passk.png of a run again, from its summary.json and metrics.ndjson.",
  ),
  Command.withShortDescription("Draw a run's report again"),
)
