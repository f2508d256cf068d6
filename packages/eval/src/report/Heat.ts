/**
 * The colours of success rates: eleven steps, none for problems that were never solved.
 *
 *     step = 0 if c = 0,   else 1 + floor(9 √(c/n)), at most 10
 *
 * The square root gives half of the steps to rates below 0.3, where problems become interesting at large k. Text on each
 * colour keeps a contrast of 4.5 : 1 (WCAG 2.2, 1.4.3), in both modes.
 */
import type { Colour } from "./Theme.ts"

// model

/**
 * A step's ground and the ink on it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Step {
  readonly ground: Colour
  readonly ink: Colour
}

// constructors

const step = (light: string, inkOnLight: string, dark: string, inkOnDark: string): Step => ({
  ground: { light, dark },
  ink: { light: inkOnLight, dark: inkOnDark },
})

/**
 * From never to always.
 *
 * @category constants
 * @since 0.1.0
 */
export const steps: ReadonlyArray<Step> = [
  step("#f1f1ee", "#000000", "#2a2a2c", "#ffffff"),
  step("#e3eef8", "#000000", "#1b3049", "#ffffff"),
  step("#d2e4f3", "#000000", "#1d3b5c", "#ffffff"),
  step("#bcd7ee", "#000000", "#1f466f", "#ffffff"),
  step("#a2c8e8", "#000000", "#235283", "#ffffff"),
  step("#85b6df", "#000000", "#285f97", "#ffffff"),
  step("#659fd2", "#000000", "#5b96cc", "#000000"),
  step("#3a70a9", "#ffffff", "#73a9da", "#000000"),
  step("#2b6099", "#ffffff", "#8dbce5", "#000000"),
  step("#1d4f86", "#ffffff", "#a9cfef", "#000000"),
  step("#0f3d70", "#ffffff", "#c9e3f8", "#000000"),
]

// destructors

/**
 * The step of c correct of n.
 *
 * @category destructors
 * @since 0.1.0
 */
export const stepOf = (samples: number, correct: number): number =>
  correct > 0 && samples > 0
    ? Math.min(steps.length - 1, 1 + Math.floor(9 * Math.sqrt(correct / samples)))
    : 0

/**
 * The CSS class of a step.
 *
 * @category destructors
 * @since 0.1.0
 */
export const className = (index: number): string => `heat${index}`

/**
 * The rules of all classes in a mode.
 *
 * @category destructors
 * @since 0.1.0
 */
export const rules = (mode: "light" | "dark"): string =>
  steps
    .map(
      ({ ground, ink }, index) =>
        `td.${className(index)}{background:${ground[mode]};color:${ink[mode]}}td.${className(index)} small{color:inherit}`,
    )
    .join("")
