/**
 * What can be wrong with the numbers that are to become a distribution, as data that name the place.
 */

// model

/**
 * @category models
 * @since 0.1.0
 */
export type CategoricalError =
  | { readonly _tag: "Empty" }
  | { readonly _tag: "NotFinite"; readonly index: number; readonly value: number }
  | { readonly _tag: "NegativeWeight"; readonly index: number; readonly value: number }
  | { readonly _tag: "ZeroTotal" }
  | { readonly _tag: "NotNormalised"; readonly total: number }
  | { readonly _tag: "InvalidSize"; readonly size: number }
  | { readonly _tag: "OutOfRange"; readonly index: number; readonly size: number }
  | { readonly _tag: "ImpossibleEvent" }
  | {
      readonly _tag: "InvalidParameter"
      readonly parameter: string
      readonly value: number
      /** What the value must be: "in [0, 1]". */
      readonly domain: string
    }
  | {
      readonly _tag: "SizeMismatch"
      readonly index: number
      readonly expected: number
      readonly actual: number
    }

// destructors

/**
 * The error as a sentence that says what to mend.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * Categorical.showError({ _tag: "NegativeWeight", index: 2, value: -1 }) // => "The weight at index 2 is -1; weights must not be negative."
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, and the compiler checks it
export const showError = (error: CategoricalError): string => {
  switch (error._tag) {
    case "Empty":
      return "A distribution needs at least one outcome; there are none."
    case "NotFinite":
      return `The number at index ${error.index} is ${error.value}; it must be finite (a logit may be -Infinity, for probability 0).`
    case "NegativeWeight":
      return `The weight at index ${error.index} is ${error.value}; weights must not be negative.`
    case "ZeroTotal":
      return "Every outcome has weight 0; at least one must be positive."
    case "NotNormalised":
      return `The probabilities add up to ${error.total}, not to 1; pass them to fromWeights to have them normalised.`
    case "InvalidSize":
      return `The number of outcomes is ${error.size}; it must be an integer of at least 1.`
    case "OutOfRange":
      return `The outcome ${error.index} does not exist: outcomes are the integers 0 to ${error.size - 1}.`
    case "ImpossibleEvent":
      return "The event has probability 0; conditioning on it has no meaning."
    case "InvalidParameter":
      return `The ${error.parameter} is ${error.value}; it must be ${error.domain}.`
    case "SizeMismatch":
      return `Number ${error.index} of the things to combine has size ${error.actual}, but ${error.expected} is needed.`
  }
}
