/**
 * Every problem as a square whose colour is its success rate, a figure for each model: the same place is the same problem.
 *
 * Problems stand in the order of the first model's rate, so that what a second model changed breaks the gradient.
 */
import type { EvaluationData, ProblemRow } from "./EvaluationModel.ts"
import * as Heat from "./Heat.ts"
import { printable } from "./Markup.ts"
import * as Svg from "./Svg.ts"
import * as Theme from "./Theme.ts"

// constants

const columns = 25
const side = 13
const margins: Svg.Margins = { left: 12, right: 12, top: 56, bottom: 34 }

// constructors

/**
 * One figure a model.
 *
 * @category constructors
 * @since 0.1.0
 */
export const heatFigures = (data: EvaluationData): ReadonlyArray<Svg.Figure> => {
  const ordered = data.problems.toSorted((a, b) => rateOf(b, 0) - rateOf(a, 0))
  return data.problems.length === 0 ? [] : data.models.map((model, m) => figureOf(model, ordered, m))
}

/**
 * The share of samples that a model solves; 0 where there are none.
 *
 * @category destructors
 * @since 0.1.0
 */
export const rateOf = ({ cells }: ProblemRow, model: number): number => {
  const cell = cells[model]
  return cell === undefined || cell.samples === 0 ? 0 : cell.correct / cell.samples
}

// numerics

const figureOf = (model: string, problems: ReadonlyArray<ProblemRow>, m: number): Svg.Figure => {
  const rows = Math.ceil(problems.length / columns)
  const [width, height] = [columns * side, rows * side]
  const x = {
    type: "quantitative" as const,
    scale: { domain: [0, columns] as [number, number], nice: false },
    axis: null,
  }
  const y = {
    type: "quantitative" as const,
    scale: { domain: [0, rows] as [number, number], nice: false, reverse: true },
    axis: null,
  }
  const colour = { field: "colour", type: "nominal", scale: null, legend: null } as const
  const squares = problems.map(({ cells }, index) => {
    const cell = cells[m]
    const [column, row] = [index % columns, Math.floor(index / columns)]
    return {
      colour:
        Heat.steps[Heat.stepOf(cell?.samples ?? 0, cell?.correct ?? 0)]?.ground.light ?? Theme.line.light,
      left: column + gap,
      right: column + 1 - gap,
      top: row + gap,
      bottom: row + 1 - gap,
    }
  })
  const never = problems.filter((problem) => rateOf(problem, m) === 0).length
  const always = problems.filter((problem) => rateOf(problem, m) === 1).length
  const legend = `never solved: ${never}, always: ${always}, of ${problems.length}`
  const panel: Svg.Panel = {
    title: {
      text: printable(model),
      subtitle: "a square a problem, by its success rate",
    },
    layer: [
      {
        data: { values: squares },
        mark: { type: "rect" },
        encoding: {
          x: { ...x, field: "left" },
          x2: { field: "right" },
          y: { ...y, field: "top" },
          y2: { field: "bottom" },
          color: colour,
        },
      },
      {
        data: { values: [{ left: 0, top: rows }] },
        mark: {
          type: "text",
          align: "left",
          baseline: "top",
          dx: 1,
          dy: 8,
          fontSize: 11.5,
          color: Theme.quiet.light,
          text: legend,
        },
        encoding: { x: { ...x, field: "left" }, y: { ...y, field: "top" } },
      },
    ],
  }
  return Svg.figure(
    model,
    `Success rate of each of ${problems.length} problems for ${model}, in the order of the first model's; ${legend}. The table of problems has the numbers.`,
    { width, height },
    margins,
    panel,
  )
}

/** Between squares, on each side, as a share of a square. */
const gap = 0.06
