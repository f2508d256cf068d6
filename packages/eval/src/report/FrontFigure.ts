/**
 * The front: pass@1 across, pass@k for a large k upwards, every arm a dot with the intervals of both.
 *
 * Arms are compared fairly only here, at equal pass@1: a coefficient of one regulariser is not that of another.
 */
import * as Axis from "./Axis.ts"
import * as Format from "./Format.ts"
import * as Labels from "./Labels.ts"
import { printable } from "./Markup.ts"
import type { FrontPoint, ReportData } from "./Model.ts"
import * as Svg from "./Svg.ts"
import * as Theme from "./Theme.ts"

// constants

const plotWidth = 292
const plotHeight = 270
const margins: Svg.Margins = { left: 58, right: 22, top: 56, bottom: 48 }

/** The area of a dot in square pixels, and the strength of its intervals. */
const dotSize = 75
const barOpacity = 0.38

// constructors

/**
 * The front of every set, in the order of its first dot.
 *
 * @category constructors
 * @since 0.1.0
 */
export const frontFigures = (data: ReportData): ReadonlyArray<Svg.Figure> => {
  const finite = data.front.filter(({ x, y }) =>
    [x, y].every(({ mean, low, high }) => [mean, low, high].every(Axis.isDrawable)),
  )
  return [...new Set(finite.map(({ set }) => set))].map((set) =>
    figureOf(
      data,
      set,
      finite.filter((point) => point.set === set),
    ),
  )
}

// numerics

const figureOf = (data: ReportData, set: string, points: ReadonlyArray<FrontPoint>): Svg.Figure => {
  const title = data.arms.flatMap(({ sets }) => sets).find((result) => result.set === set)?.title ?? set
  const styles = Theme.familiesOf(data)
  const large = [...new Set(points.map(({ kLarge }) => kLarge))].join(" or ")
  const xAxis = Axis.holding(points.flatMap(({ x }) => [x.mean, x.low, x.high]))
  const yAxis = Axis.holding(points.flatMap(({ y }) => [y.mean, y.low, y.high]))
  const rows = points.map(({ family, x, y }) => ({
    colour: styles.get(family)?.colour.light ?? Theme.ink.light,
    shape: styles.get(family)?.shape ?? "circle",
    x: x.mean,
    xLow: x.low,
    xHigh: x.high,
    y: y.mean,
    yLow: y.low,
    yHigh: y.high,
  }))
  const x = {
    field: "x",
    type: "quantitative" as const,
    scale: { domain: [xAxis.low, xAxis.high] as [number, number], nice: false },
    axis: { values: [...xAxis.ticks], title: "pass@1", format: `.${xAxis.digits}f` },
  }
  const y = {
    field: "y",
    type: "quantitative" as const,
    scale: { domain: [yAxis.low, yAxis.high] as [number, number], nice: false },
    axis: { values: [...yAxis.ticks], title: `pass@${large}`, titleX: -48, format: `.${yAxis.digits}f` },
  }
  const color = { field: "colour", type: "nominal", scale: null, legend: null } as const
  const base = rows.filter((_, index) => points[index]?.family === "base").slice(0, 1)
  const guide = { type: "rule" as const, color: Theme.quiet.light, strokeDash: [3, 4], opacity: 0.7 }
  const texts = [...labels(data, points, xAxis, yAxis, rows)]
  const label = {
    type: "text" as const,
    align: "left" as const,
    baseline: "middle" as const,
    fontSize: Labels.fontSize,
    fontWeight: 600 as const,
  }
  const panel: Svg.Panel = {
    data: { values: rows },
    title: { text: printable(title), subtitle: `up and to the right is better; dashes mark the base` },
    layer: [
      { data: { values: base }, mark: guide, encoding: { x } },
      { data: { values: base }, mark: guide, encoding: { y } },
      {
        mark: { type: "rule", opacity: barOpacity, strokeWidth: 1.5 },
        encoding: { x: { ...x, field: "xLow" }, x2: { field: "xHigh" }, y, color },
      },
      {
        mark: { type: "rule", opacity: barOpacity, strokeWidth: 1.5 },
        encoding: { x, y: { ...y, field: "yLow" }, y2: { field: "yHigh" }, color },
      },
      {
        mark: { type: "point", filled: true, opacity: 1, size: dotSize },
        encoding: { x, y, color, shape: { field: "shape", type: "nominal", scale: null, legend: null } },
      },
      {
        data: {
          values: texts.flatMap(({ line, colour }) => (line === undefined ? [] : [{ ...line, colour }])),
        },
        mark: { type: "rule", strokeWidth: 1 },
        encoding: { x, y, x2: { field: "x2" }, y2: { field: "y2" }, color },
      },
      // a halo of paper first: labels may lie over intervals
      {
        data: { values: texts },
        mark: {
          ...label,
          stroke: Theme.paper.light,
          strokeWidth: 3,
          strokeJoin: "round" as const,
          opacity: 0.85,
        },
        encoding: { x, y, color: { value: Theme.paper.light }, text: { field: "text", type: "nominal" } },
      },
      {
        data: { values: texts },
        mark: label,
        encoding: { x, y, color, text: { field: "text", type: "nominal" } },
      },
    ],
  }
  const words = points.map(
    (point) => `${labelOf(data, point)} ${Format.number(point.x.mean)}, ${Format.number(point.y.mean)}`,
  )
  const alternative = `pass@1 and pass@${large} on ${title}: ${words.join("; ")}.`
  return Svg.figure(title, alternative, { width: plotWidth, height: plotHeight }, margins, panel)
}

/** Labels of the chosen arms first: where there is no room for all, they keep theirs. */
const labels = (
  data: ReportData,
  points: ReadonlyArray<FrontPoint>,
  xAxis: Axis.Axis,
  yAxis: Axis.Axis,
  rows: ReadonlyArray<{ readonly colour: string }>,
): ReadonlyArray<{
  readonly x: number
  readonly y: number
  readonly text: string
  readonly colour: string
  readonly line:
    { readonly x: number; readonly y: number; readonly x2: number; readonly y2: number } | undefined
}> => {
  const isChosen = (arm: string): boolean => data.arms.some(({ name, chosen }) => chosen && name === arm)
  const order = points.map((_, index) => index).toSorted((a, b) => rank(a) - rank(b) || a - b)
  function rank(index: number): number {
    return isChosen(points[index]?.arm ?? "") ? 0 : 1
  }
  const dots = order.flatMap((index) => {
    const point = points[index]
    return point === undefined
      ? []
      : [
          {
            x: Axis.pixel(xAxis, plotWidth, point.x.mean),
            y: plotHeight - Axis.pixel(yAxis, plotHeight, point.y.mean),
            label: Labels.short(labelOf(data, point)),
          },
        ]
  })
  const frame = { left: 0, top: 0, right: plotWidth + margins.right, bottom: plotHeight }
  const across = (pixels: number): number => Axis.valueAt(xAxis, plotWidth, pixels)
  const upwards = (pixels: number): number => Axis.valueAt(yAxis, plotHeight, plotHeight - pixels)
  return Labels.place(dots, frame).flatMap((placed) => {
    const dot = dots[placed.dot]
    if (dot === undefined) return []
    const end = Labels.anchor(placed, dot)
    return [
      {
        x: across(placed.x),
        y: upwards(placed.y),
        text: placed.text,
        colour: rows[order[placed.dot] ?? 0]?.colour ?? Theme.ink.light,
        line: placed.isFar
          ? { x: across(dot.x), y: upwards(dot.y), x2: across(end.x), y2: upwards(end.y) }
          : undefined,
      },
    ]
  })
}

const labelOf = (data: ReportData, point: FrontPoint): string =>
  data.arms.find(({ name }) => name === point.arm)?.label ?? point.arm
