/**
 * From a Vega-Lite specification to SVG text, without a DOM and without a canvas.
 */
import type { TopLevelSpec } from "vega-lite"
import { escape } from "./Markup.ts"
import * as Theme from "./Theme.ts"

// model

/**
 * A specification that can stand alone or beside others.
 *
 * @category models
 * @since 0.1.0
 */
export type Panel = Extract<TopLevelSpec, { readonly hconcat: unknown }>["hconcat"][number]

/**
 * A figure: what it shows, in words for those who do not see it, and the specification.
 *
 * @category models
 * @since 0.1.0
 */
export interface Figure {
  readonly title: string
  readonly alternative: string
  readonly spec: TopLevelSpec
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
 * A panel as a figure of its own, of exactly the size of its plot and the margins.
 *
 * @category constructors
 * @since 0.1.0
 */
export const alone = (title: string, alternative: string, panel: Panel, margins: Margins): Figure => ({
  title,
  alternative,
  spec: {
    ...panel,
    autosize: { type: "none" },
    background: "transparent",
    config: Theme.config,
    padding: margins,
  } as TopLevelSpec,
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
export const renderSvg = async ({ title, alternative, spec }: Figure): Promise<string> => {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")])
  const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), {
    renderer: "none",
    logLevel: vega.Error,
  })
  const svg = await view.toSVG()
  view.finalize()
  return svg.replace(
    /^<svg([^>]*)>/,
    (_, attributes: string) =>
      `<svg${attributes} role="img" aria-label="${escape(alternative)}"><title>${escape(title)}</title>`,
  )
}
