/**
 * Every problem in a table that can be sorted, on a page without script: the table is there once for each order, and a
 * radio button shows the one whose turn it is. `display: none` hides the others from every reader alike; the keyboard's
 * arrows go from order to order, as in any group of radio buttons. The price is size, about 150 bytes a problem, model and order.
 */
import * as Format from "./Format.ts"
import type { EvaluationData, ProblemCell, ProblemRow } from "./EvaluationModel.ts"
import * as Heat from "./Heat.ts"
import { rateOf } from "./HeatFigure.ts"
import { concat, element, type Markup } from "./Markup.ts"
import { table } from "./Tables.ts"

// model

interface Order {
  readonly label: string
  readonly sorted: (problems: ReadonlyArray<ProblemRow>) => ReadonlyArray<ProblemRow>
}

// constructors

/**
 * The tables with their buttons; nothing when there are no problems.
 *
 * @category constructors
 * @since 0.1.0
 */
export const problemTables = (data: EvaluationData): Markup =>
  data.problems.length === 0
    ? concat([])
    : element(
        "div",
        { class: "sortable", role: "group", "aria-label": "Problems, in the order of your choice" },
        ...ordersOf(data).flatMap(({ label }, index) => [
          element("input", {
            type: "radio",
            name: "order",
            id: `order${index}`,
            ...(index === 0 ? { checked: "checked" } : {}),
          }),
          element("label", { for: `order${index}` }, label),
        ]),
        ...ordersOf(data).map(({ label, sorted }, index) =>
          element(
            "div",
            { class: `order order${index}` },
            table({
              caption: `Problems ${label}`,
              head: ["Problem", ...data.models.flatMap((model) => headsOf(data, model))],
              rows: sorted(data.problems).map(({ id, cells }) => [
                id,
                ...cells.flatMap((cell) => cellsOf(data, cell)),
              ]),
              numeric: true,
            }),
          ),
        ),
      )

/**
 * The rules that show the chosen order.
 *
 * @category constructors
 * @since 0.1.0
 */
export const rules: string = [
  ".sortable input{margin:0 .35em 0 0;accent-color:var(--mark)}.sortable label{margin-right:1.4em;font-size:.9rem}",
  ".sortable{margin-top:20px}.sortable .order{display:none}.scroll+p{margin-top:1.2em}",
  ...[0, 1, 2, 3, 4].map((index) => `#order${index}:checked~.order${index}{display:block}`),
  "@media print{.sortable input,.sortable label{display:none}}",
].join("")

// numerics

const ordersOf = ({ models }: EvaluationData): ReadonlyArray<Order> => {
  const last = models.length - 1
  return [
    { label: "as they were asked", sorted: (problems) => problems },
    {
      label: "hardest first",
      sorted: (problems) => problems.toSorted((a, b) => rateOf(a, last) - rateOf(b, last)),
    },
    {
      label: "easiest first",
      sorted: (problems) => problems.toSorted((a, b) => rateOf(b, last) - rateOf(a, last)),
    },
    ...(models.length < 2
      ? []
      : [
          {
            label: "largest gain first",
            sorted: (problems: ReadonlyArray<ProblemRow>) => problems.toSorted((a, b) => gain(b) - gain(a)),
          },
          {
            label: "largest loss first",
            sorted: (problems: ReadonlyArray<ProblemRow>) => problems.toSorted((a, b) => gain(a) - gain(b)),
          },
        ]),
  ]
}

const gain = (problem: ProblemRow): number => rateOf(problem, problem.cells.length - 1) - rateOf(problem, 0)

const hasAnswers = ({ problems }: EvaluationData): boolean =>
  problems.some(({ cells }) => cells.some(({ answers }) => answers !== undefined))

const headsOf = (data: EvaluationData, model: string): ReadonlyArray<string> => [
  model,
  ...(hasAnswers(data) ? ["answers"] : []),
]

const cellsOf = (data: EvaluationData, cell: ProblemCell): ReadonlyArray<Markup> => [
  element(
    "td",
    { class: Heat.className(Heat.stepOf(cell.samples, cell.correct)) },
    `${cell.correct}/${cell.samples}`,
    element("small", {}, Format.range(cell.rate)),
  ),
  ...(hasAnswers(data)
    ? [
        element(
          "td",
          {},
          cell.answers === undefined ? "–" : `${cell.answers}`,
          element("small", {}, cell.entropy === undefined ? "" : `${Format.number(cell.entropy, 2)} nats`),
        ),
      ]
    : []),
]
