/**
 * The words that the grammar reads: what a text consists of once spelling, spacing and styles are gone.
 */

// model

/**
 * - `number`: digits as `12`, `0.50` or `.5`, without separators; `0.` only where a repeating part follows.
 * - `digits`: digits of a base above ten, `152A`, where a base follows.
 * - `word`: a run of letters, which may be a name, a product of variables, a unit or a word of prose.
 * - `name`: what a TeX command names: a function, a constant, a letter; `frac`, `sqrt`.
 * - `begin`, `finish`: an environment, by its name.
 * - `symbol`: everything else, in one spelling: `*` for × · \times, `<=` for ≤ \leq, `\{` for \lbrace.
 */
export type Kind = "number" | "digits" | "word" | "name" | "begin" | "finish" | "symbol" | "end"

/** A token, where it begins, whether space precedes it, and whether it stands in `\text{…}`. */
export interface Token {
  readonly kind: Kind
  readonly text: string
  readonly position: number
  readonly spaced: boolean
  readonly prose: boolean
}

/**
 * What was mended in a text, and where.
 *
 * - `MissingBrace`, `MissingParenthesis`: it never closes, so it closes at the end.
 * - `StrayBrace`: it closes what was never opened.
 * - `ShortFraction`, `ShortRoot`: `\frac12`, `\sqrt2`, without braces.
 * - `UnpairedLeftRight`: `\left` and `\right` do not match.
 * - `DoubledBackslash`, `LostBackslash`: `\\frac`, escaped once too often; `frac{1}{2}`, or a form feed for `\f`, once too seldom.
 * - `PlainName`: `sqrt(2)`, `pi`, a name without its backslash.
 * - `PlainBraces`: `{1, 2}` for a set.
 * - `UnicodeSign`: − × ÷ √ ² and their like.
 * - `VerticalLayout`: one formula written down a column, symbol by symbol.
 * - `DroppedPunctuation`, `DroppedProse`, `DroppedRemark`: signs at the end, words before the answer, a remark after it.
 *
 * @category models
 * @since 0.2.0
 */
export interface Repair {
  readonly _tag:
    | "MissingBrace"
    | "MissingParenthesis"
    | "StrayBrace"
    | "ShortFraction"
    | "ShortRoot"
    | "UnpairedLeftRight"
    | "DoubledBackslash"
    | "LostBackslash"
    | "PlainName"
    | "PlainBraces"
    | "UnicodeSign"
    | "VerticalLayout"
    | "DroppedPunctuation"
    | "DroppedProse"
    | "DroppedRemark"
  /** Index into the text. */
  readonly position: number
}

/** What a text consists of, and what was mended on the way. */
export interface Lexed {
  /** The last one, and no other, is the `end`. */
  readonly tokens: ReadonlyArray<Token>
  readonly repairs: ReadonlyArray<Repair>
}

// refinements

export const isSymbol = (token: Token, text: string): boolean =>
  token.kind === "symbol" && token.text === text

export const isName = (token: Token, text: string): boolean => token.kind === "name" && token.text === text
