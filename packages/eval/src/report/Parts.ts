/**
 * What the pages of reports are composed of: the head, sections, introductions, lists, figures in their frames.
 */
import type * as CurveFigure from "./CurveFigure.ts"
import { concat, element, type Markup, text, trusted } from "./Markup.ts"
import type { ReportData, SetResult } from "./Model.ts"
import * as Svg from "./Svg.ts"

// constructors

/**
 * A document of a title, a style sheet and a body.
 *
 * @category constructors
 * @since 0.1.0
 */
export const document = (title: string, sheet: string, body: Markup): string =>
  `<!doctype html>\n${element("html", { lang: "en" }, head(title, sheet), element("body", {}, body)).html}\n`

export const findings = (data: ReportData): Markup =>
  data.summary.length === 0
    ? concat([])
    : element("ol", { class: "findings" }, ...data.summary.map((sentence) => element("li", {}, sentence)))

export const section = (title: string, introduction: Markup, figures: ReadonlyArray<Markup>): Markup =>
  figures.length === 0
    ? concat([])
    : element(
        "section",
        {},
        element("h2", {}, title),
        introduction,
        element("div", { class: "panels" }, ...figures),
      )

export const lede = (...pieces: ReadonlyArray<Markup | string>): Markup =>
  element("p", { class: "lede" }, ...pieces)

export const entry = (term: string, ...definition: ReadonlyArray<Markup | string>): ReadonlyArray<Markup> => [
  element("dt", {}, term),
  element("dd", {}, ...definition),
]

export const list = (title: string, items: ReadonlyArray<string>): ReadonlyArray<Markup> =>
  items.length === 0
    ? []
    : [
        element(
          "section",
          {},
          element("h2", {}, title),
          element("ul", { class: "notes" }, ...items.map((item) => element("li", {}, item))),
        ),
      ]

export const curveFigures = (panels: ReadonlyArray<CurveFigure.CurvePanel>): Promise<ReadonlyArray<Markup>> =>
  Promise.all(
    panels.map(async ({ set, figure }) =>
      element("figure", {}, trusted(await Svg.renderSvg(figure)), caption(set.description)),
    ),
  )

export const plainFigures = (figures: ReadonlyArray<Svg.Figure>): Promise<ReadonlyArray<Markup>> =>
  Promise.all(figures.map(async (figure) => element("figure", {}, trusted(await Svg.renderSvg(figure)))))

// destructors

/**
 * The level of the intervals in words.
 *
 * @category destructors
 * @since 0.1.0
 */
export const levelOf = (data: ReportData): string => {
  const first = data.arms.flatMap(({ sets }) => sets.flatMap(({ pass }) => pass.points))[0]
  return first === undefined ? "confidence" : `${Number((100 * first.level).toPrecision(3))} %`
}

export const setsOf = (data: ReportData): ReadonlyArray<SetResult> => {
  const all = data.arms.flatMap(({ sets }) => sets)
  return all.filter(({ set }, index) => all.findIndex((other) => other.set === set) === index)
}

// numerics

/** `default-src 'none'` makes it law that the page asks nothing of any network. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

const head = (title: string, sheet: string): Markup =>
  element(
    "head",
    {},
    element("meta", { charset: "utf-8" }),
    element("meta", { "http-equiv": "Content-Security-Policy", content: policy }),
    element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    element("meta", { name: "color-scheme", content: "light dark" }),
    element("link", { rel: "icon", href: "data:," }),
    element("title", {}, title),
    element("style", {}, trusted(sheet)),
  )

const caption = (description: string): Markup =>
  description === "" ? text("") : element("figcaption", {}, description)
