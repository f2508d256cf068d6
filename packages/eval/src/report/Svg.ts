/**
 * From a Vega-Lite specification to SVG text, without a DOM and without a canvas.
 */
import type { TopLevelSpec } from "vega-lite"
import { escape } from "./Markup.ts"
import * as Theme from "./Theme.ts"

// model

/**
 * Layers over each other in one plot.
 *
 * @category models
 * @since 0.1.0
 */
export type Panel = Extract<TopLevelSpec, { readonly layer: unknown }>

/**
 * A figure: what it shows, in words for those who do not see it, its specification, and its size in pixels.
 *
 * @category models
 * @since 0.1.0
 */
export interface Figure {
  readonly title: string
  readonly alternative: string
  readonly spec: Panel
  readonly width: number
  readonly height: number
}

/**
 * The room around a plot, in pixels. It is fixed, not fitted, so that panels beside each other have one scale.
 *
 * @category models
 * @since 0.1.0
 */
export interface Margins {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

// constructors

/**
 * A plot as a figure, of exactly the size of the plot and its margins.
 *
 * @category constructors
 * @since 0.1.0
 */
export const figure = (
  title: string,
  alternative: string,
  plot: { readonly width: number; readonly height: number },
  margins: Margins,
  panel: Panel,
): Figure => ({
  title,
  alternative,
  spec: {
    ...panel,
    ...plot,
    autosize: { type: "none" },
    background: "transparent",
    config: Theme.config,
    padding: { ...margins },
  },
  width: plot.width + margins.left + margins.right,
  height: plot.height + margins.top + margins.bottom,
})

// destructors

/**
 * The SVG of a figure, with `role="img"`, a title and a description. Equal figures give equal text.
 *
 * Vega is loaded on first use: importing this package for pass@k alone must not cost its start-up time.
 *
 * @category destructors
 * @since 0.1.0
 */
export const renderSvg = async (self: Figure): Promise<string> => described(self, await bare(self))

/**
 * Figures of one size side by side, `columns` in a row, as one SVG on white paper with a heading and a footnote.
 *
 * @category destructors
 * @since 0.1.0
 */
export const renderMosaic = async (
  figures: ReadonlyArray<Figure>,
  columns: number,
  title: string,
  footnote: string,
): Promise<string> => {
  const panels = await Promise.all(figures.map(bare))
  const [cellWidth, cellHeight] = [
    figures.reduce((widest, { width }) => Math.max(widest, width), 0),
    figures.reduce((highest, { height }) => Math.max(highest, height), 0),
  ]
  const width = frame.left + Math.max(frame.narrowest, Math.min(columns, figures.length) * cellWidth)
  const height = frame.top + Math.ceil(figures.length / columns) * cellHeight + frame.bottom
  const cells = panels.map((svg, index) => {
    const x = frame.left + (index % columns) * cellWidth
    const y = frame.top + Math.floor(index / columns) * cellHeight
    return svg.replace(/^<svg/, `<svg x="${x}" y="${y}"`)
  })
  const alternative = figures.map((each) => each.alternative).join(" ")
  return described(
    { title, alternative },
    [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
      `<rect width="${width}" height="${height}" fill="${Theme.paper.light}"/>`,
      `<g font-family="${escape(Theme.figureFont)}">`,
      `<text x="24" y="42" font-size="20" font-weight="700" fill="${Theme.ink.light}">${escape(title)}</text>`,
      `<text x="24" y="${height - 20}" font-size="12" fill="${Theme.quiet.light}">${escape(footnote)}</text>`,
      "</g>",
      ...cells,
      "</svg>",
    ].join(""),
  )
}

// numerics

/** The room around the panels of a mosaic: a heading above, a footnote below. */
const frame = { left: 8, top: 56, bottom: 44, narrowest: 480 }

const bare = async ({ spec }: Figure): Promise<string> => {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")])
  const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), {
    renderer: "none",
    logLevel: vega.Error,
  })
  const svg = await view.toSVG()
  view.finalize()
  return svg
}

const described = (
  { title, alternative }: { readonly title: string; readonly alternative: string },
  svg: string,
): string =>
  svg.replace(
    /^<svg([^>]*)>/,
    (_, attributes: string) =>
      `<svg${attributes} role="img" aria-label="${escape(alternative)}"><title>${escape(title)}</title>`,
  )
