/**
 * What a distribution over sequences is made of. Documented in `Autoregressive.ts`.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import type { Categorical } from "../Categorical.ts"
import type { Finite } from "../Finite.ts"
import { collected } from "../finite/Model.ts"

// model

/**
 * The law of the next token, given those before it. It is asked about possible, unfinished prefixes only.
 *
 * @category models
 * @since 0.1.0
 */
export type Kernel<T> = (prefix: ReadonlyArray<T>) => Finite<T>

/**
 * @category models
 * @since 0.1.0
 */
export interface Autoregressive<T> {
  readonly _tag: "Autoregressive"
  readonly kernel: Kernel<T>
  /** No sequence is longer. */
  readonly maxLength: number
  /** Whether a token ends its sequence, of which it is the last. */
  readonly isStop: (token: T) => boolean
}

/**
 * @category models
 * @since 0.1.0
 */
export type AutoregressiveError =
  | { readonly _tag: "InvalidLength"; readonly length: number }
  | { readonly _tag: "InvalidPosition"; readonly position: number; readonly maxLength: number }
  | { readonly _tag: "TreeTooLarge"; readonly limit: number }

// constructors

/**
 * A distribution over sequences of at most `maxLength` tokens; by default no token stops them.
 *
 * **Fails with** `InvalidLength` unless `maxLength` is an integer of at least 0.
 *
 * ```ts import.meta.vitest
 * import { Autoregressive, Finite } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const coin = Finite.bernoulli(0.5)
 * // Tosses until the first success, three at most.
 * const tosses = E.chain((p: Finite.Finite<boolean>) => Autoregressive.make(() => p, 3, (success) => success))(coin)
 * if (E.isRight(tosses)) {
 *   Math.exp(Autoregressive.sequenceLogProb(tosses.right, [false, true])) // ≈ 0.25
 *   E.map(Finite.size)(Autoregressive.enumerate(tosses.right)) // => E.right(4)
 * }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <T>(
  kernel: Kernel<T>,
  maxLength: number,
  isStop: (token: T) => boolean = () => false,
): Either<AutoregressiveError, Autoregressive<T>> =>
  Number.isSafeInteger(maxLength) && maxLength >= 0
    ? E.right({ _tag: "Autoregressive", kernel, maxLength, isStop })
    : E.left({ _tag: "InvalidLength", length: maxLength })

/**
 * The kernel over tokens 0, …, V − 1 that categorical distributions make.
 *
 * @category constructors
 * @since 0.1.0
 */
export const indexed =
  (kernel: (prefix: ReadonlyArray<number>) => Categorical): Kernel<number> =>
  (prefix) => {
    const p = kernel(prefix)
    return collected(
      p.logProbs.map((_, i) => i),
      p.logProbs,
    )
  }

// destructors

/**
 * Whether no token follows.
 *
 * @category destructors
 * @since 0.1.0
 */
export const isFinished = <T>(model: Autoregressive<T>, prefix: ReadonlyArray<T>): boolean =>
  prefix.length >= model.maxLength || prefix.slice(-1).some(model.isStop)

/**
 * The error as a sentence that says what to mend.
 *
 * ```ts import.meta.vitest
 * import { Autoregressive } from "@rapo/distributions"
 * Autoregressive.showError({ _tag: "InvalidLength", length: -1 }) // => "The maximal length is -1; it must be an integer of at least 0."
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, and the compiler checks it
export const showError = (error: AutoregressiveError): string => {
  switch (error._tag) {
    case "InvalidLength":
      return `The maximal length is ${error.length}; it must be an integer of at least 0.`
    case "InvalidPosition":
      return `The position is ${error.position}; positions are the integers 0 to ${error.maxLength - 1}.`
    case "TreeTooLarge":
      return `The tree has more than ${error.limit} prefixes; shorten the sequences, or raise the limit.`
  }
}
