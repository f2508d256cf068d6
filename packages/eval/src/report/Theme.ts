/**
 * Colours, line patterns, shapes and type of the figures.
 *
 * The hues are Okabe and Ito's (2008), which readers with any common colour vision can tell apart, made darker for
 * white paper and lighter for dark screens, so that labels in these colours keep a contrast of 4.5 : 1 (WCAG 2.2,
 * 1.4.3) in both. Families also differ by shape, and arms of one family by line pattern: colour is never alone.
 *
 * Figures are drawn in the light colours. In dark mode a style sheet replaces each by its partner (`darkFigures`), so
 * that an SVG taken out of the page is complete by itself.
 */
import type { Config } from "vega-lite"
import type { ArmResult, ReportData } from "./Model.ts"

// model

/**
 * A colour for white paper and its partner for dark screens.
 *
 * @category models
 * @since 0.1.0
 */
export interface Colour {
  readonly light: string
  readonly dark: string
}

/**
 * How a family of arms looks.
 *
 * @category models
 * @since 0.1.0
 */
export interface FamilyStyle {
  readonly colour: Colour
  /** The name of vega's symbol. */
  readonly shape: string
  /** The same symbol as a character, for legends. */
  readonly glyph: string
}

/**
 * An arm as the figures know it. Figures refer to it by `key`, so that no name enters a specification.
 *
 * @category models
 * @since 0.1.0
 */
export interface Series {
  readonly key: string
  readonly arm: ArmResult
  readonly style: FamilyStyle
  readonly dash: ReadonlyArray<number>
}

// constructors

const style = (light: string, dark: string, shape: string, glyph: string): FamilyStyle => ({
  colour: { light, dark },
  shape,
  glyph,
})

/**
 * The families that the experiments have.
 *
 * @category constants
 * @since 0.1.0
 */
export const families: Readonly<Record<string, FamilyStyle>> = {
  base: style("#3f444d", "#d3d8e0", "circle", "●"),
  "no KL": style("#bf4d00", "#ff9a4d", "triangle-up", "▲"),
  "reverse KL": style("#0068a3", "#5ab8f0", "square", "■"),
  "forward KL": style("#007a5a", "#2fd0a3", "diamond", "◆"),
  RAPO: style("#b03a88", "#dd6fb4", "triangle-down", "▼"),
}

/**
 * For families that are not known here, in the order of their appearance, from the beginning again if need be.
 *
 * @category constants
 * @since 0.1.0
 */
export const spareFamilies: ReadonlyArray<FamilyStyle> = [
  style("#846400", "#f0c440", "cross", "✚"),
  style("#5548c8", "#a9a0ff", "triangle-right", "▶"),
  style("#8c3b2e", "#f0958a", "triangle-left", "◀"),
]

/**
 * Text.
 *
 * @category constants
 * @since 0.1.0
 */
export const ink: Colour = { light: "#1f2430", dark: "#e8ebf0" }
/**
 * Lesser text: axes, captions, notes.
 *
 * @category constants
 * @since 0.1.0
 */
export const quiet: Colour = { light: "#5a6270", dark: "#a7b0bd" }
/**
 * Grid lines and borders.
 *
 * @category constants
 * @since 0.1.0
 */
export const line: Colour = { light: "#e3e6eb", dark: "#343b47" }
/**
 * What figures and tables lie on.
 *
 * @category constants
 * @since 0.1.0
 */
export const paper: Colour = { light: "#ffffff", dark: "#1a1e26" }

/**
 * The type of the page: the reader's own.
 *
 * @category constants
 * @since 0.1.0
 */
export const font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"

/**
 * The type of figures: faces with the metrics of Arial, so that the room for labels is known without measuring.
 *
 * @category constants
 * @since 0.1.0
 */
export const figureFont = "Arial, 'Liberation Sans', Arimo, Helvetica, sans-serif"

const dashes: ReadonlyArray<ReadonlyArray<number>> = [[], [6, 3], [2, 2], [8, 3, 2, 3]]

// destructors

/**
 * The look of every family that appears, in the order of appearance.
 *
 * @category destructors
 * @since 0.1.0
 */
export const familiesOf = (data: ReportData): ReadonlyMap<string, FamilyStyle> => {
  const names = [...new Set([...data.arms, ...data.front].map(({ family }) => family))]
  const unknown = names.filter((name) => !Object.hasOwn(families, name))
  const spare = (name: string): FamilyStyle | undefined =>
    spareFamilies[unknown.indexOf(name) % spareFamilies.length]
  return new Map(
    names.flatMap((name) => {
      const found = Object.hasOwn(families, name) ? families[name] : spare(name)
      return found === undefined ? [] : [[name, found] as const]
    }),
  )
}

/**
 * The arms that the curves show, each with its colour and, within a family, its own line pattern.
 *
 * @category destructors
 * @since 0.1.0
 */
export const chosenSeries = (data: ReportData): ReadonlyArray<Series> => {
  const styles = familiesOf(data)
  const chosen = data.arms.filter((arm) => arm.chosen)
  return chosen.flatMap((arm, index) => {
    const found = styles.get(arm.family)
    const before = chosen.slice(0, index).filter(({ family }) => family === arm.family).length
    const dash = dashes[before % dashes.length] ?? []
    return found === undefined ? [] : [{ key: `arm${index}`, arm, style: found, dash }]
  })
}

/**
 * What all figures share.
 *
 * @category constants
 * @since 0.1.0
 */
export const config: Config = {
  // the page describes each figure in one sentence: hundreds of described marks would be noise
  aria: false,
  font: figureFont,
  view: { stroke: null },
  axis: {
    domain: false,
    gridColor: line.light,
    labelColor: quiet.light,
    labelFlush: false,
    labelFontSize: 11,
    labelOverlap: false,
    labelPadding: 6,
    ticks: false,
    titleColor: quiet.light,
    titleFontSize: 11.5,
    titleFontWeight: "normal",
    titlePadding: 8,
  },
  title: {
    anchor: "start",
    color: ink.light,
    fontSize: 14,
    fontWeight: 600,
    frame: "group",
    offset: 14,
    subtitleColor: quiet.light,
    subtitleFontSize: 11.5,
    subtitlePadding: 5,
  },
}

/**
 * CSS rules that turn the light colours of figures, and the colours of legends, into the dark ones.
 *
 * @category destructors
 * @since 0.1.0
 */
export const darkFigures = (data: ReportData): string =>
  darkRules([ink, quiet, line, paper, ...[...familiesOf(data).values()].map(({ colour }) => colour)])

/**
 * CSS rules that turn each light colour of a figure into its dark partner.
 *
 * @category destructors
 * @since 0.1.0
 */
export const darkRules = (colours: ReadonlyArray<Colour>): string =>
  [...new Set(colours)]
    .flatMap(({ light, dark }) =>
      ["fill", "stroke"].map((part) => `figure svg [${part}="${light}"]{${part}:${dark}}`),
    )
    .join("")
