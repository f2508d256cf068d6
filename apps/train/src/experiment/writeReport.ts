/**
 * Draws the report of a run from its files: `report.html` and `passk.png`.
 */
import { Report } from "@rapo/eval"
import { Effect } from "effect"
import { createRequire } from "node:module"
import { type RunFolder, readMetrics, readSummary } from "../storage/RunFolder.ts"
import { reportData } from "./reportData.ts"

/** The picture's font is the project's own, so that it looks the same on a machine that has no fonts. */
const fonts = ["DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf"].map((file) =>
  createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`),
)

/** Width of `passk.png`, in pixels: sharp on a screen of twice the usual density. */
const pictureWidth = 1600

/** See the module header. */
export const writeReport = Effect.fn("writeReport")(function* (folder: RunFolder) {
  const data = reportData(yield* readSummary(folder.path), yield* readMetrics(folder.path))
  yield* folder.write("report.html", yield* Effect.promise(() => Report.renderReport(data)))
  const svg = yield* Effect.promise(() => Report.passAtKFigure(data))
  // Loaded here: a native module that no other command needs.
  const { Resvg } = yield* Effect.promise(() => import("@resvg/resvg-js"))
  const picture = new Resvg(svg, {
    fitTo: { mode: "width", value: pictureWidth },
    background: "white",
    font: { fontFiles: fonts, loadSystemFonts: false, defaultFontFamily: "DejaVu Sans Condensed" },
  })
  yield* folder.write("passk.png", picture.render().asPng())
})
