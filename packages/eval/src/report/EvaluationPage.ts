/**
 * The report of an evaluation as one HTML page: curves, what changed, every problem, the numbers, the settings.
 */
import * as CurveFigure from "./CurveFigure.ts"
import type { EvaluationData, SupportResult } from "./EvaluationModel.ts"
import * as Format from "./Format.ts"
import * as Heat from "./Heat.ts"
import * as HeatFigure from "./HeatFigure.ts"
import { concat, element, type Markup } from "./Markup.ts"
import * as Parts from "./Parts.ts"
import * as ProblemTables from "./ProblemTables.ts"
import * as Style from "./Style.ts"
import * as SupportFigure from "./SupportFigure.ts"
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
export const page = async (data: EvaluationData): Promise<string> => {
  const { report, support } = data
  const level = Parts.levelOf(report)
  const body = element(
    "main",
    {},
    element("header", {}, element("h1", {}, report.title), Parts.findings(report)),
    Parts.section(
      "pass@k",
      Parts.lede(
        `The chance that one of k samples is correct, mean over problems. Bands are ${level} intervals over problems.`,
      ),
      await Parts.curveFigures(CurveFigure.passPanels(report)),
    ),
    Parts.section(
      "What changed",
      Parts.lede(
        `The second model minus the first on the same problems, with ${level} intervals; and which problems each solves at least once.`,
      ),
      [
        ...(await Parts.curveFigures(CurveFigure.differencePanels(report))),
        ...(support === undefined ? [] : await Parts.plainFigures([SupportFigure.supportFigure(support)])),
      ],
    ),
    support === undefined ? concat([]) : supportNumbers(support, level),
    Parts.section(
      "Problems",
      Parts.lede(
        "Colour grows with the square root of the share of correct samples, so that rare successes show; grey: never solved.",
      ),
      await Parts.plainFigures(HeatFigure.heatFigures(data)),
    ),
    ProblemTables.problemTables(data),
    Parts.section(
      "Training",
      Parts.lede("Thin lines are single steps; bold ones a running mean over a twelfth of the run."),
      await Parts.plainFigures(TrainingFigure.trainingFigures(report)),
    ),
    element(
      "section",
      {},
      element("h2", {}, "Numbers"),
      ...Parts.setsOf(report).flatMap((set) => [
        Tables.passTable(report, set),
        Tables.differenceTable(report, set),
      ]),
      ...data.tables.map(({ caption, head, rows }) =>
        Tables.table({
          caption,
          head,
          rows: rows.map(([first, ...rest]) => [first ?? "", ...rest]),
          numeric: true,
        }),
      ),
    ),
    reading(level),
    ...Parts.list("Notes", report.notes),
    report.settings.length === 0
      ? concat([])
      : element("section", {}, element("h2", {}, "Settings"), Tables.settingsTable(report)),
  )
  return Parts.document(report.title, sheet(data), body)
}

// numerics

const sheet = ({ report }: EvaluationData): string =>
  [
    Style.sheet(report),
    Heat.rules("light"),
    ProblemTables.rules,
    `@media screen and (prefers-color-scheme:dark){${Heat.rules("dark")}${Theme.darkRules([
      ...SupportFigure.colours,
      ...Heat.steps.map(({ ground }) => ground),
    ])}}`,
    "@media print{td[class^=heat]{-webkit-print-color-adjust:exact;print-color-adjust:exact}}",
  ].join("\n")

const supportNumbers = (support: SupportResult, level: string): Markup =>
  element(
    "section",
    {},
    Tables.table({
      caption: `Support dynamics, with ${level} intervals over problems`,
      head: ["Ratio", "Value", "Meaning"],
      rows: support.ratios.map(([name, meaning, value]) => [
        name,
        value === undefined ? "–" : `${Format.number(value.mean)} ${Format.range(value)}`,
        meaning,
      ]),
      numeric: false,
    }),
    named("Newly solved", support.solved),
    named("Newly lost", support.lost),
  )

const named = (title: string, ids: ReadonlyArray<string>): Markup =>
  element(
    "p",
    {},
    element("strong", {}, `${title} (${ids.length}): `),
    ids.length === 0 ? "none" : ids.join(", "),
  )

const reading = (level: string): Markup =>
  element(
    "section",
    {},
    element("h2", {}, "How to read this"),
    element(
      "dl",
      {},
      ...Parts.entry(
        "pass@k",
        "Of n samples of a problem, c correct, the unbiased estimate is ",
        element("span", { class: "formula" }, "1 − C(n−c, k) / C(n, k)"),
        "; shown is the mean over problems.",
      ),
      ...Parts.entry(
        "Interval over problems",
        `Where the mean of all such problems lies: problems are drawn again with replacement, and the ${level} interval is BCa's, of differences no shorter than Student's; `,
        "it is widened by the harder problems that may not have been drawn. It covers the choice of problems and the luck of sampling, not the luck of training.",
      ),
      ...Parts.entry(
        "Diversity",
        "The entropy of answers is 0 when all samples agree. Different words and pairs of words are shares of all of them; ",
        "self-BLEU is how well each sample is covered by phrases of the others: 1 for copies, near 0 for strangers.",
      ),
      ...Parts.entry(
        "Interval of a problem",
        "What c of n say of that problem's own rate, with a uniform prior (a central credible interval).",
      ),
    ),
  )
