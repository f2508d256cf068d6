/**
 * A report as one HTML page: figures and tables inline, no script, and no request to anywhere.
 */
import * as CurveFigure from "./CurveFigure.ts"
import * as FrontFigure from "./FrontFigure.ts"
import { concat, element, type Markup } from "./Markup.ts"
import type { ReportData } from "./Model.ts"
import {
  curveFigures,
  document,
  entry,
  findings,
  lede,
  levelOf,
  list,
  plainFigures,
  section,
  setsOf,
} from "./Parts.ts"
import * as Style from "./Style.ts"
import * as Tables from "./Tables.ts"
import * as Theme from "./Theme.ts"
import * as TrainingFigure from "./TrainingFigure.ts"

// constructors

/**
 * The whole page. Equal data give equal text.
 *
 * @category constructors
 * @since 0.1.0
 */
export const page = async (data: ReportData): Promise<string> => {
  const curves = await curveFigures(CurveFigure.passPanels(data))
  const differences = await curveFigures(CurveFigure.differencePanels(data))
  const fronts = await plainFigures(FrontFigure.frontFigures(data))
  const training = await plainFigures(TrainingFigure.trainingFigures(data))
  const body = element(
    "main",
    {},
    element("header", {}, element("h1", {}, data.title), findings(data)),
    section("pass@k", passIntroduction(data), curves),
    section("What training changed", differenceIntroduction(data), differences),
    section("The front", frontIntroduction(data), fronts),
    section("Training", trainingIntroduction, training),
    element("section", {}, element("h2", {}, "Numbers"), ...tables(data)),
    reading(data),
    ...list("Notes", data.notes),
    data.settings.length === 0
      ? concat([])
      : element("section", {}, element("h2", {}, "Settings"), Tables.settingsTable(data)),
  )
  return document(data.title, Style.sheet(data), body)
}

// numerics

const passIntroduction = (data: ReportData): Markup =>
  lede(
    `The share of problems solved within k attempts. Bands are ${levelOf(data)} intervals over problems. `,
    "Shown are the base and the arms chosen on validation problems; all arms are in the tables.",
  )

const differenceIntroduction = (data: ReportData): Markup =>
  lede(
    `pass@k of each arm minus that of the base on the same problems, with ${levelOf(data)} intervals. `,
    "Above the line training helped; below it, the base solves more.",
  )

const frontIntroduction = (data: ReportData): Markup =>
  concat([
    lede(
      "What an arm gains at one attempt against what it keeps at many. ",
      "Compare arms at equal pass@1, not at equal coefficients: the same α is not the same strength in two regularisers. ",
      `Bars are ${levelOf(data)} intervals.`,
    ),
    element(
      "ul",
      { class: "legend" },
      ...[...Theme.familiesOf(data)].map(([name, { glyph }], index) =>
        element(
          "li",
          {},
          element("span", { class: Style.familyClass(index), "aria-hidden": "true" }, glyph),
          name,
        ),
      ),
    ),
  ])

const trainingIntroduction = lede(
  "Thin lines are single steps; bold ones a running mean over a twelfth of the run. Rewards of training batches are noisy: read progress from pass@k.",
)

export const tables = (data: ReportData): ReadonlyArray<Markup> => [
  ...setsOf(data).flatMap((set) => [Tables.passTable(data, set), Tables.differenceTable(data, set)]),
  ...(data.arms.length === 0 ? [] : [Tables.diagnosticsTable(data)]),
]

const reading = (data: ReportData): Markup =>
  element(
    "section",
    {},
    element("h2", {}, "How to read this"),
    element(
      "dl",
      {},
      ...entry(
        "pass@k",
        "The chance that one of k samples is correct. Of n samples of a problem, c correct, the unbiased estimate is ",
        element("span", { class: "formula" }, "1 − C(n−c, k) / C(n, k)"),
        "; shown is the mean over problems.",
      ),
      ...entry(
        "Interval",
        `Problems are drawn again with replacement: the ${levelOf(data)} interval is BCa's, of differences no shorter than Student's, and widened by the harder problems that may not have been drawn. `,
        "It covers the choice of problems and the luck of sampling, not the luck of training: another training seed can fall outside.",
      ),
      ...entry(
        "Difference",
        "Both policies are resampled on the same problems, so that easy and hard ones cancel. ",
        "Intervals stand for themselves: with many of them, a few exclude 0 by chance.",
      ),
      ...setsOf(data).flatMap(({ title, description }) =>
        description === "" ? [] : entry(title, description),
      ),
    ),
  )
