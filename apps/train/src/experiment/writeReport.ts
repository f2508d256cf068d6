/**
 * Draws the report of a run from its files: `report.html` and `passk.png`.
 */
import { Report } from "@rapo/eval"
import { Effect } from "effect"
import { picture } from "../evaluate/report/picture.ts"
import { type RunFolder, readMetrics, readSummary } from "../storage/RunFolder.ts"
import { reportData } from "./reportData.ts"

/** See the module header. */
export const writeReport = Effect.fn("writeReport")(function* (folder: RunFolder) {
  const data = reportData(yield* readSummary(folder.path), yield* readMetrics(folder.path))
  yield* folder.write("report.html", yield* Effect.promise(() => Report.renderReport(data)))
  const svg = yield* Effect.promise(() => Report.passAtKFigure(data))
  yield* folder.write("passk.png", yield* picture(svg))
})
