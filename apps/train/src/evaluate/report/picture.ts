/**
 * An SVG as a PNG, in the project's own font: it looks the same on a machine that has no fonts.
 */
import { Effect } from "effect"
import { createRequire } from "node:module"

const fonts = ["DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf"].map((file) =>
  createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`),
)

/** In pixels: sharp on a screen of twice the usual density. */
const width = 1600

/** The bytes of the PNG. */
export const picture = Effect.fn("picture")(function* (svg: string) {
  // Loaded here: a native module that no other command needs.
  const { Resvg } = yield* Effect.promise(() => import("@resvg/resvg-js"))
  return new Resvg(svg, {
    fitTo: { mode: "width", value: width },
    background: "white",
    font: { fontFiles: fonts, loadSystemFonts: false, defaultFontFamily: "DejaVu Sans Condensed" },
  })
    .render()
    .asPng()
})
