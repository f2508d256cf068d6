/**
 * The numbers of a report as tables: captions, headed rows and columns, digits in line.
 */
import type { Interval } from "../Interval.ts"
import { excludesZero } from "../Interval.ts"
import type { PassCurve } from "../PassCurve.ts"
import * as Format from "./Format.ts"
import { concat, element, type Markup } from "./Markup.ts"
import type { ArmResult, ReportData, SetResult } from "./Model.ts"

// model

/**
 * A table of a caption, headed columns and headed rows.
 *
 * @category models
 * @since 0.1.0
 */
export interface Table {
  readonly caption: string
  readonly head: ReadonlyArray<string>
  /** Of each row, the heading first. */
  readonly rows: ReadonlyArray<readonly [Markup | string, ...ReadonlyArray<Markup | string>]>
  readonly numeric: boolean
}

// constructors

/**
 * pass@k of every arm on a set, each with its interval.
 *
 * @category constructors
 * @since 0.1.0
 */
export const passTable = (data: ReportData, set: SetResult): Markup =>
  curveTable(
    data,
    set,
    `${set.title}: pass@k`,
    ({ pass }) => pass,
    Format.number,
    () => false,
  )

/**
 * The paired differences of every arm to the base on a set; bold where the interval excludes 0.
 *
 * @category constructors
 * @since 0.1.0
 */
export const differenceTable = (data: ReportData, set: SetResult): Markup =>
  curveTable(
    data,
    set,
    `${set.title}: difference of pass@k to the base, paired by problem (bold: the interval excludes 0)`,
    ({ difference }) => difference,
    Format.signed,
    excludesZero,
  )

/**
 * What the policies are like.
 *
 * @category constructors
 * @since 0.1.0
 */
export const diagnosticsTable = (data: ReportData): Markup =>
  table({
    caption: "The policies at the end of training (entropy and divergences in nats)",
    head: ["Arm", "Entropy", "KL(π ‖ base)", "KL(base ‖ π)", "Legal answers", "Mean length"],
    rows: data.arms.flatMap((arm) =>
      arm.diagnostics === undefined
        ? []
        : [
            [
              armHeading(arm),
              Format.number(arm.diagnostics.entropy),
              Format.number(arm.diagnostics.klPolicyBase),
              Format.number(arm.diagnostics.klBasePolicy),
              Format.percent(arm.diagnostics.legalRate),
              Format.number(arm.diagnostics.meanLength, 1),
            ],
          ],
    ),
    numeric: true,
  })

/**
 * What was run.
 *
 * @category constructors
 * @since 0.1.0
 */
export const settingsTable = (data: ReportData): Markup =>
  table({ caption: "Settings", head: ["Setting", "Value"], rows: data.settings, numeric: false })

// numerics

const curveTable = (
  data: ReportData,
  set: SetResult,
  caption: string,
  curveOf: (result: SetResult) => PassCurve | undefined,
  show: (x: number) => string,
  isSettled: (point: Interval) => boolean,
): Markup => {
  const rows = data.arms.flatMap((arm) =>
    arm.sets
      .filter((result) => result.set === set.set)
      .flatMap((result) => {
        const curve = curveOf(result)
        return curve === undefined || curve.k.length === 0 ? [] : [{ arm, curve }]
      }),
  )
  const ks = columnsOf(rows.flatMap(({ curve }) => curve.k))
  return rows.length === 0
    ? concat([])
    : table({
        caption,
        head: ["Arm", ...ks.map((k) => `k = ${k}`)],
        rows: rows.map(({ arm, curve }) => [
          armHeading(arm),
          ...ks.map((k) => {
            const point = curve.points[curve.k.indexOf(k)]
            return point === undefined
              ? "–"
              : concat([
                  element(isSettled(point) ? "strong" : "span", {}, show(point.mean)),
                  element("small", {}, Format.range(point, show)),
                ])
          }),
        ]),
        numeric: true,
      })
}

/** Every second k and the largest: a table for people. */
const columnsOf = (ks: ReadonlyArray<number>): ReadonlyArray<number> => {
  const sorted = [...new Set(ks)].toSorted((a, b) => a - b)
  return sorted.filter((_, index) => index % 2 === 0 || index === sorted.length - 1)
}

const armHeading = ({ label, chosen }: ArmResult): Markup =>
  chosen ? element("strong", {}, label) : element("span", {}, label)

/**
 * A table that scrolls by itself, and can be reached with the keyboard. Cells are texts, contents, or whole `td`s.
 *
 * @category constructors
 * @since 0.1.0
 */
export const table = ({ caption, head, rows, numeric }: Table): Markup =>
  element(
    "div",
    { class: "scroll", role: "region", "aria-label": caption, tabindex: "0" },
    element(
      "table",
      numeric ? { class: "numeric" } : {},
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, ...head.map((title) => element("th", { scope: "col" }, title)))),
      element(
        "tbody",
        {},
        ...rows.map(([heading, ...cells]) =>
          element("tr", {}, element("th", { scope: "row" }, heading), ...cells.map(cellOf)),
        ),
      ),
    ),
  )

const cellOf = (cell: Markup | string): Markup =>
  typeof cell !== "string" && cell.html.startsWith("<td") ? cell : element("td", {}, cell)
