/**
 * Which problems the second model keeps, gains and loses: four bars.
 */
import type { Change } from "../Support.ts"
import type { SupportResult } from "./EvaluationModel.ts"
import * as Svg from "./Svg.ts"
import * as Theme from "./Theme.ts"

// constants

const plotWidth = 230
const barHeight = 34
const margins: Svg.Margins = { left: 112, right: 64, top: 56, bottom: 16 }

/** Colour, and what the name means. */
const changes: ReadonlyArray<readonly [Change, string, Theme.Colour]> = [
  ["preserved", "both solve", Theme.families["reverse KL"]?.colour ?? Theme.ink],
  ["expanded", "newly solved", Theme.families["forward KL"]?.colour ?? Theme.ink],
  ["shrunk", "newly lost", Theme.families["no KL"]?.colour ?? Theme.ink],
  ["out", "neither solves", Theme.quiet],
]

/**
 * The colours of the figure, for the rules of dark mode.
 *
 * @category constants
 * @since 0.1.0
 */
export const colours: ReadonlyArray<Theme.Colour> = changes.map(([, , colour]) => colour)

// constructors

/**
 * The bars, with their counts.
 *
 * @category constructors
 * @since 0.1.0
 */
export const supportFigure = (support: SupportResult): Svg.Figure => {
  const { counts } = support
  const total = changes.reduce((sum, [change]) => sum + counts[change], 0)
  const rows = changes.map(([change, name, { light }]) => ({
    name,
    colour: light,
    count: counts[change],
    text: `${counts[change]}  (${total === 0 ? 0 : Math.round((100 * counts[change]) / total)} %)`,
  }))
  const y = {
    field: "name",
    type: "nominal" as const,
    sort: null,
    axis: { title: null, labelFontSize: 12, labelColor: Theme.ink.light, grid: false },
    scale: { padding: 0.25 },
  }
  const x = {
    field: "count",
    type: "quantitative" as const,
    scale: { domain: [0, Math.max(1, total)] as [number, number], nice: false },
    axis: null,
  }
  const color = { field: "colour", type: "nominal", scale: null, legend: null } as const
  const panel: Svg.Panel = {
    data: { values: rows },
    title: { text: "Support", subtitle: "problems with at least one correct sample" },
    layer: [
      { mark: { type: "bar" }, encoding: { x, y, color } },
      {
        mark: { type: "text", align: "left", baseline: "middle", dx: 6, fontSize: 11.5, fontWeight: 600 },
        encoding: { x, y, color, text: { field: "text", type: "nominal" } },
      },
    ],
  }
  const words = changes.map(([change, name]) => `${name} ${counts[change]}`).join(", ")
  return Svg.figure(
    "Support",
    `Problems by what changed between the models, of ${total}: ${words}.`,
    { width: plotWidth, height: changes.length * barHeight },
    margins,
    panel,
  )
}
