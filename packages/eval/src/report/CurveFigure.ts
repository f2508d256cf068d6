/**
 * pass@k against k on a logarithmic axis, or its paired difference to the base: one panel a set, one line an arm, with
 * the band of its intervals, labelled where it ends.
 */
import type { Interval } from "../Interval.ts"
import type { PassCurve } from "../PassCurve.ts"
import * as Axis from "./Axis.ts"
import * as Format from "./Format.ts"
import * as Labels from "./Labels.ts"
import { printable } from "./Markup.ts"
import type { ReportData, SetResult } from "./Model.ts"
import * as Svg from "./Svg.ts"
import * as Theme from "./Theme.ts"

// model

interface Curve {
  readonly series: Theme.Series
  readonly result: SetResult
  readonly curve: PassCurve
}

/**
 * What a panel says about its set, in text.
 *
 * @category models
 * @since 0.1.0
 */
export interface CurvePanel {
  readonly set: SetResult
  readonly figure: Svg.Figure
}

// constants

const plotWidth = 204
const plotHeight = 220
const margins: Svg.Margins = { left: 54, right: 136, top: 56, bottom: 48 }

/** More labels than this do not fit beside each other. */
const mostTicks = 10

/** Bands overlap: light enough that five of them leave the lines in sight. */
const bandOpacity = 0.13

// constructors

/**
 * pass@k, a panel for each set.
 *
 * @category constructors
 * @since 0.1.0
 */
export const passPanels = (data: ReportData): ReadonlyArray<CurvePanel> =>
  panels(data, ({ pass }) => pass, {
    yTitle: "pass@k",
    yLabels: (digits) => ({ format: `.${digits}f` }),
    yHolds: [0],
    zeroLabel: undefined,
    sentence: "pass@k against k",
    show: Format.number,
  })

/**
 * The paired difference of pass@k to the base, a panel for each set that has one.
 *
 * @category constructors
 * @since 0.1.0
 */
export const differencePanels = (data: ReportData): ReadonlyArray<CurvePanel> =>
  panels(data, ({ difference }) => difference, {
    yTitle: "pass@k − base",
    yLabels: (digits) => ({ labelExpr: `datum.value === 0 ? "0" : format(datum.value, "+.${digits}f")` }),
    yHolds: [0],
    zeroLabel: "base",
    sentence: "Difference of pass@k to the base against k, paired by problem",
    show: Format.signed,
  })

// numerics

interface Look {
  readonly yTitle: string
  readonly yLabels: (digits: number) => { readonly format: string } | { readonly labelExpr: string }
  /** Values that the axis shows in any case. */
  readonly yHolds: ReadonlyArray<number>
  /** The name of the line at 0, where there is one. */
  readonly zeroLabel: string | undefined
  readonly sentence: string
  readonly show: (x: number) => string
}

const panels = (
  data: ReportData,
  curveOf: (result: SetResult) => PassCurve | undefined,
  look: Look,
): ReadonlyArray<CurvePanel> => {
  const all = Theme.chosenSeries(data).flatMap((series) =>
    series.arm.sets.flatMap((result): ReadonlyArray<Curve> => {
      const curve = curveOf(result)
      return curve === undefined || finitePoints(curve).length === 0 ? [] : [{ series, result, curve }]
    }),
  )
  return [...new Set(all.map(({ result }) => result.set))].flatMap((set) => {
    const curves = all.filter(({ result }) => result.set === set)
    const first = curves[0]?.result
    return first === undefined ? [] : [panelOf(first, curves, look)]
  })
}

const panelOf = (set: SetResult, curves: ReadonlyArray<Curve>, look: Look): CurvePanel => {
  const points = curves.flatMap(({ series, curve }) =>
    finitePoints(curve).map(([k, { mean, low, high }]) => ({
      arm: series.key,
      colour: series.style.colour.light,
      k,
      mean,
      low,
      high,
    })),
  )
  const ks = [...new Set(points.map(({ k }) => k))].toSorted((a, b) => a - b)
  const axis = Axis.holding([...look.yHolds, ...points.flatMap(({ mean, low, high }) => [mean, low, high])])
  const x = {
    field: "k",
    type: "quantitative" as const,
    scale: {
      type: "log" as const,
      base: 2,
      domain: [ks[0] ?? 1, Math.max(2, ks.at(-1) ?? 2)] as [number, number],
      nice: false,
    },
    axis: { values: ticksOf(ks), format: "d", grid: false, title: "attempts k (log scale)" },
  }
  const y = {
    field: "mean",
    type: "quantitative" as const,
    scale: { domain: [axis.low, axis.high] as [number, number], nice: false },
    axis: { values: [...axis.ticks], ...look.yLabels(axis.digits), title: look.yTitle, titleX: -44 },
  }
  const color = { field: "colour", type: "nominal", scale: null, legend: null } as const
  const zero =
    look.zeroLabel === undefined
      ? []
      : [
          {
            data: { values: [{ mean: 0 }] },
            mark: { type: "rule", color: Theme.quiet.light, strokeWidth: 1.5 },
            encoding: { y },
          } as const,
        ]
  const panel: Svg.Panel = {
    title: {
      text: printable(set.title),
      subtitle: `${set.problems} ${set.problems === 1 ? "problem" : "problems"}, ${set.samples} samples each`,
    },
    layer: [
      ...zero,
      {
        data: { values: points },
        mark: { type: "area", opacity: bandOpacity },
        encoding: {
          x,
          y: { ...y, field: "low" },
          y2: { field: "high" },
          color,
          detail: { field: "arm", type: "nominal" },
        },
      },
      ...curves.map(({ series }) => ({
        data: { values: points.filter(({ arm }) => arm === series.key) },
        mark: {
          type: "line" as const,
          strokeWidth: 2,
          strokeDash: [...series.dash],
          point: { filled: true, size: 18, shape: series.style.shape },
        },
        encoding: { x, y, color },
      })),
      {
        data: { values: endLabels(curves, ks, axis, look) },
        mark: {
          type: "text",
          align: "left",
          baseline: "middle",
          dx: 10,
          fontSize: Labels.fontSize,
          fontWeight: 600,
        },
        encoding: { x, y, color, text: { field: "text", type: "nominal" } },
      },
    ],
  }
  const alternative = `${look.sentence} on ${set.title}: ${curves.map(inWords(look)).join("; ")}.`
  return {
    set,
    figure: Svg.figure(set.title, alternative, { width: plotWidth, height: plotHeight }, margins, panel),
  }
}

/** All k, or every second one, counted from the first. */
const ticksOf = (ks: ReadonlyArray<number>): Array<number> =>
  ks.filter((_, index) => ks.length <= mostTicks || index % 2 === 0)

/** Labels at the right end, moved apart where lines end close together. */
const endLabels = (
  curves: ReadonlyArray<Curve>,
  ks: ReadonlyArray<number>,
  axis: Axis.Axis,
  { zeroLabel }: Look,
): ReadonlyArray<{
  readonly k: number
  readonly mean: number
  readonly text: string
  readonly colour: string
}> =>
  Labels.atEnds(
    [
      ...curves.map(({ series, curve }) => ({
        y: finitePoints(curve).at(-1)?.[1].mean ?? axis.low,
        text: series.arm.label,
        colour: series.style.colour.light,
      })),
      ...(zeroLabel === undefined ? [] : [{ y: 0, text: zeroLabel, colour: Theme.quiet.light }]),
    ],
    axis,
    plotHeight,
  ).map(({ y, text, colour }) => ({ k: ks.at(-1) ?? 1, mean: y, text, colour }))

const inWords =
  (look: Look) =>
  ({ series, curve }: Curve): string => {
    const points = finitePoints(curve)
    const [first, last] = [points[0], points.at(-1)]
    return first === undefined || last === undefined
      ? series.arm.label
      : `${series.arm.label} ${look.show(first[1].mean)} at k = ${first[0]}, ${look.show(last[1].mean)} at k = ${last[0]}`
  }

const finitePoints = (curve: PassCurve): ReadonlyArray<readonly [number, Interval]> =>
  curve.k.flatMap((k, j) => {
    const point = curve.points[j]
    return point !== undefined && k >= 1 && [k, point.mean, point.low, point.high].every(Axis.isDrawable)
      ? [[k, point] as const]
      : []
  })
