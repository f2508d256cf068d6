/**
 * Reward, entropy and KL over training: thin lines are single steps, bold ones a centred running mean.
 */
import * as Axis from "./Axis.ts"
import * as Format from "./Format.ts"
import * as Labels from "./Labels.ts"
import type { ReportData, TrainingPoint } from "./Model.ts"
import * as Svg from "./Svg.ts"
import * as Theme from "./Theme.ts"

// model

type Metric = "reward" | "entropy" | "kl"

interface Line {
  readonly series: Theme.Series
  readonly points: ReadonlyArray<{ readonly step: number; readonly raw: number; readonly mean: number }>
}

// constants

const plotWidth = 204
const plotHeight = 170
const margins: Svg.Margins = { left: 54, right: 136, top: 56, bottom: 46 }

/** No more points than pixels: a long run is binned, which also bounds the size of the report. */
const mostPoints = 240

/** The share of a run that the running mean looks at. */
const windowShare = 1 / 12

const titles: Readonly<Record<Metric, readonly [string, string]>> = {
  reward: ["Reward", "mean over the batch"],
  entropy: ["Entropy", "of the policy, nats"],
  kl: ["KL", "between policy and reference, nats"],
}

// constructors

/**
 * One panel a metric, of the chosen arms.
 *
 * @category constructors
 * @since 0.1.0
 */
export const trainingFigures = (data: ReportData): ReadonlyArray<Svg.Figure> =>
  (["reward", "entropy", "kl"] as const).flatMap((metric) => {
    const lines = linesOf(data, metric)
    return lines.length === 0 ? [] : [figureOf(metric, lines)]
  })

// numerics

const linesOf = (data: ReportData, metric: Metric): ReadonlyArray<Line> =>
  Theme.chosenSeries(data).flatMap((series) => {
    const own = data.training
      .filter(({ arm, step }) => arm === series.arm.name && Axis.isDrawable(step))
      .filter((point) => Axis.isDrawable(point[metric]))
    const points = runningMean(binned(own, metric))
    return points.length === 0 ? [] : [{ series, points }]
  })

/** Means of consecutive steps, at most `mostPoints` of them, in the order of the steps. */
const binned = (
  points: ReadonlyArray<TrainingPoint>,
  metric: Metric,
): ReadonlyArray<{ readonly step: number; readonly raw: number }> => {
  const sorted = points.toSorted((a, b) => a.step - b.step)
  const size = Math.max(1, Math.ceil(sorted.length / mostPoints))
  return Array.from({ length: Math.ceil(sorted.length / size) }, (_, bin) => {
    const some = sorted.slice(bin * size, (bin + 1) * size)
    return { step: average(some.map(({ step }) => step)), raw: average(some.map((point) => point[metric])) }
  })
}

const runningMean = (
  points: ReadonlyArray<{ readonly step: number; readonly raw: number }>,
): Line["points"] => {
  const half = Math.floor((points.length * windowShare) / 2)
  return points.map((point, index) => ({
    ...point,
    mean: average(points.slice(Math.max(0, index - half), index + half + 1).map(({ raw }) => raw)),
  }))
}

const average = (values: ReadonlyArray<number>): number => values.reduce((a, b) => a + b, 0) / values.length

const figureOf = (metric: Metric, lines: ReadonlyArray<Line>): Svg.Figure => {
  const [title, subtitle] = titles[metric]
  const rows = lines.flatMap(({ series, points }) =>
    points.map((point) => ({ arm: series.key, colour: series.style.colour.light, ...point })),
  )
  const xAxis = Axis.holding([0, ...rows.map(({ step }) => step)], 3)
  const lastStep = rows.reduce((last, { step }) => Math.max(last, step), 1)
  const yAxis = Axis.holding([0, ...rows.map(({ raw }) => raw)], 3)
  const x = {
    field: "step",
    type: "quantitative" as const,
    scale: { domain: [0, lastStep] as [number, number], nice: false },
    axis: {
      values: xAxis.ticks.filter((tick) => tick <= lastStep),
      title: "step",
      format: `.${xAxis.digits}f`,
      grid: false,
    },
  }
  const y = {
    field: "mean",
    type: "quantitative" as const,
    scale: { domain: [yAxis.low, yAxis.high] as [number, number], nice: false },
    axis: { values: [...yAxis.ticks], title: null, format: `.${yAxis.digits}f` },
  }
  const color = { field: "colour", type: "nominal", scale: null, legend: null } as const
  const ends = lines.map(({ series, points }) => ({
    y: points.at(-1)?.mean ?? 0,
    text: series.arm.label,
    colour: series.style.colour.light,
  }))
  const panel: Svg.Panel = {
    title: { text: title, subtitle },
    layer: [
      {
        data: { values: rows },
        mark: { type: "line", strokeWidth: 1, opacity: 0.22 },
        encoding: { x, y: { ...y, field: "raw" }, color, detail: { field: "arm", type: "nominal" } },
      },
      ...lines.map(({ series }) => ({
        data: { values: rows.filter(({ arm }) => arm === series.key) },
        mark: { type: "line" as const, strokeWidth: 2, strokeDash: [...series.dash] },
        encoding: { x, y, color },
      })),
      {
        data: {
          values: Labels.atEnds(ends, yAxis, plotHeight).map((end) => ({
            ...end,
            step: lastStep,
            mean: end.y,
          })),
        },
        mark: {
          type: "text",
          align: "left",
          baseline: "middle",
          dx: 8,
          fontSize: Labels.fontSize,
          fontWeight: 600,
        },
        encoding: { x, y, color, text: { field: "text", type: "nominal" } },
      },
    ],
  }
  const words = lines.map(
    ({ series, points }) =>
      `${series.arm.label} from ${Format.number(points[0]?.mean ?? Number.NaN)} to ${Format.number(points.at(-1)?.mean ?? Number.NaN)}`,
  )
  return Svg.figure(
    title,
    `${title}, ${subtitle}, over training: ${words.join("; ")}.`,
    { width: plotWidth, height: plotHeight },
    margins,
    panel,
  )
}
