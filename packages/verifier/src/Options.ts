/**
 * What suites of graded answers disagree on, as data.
 *
 * Equality of numbers is no option: it is exact. Everything here is a convention about how an answer may be *written*: whether a
 * unit may be left out, whether 0.3333 says 1/3, whether an interval may answer an inequality. Each field is a
 * documented choice, and a preset is a value of the record that says which suite it follows.
 *
 * | preset          | follows                                                                             |
 * |-----------------|-------------------------------------------------------------------------------------|
 * | `mathematician` | what a mathematician who marks the answer would call equal; the default             |
 * | `mathVerify`    | Math-Verify 0.8, strict, with its precision of 6 decimals                           |
 * | `prm800k`       | OpenAI's PRM800K grader and its descendants: fractions have to be reduced           |
 * | `exact`         | values only: no rounding, no missing units, no change of notation                   |
 * | `strictText`    | DAPO: the same syntax, so that 0.5 is not 1/2                                       |
 */

// model

/**
 * When a decimal stands for a number that it only rounds.
 *
 *     accepted  iff  |a − d| rounds away at the last digit of d:  d = round(a, k)  (ties both ways), or d = trunc(a, k)
 *
 * where the decimal d was written with k digits after the point, `k >= minimumDecimals`, and with at least
 * `minimumSignificant` significant digits, so that 0.000000 stands for nothing but 0. The other side must not be written
 * as a decimal itself: 0.33 and 0.333 are two numbers.
 *
 * @category models
 * @since 0.1.0
 */
export interface Rounding {
  readonly minimumDecimals: number
  readonly minimumSignificant: number
  /** Whether cutting off the digits counts as rounding: 0.666666 for 2/3. */
  readonly truncation: boolean
  /** Whether the reference may be the decimal: gold 0.666667, answer 2/3. */
  readonly symmetric: boolean
}

/** @category models */
export interface Options {
  /** `values` compares meanings; `syntax` compares what was written, after the parser's normalisation only. */
  readonly mode: "values" | "syntax"
  readonly rounding: Rounding | "off"
  /** What 50% equals beside 50%: the number 50 (the sign is a unit), the number 1/2, either, or nothing else. */
  readonly percent: "number" | "fraction" | "either" | "strict"
  /** Whether a unit that only one side states may be missing on the other. Two units that contradict are never equal. */
  readonly missingUnits: boolean
  /** Whether 2/4 may answer 1/2. */
  readonly unreducedFractions: boolean
  /** Whether `1, 2` and `2, 1`, as lists without brackets, are equal; repeated items count, except where `set`. */
  readonly lists: "multiset" | "set" | "ordered"
  /** Whether (1, 2) and {1, 2} are equal when their items are. */
  readonly setsAsTuples: boolean
  /** Whether {5} and 5 are equal. */
  readonly singletons: boolean
  /** Whether (a, b), a < x < b and x ∈ (a, b) are equal: in both directions, only where the answer is the set, or never. */
  readonly setsAsRelations: "always" | "answer-is-set" | "never"
  /** Whether `5`, or `x + 1`, may answer `y = 5`, or `y = x + 1`, and the other way round. */
  readonly assignments: boolean
  /** `named`: x + 1 is not y + 1. `positional`: it is, by renaming in the order of appearance. */
  readonly variables: "named" | "positional"
  /** Whether (1, 2) and [1, 2] are equal: as points or lists they may be, as intervals they are not. */
  readonly brackets: "strict" | "free"
  /** Work that a comparison may cost, in word operations (about a nanosecond each). */
  readonly fuel: number
}

/**
 * A third of a second would be a hang, a hundredth is not: 3 · 10⁶ word operations take 3 to 30 ms.
 * On 3,715 graded answers of other projects, seven times as much changes no verdict, and a third of it changes two.
 *
 * @category models
 * @since 0.1.0
 */
export const defaultFuel = 3_000_000

// constructors

/**
 * What a mathematician who marks the answer would call equal; the default.
 *
 * Four decimals, and four digits that count, say which number is meant, as in a table of four figures: 0.3333 is 1/3, 0.333
 * and 0.3334 are not. Ours; with two decimals 3.14 would be π as well as 22/7.
 *
 * @category constructors
 * @since 0.1.0
 */
export const mathematician: Options = {
  mode: "values",
  rounding: { minimumDecimals: 4, minimumSignificant: 4, truncation: true, symmetric: true },
  percent: "either",
  missingUnits: true,
  unreducedFractions: true,
  lists: "multiset",
  setsAsTuples: false,
  singletons: true,
  setsAsRelations: "always",
  assignments: true,
  variables: "named",
  brackets: "strict",
  fuel: defaultFuel,
}

/** @category constructors */
export const defaults: Options = mathematician

/** @category constructors */
export const mathVerify: Options = {
  ...mathematician,
  rounding: { minimumDecimals: 6, minimumSignificant: 4, truncation: true, symmetric: true },
  lists: "set",
  setsAsRelations: "answer-is-set",
}

/** @category constructors */
export const prm800k: Options = {
  ...mathematician,
  rounding: "off",
  percent: "number",
  unreducedFractions: false,
  lists: "ordered",
}

/** @category constructors */
export const exact: Options = {
  ...mathematician,
  rounding: "off",
  percent: "strict",
  missingUnits: false,
  singletons: false,
  setsAsRelations: "never",
  assignments: false,
}

/** @category constructors */
export const strictText: Options = { ...exact, mode: "syntax" }

/**
 * The presets by name.
 *
 * @category constructors
 * @since 0.1.0
 */
export const presets: Readonly<Record<Preset, Options>> = {
  mathematician: mathematician,
  mathVerify: mathVerify,
  prm800k: prm800k,
  exact: exact,
  strictText: strictText,
}

/** @category models */
export type Preset = "mathematician" | "mathVerify" | "prm800k" | "exact" | "strictText"

// combinators

/**
 * The options with rounding from a number of decimals on, as Math-Verify's `precision`.
 *
 * ```ts import.meta.vitest
 * import { Options } from "@rapo/verifier"
 * Options.withPrecision(2)(Options.mathVerify).rounding // => { minimumDecimals: 2, minimumSignificant: 2, truncation: true, symmetric: true }
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const withPrecision =
  (decimals: number) =>
  (options: Options): Options => ({
    ...options,
    rounding: {
      minimumDecimals: decimals,
      minimumSignificant: Math.min(decimals, 4),
      truncation: true,
      symmetric: true,
    },
  })
