/**
 * The report of an experiment: figures, tables and findings as one HTML page that needs nothing else, and the
 * headline figure as SVG.
 *
 * **Laws**  (`test/Report.test.ts`)
 * 1. Determinism: equal data give equal text.
 * 2. Safety: no text of the data adds an element or an attribute, and the SVG is well-formed XML for any text.
 * 3. Self-containment: no script, no address outside the page, less than 2 MB.
 *
 * Numbers that are not finite are left out of figures and shown as a dash in tables.
 */
import { passPanels } from "./report/CurveFigure.ts"
import type { ReportData } from "./report/Model.ts"
import type { EvaluationData } from "./report/EvaluationModel.ts"
import { page as evaluationPage } from "./report/EvaluationPage.ts"
import { page } from "./report/Page.ts"
import { levelOf } from "./report/Parts.ts"
import { renderMosaic } from "./report/Svg.ts"

// model

export type { PassCurve } from "./PassCurve.ts"
export type {
  EvaluationData,
  ProblemCell,
  ProblemRow,
  SupportResult,
  TextTable,
} from "./report/EvaluationModel.ts"
export type { ArmResult, FrontPoint, ReportData, SetResult, TrainingPoint } from "./report/Model.ts"

// destructors

/**
 * One self-contained HTML page.
 *
 * ```ts import.meta.vitest
 * import { Report } from "@rapo/eval"
 * const data = { title: "A & B", summary: [], arms: [], front: [], training: [], settings: [], notes: [] }
 * const html = await Report.renderReport(data)
 * html.includes("<h1>A &amp; B</h1>") // => true
 * html.includes("<script") // => false
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const renderReport = (data: ReportData): Promise<string> => page(data)

/**
 * The report of an evaluation of one model, or of two beside each other, as one self-contained HTML page: curves, support,
 * a heat map and a table of all problems that can be sorted, without script.
 *
 * @category destructors
 * @since 0.1.0
 */
export const renderEvaluation = (data: EvaluationData): Promise<string> => evaluationPage(data)

/**
 * The headline figure as SVG: pass@k against k, with bands, of the base and the chosen arms, one panel a set.
 *
 * @category destructors
 * @since 0.1.0
 */
export const passAtKFigure = (data: ReportData): Promise<string> => {
  const panels = passPanels(data)
  return renderMosaic(
    panels.map(({ figure }) => figure),
    panels.length === 4 ? 2 : 3,
    data.title,
    `pass@k against the number of attempts k, mean over problems; bands: ${levelOf(data)} intervals over problems.`,
  )
}
