/**
 * The paired permutation test: could the difference of two models be the luck of which one is called which?
 *
 *     p = P(|mean of ±d_p| >= |mean d_p|),   each sign ± a fair coin, over problems p
 *
 * Under the hypothesis that the two models are exchangeable on every problem, the test has its nominal level exactly.
 *
 * **Laws** (`Laws.ts`)
 * 1. 0 < p <= 1; equal models give 1; exchanging the models changes nothing.
 * 2. Exact for few problems: p is a multiple of 2^-P there, and is the share that enumeration finds.
 * 3. Under the hypothesis, P(p <= a) <= a.
 *
 * **Source**  Fisher (1935), The Design of Experiments; the count of the observed arrangement among the drawn ones follows
 * Phipson & Smyth (2010).
 */
import { Seed } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"

// model

/**
 * @category models
 * @since 0.1.0
 */
export interface Test {
  readonly difference: number
  /** Two-sided. */
  readonly pValue: number
  /** All sign patterns, or a sample of them. */
  readonly method: "exact" | "sampled"
}

/** @category errors */
export type PermutationError =
  | { readonly _tag: "NoPairs" }
  | { readonly _tag: "LengthMismatch"; readonly expected: number; readonly actual: number }
  | { readonly _tag: "NotFinite"; readonly index: number }

/**
 * Up to this many problems that differ, all 2^P sign patterns are tried.
 *
 * @category constants
 * @since 0.1.0
 */
export const exactUpTo = 14

/**
 * Sign patterns drawn where there are too many: the standard error of p is then below 0.005.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaultDraws = 10_000

// constructors

/**
 * The test of two columns over the same problems.
 *
 * **Domain**   finite values. Problems without a difference do not move the statistic, and are left out of the signs.
 * **Fails with** `NoPairs`, `LengthMismatch`, `NotFinite`.
 *
 * ```ts import.meta.vitest
 * import { Seed } from "@rapo/distributions"
 * import { Permutation } from "@rapo/eval"
 * Permutation.test([1, 1, 1], [0, 0, 0], Seed.fromInteger(1)) // => { _tag: "Right", right: { difference: 1, pValue: 0.25, method: "exact" } }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const test = (
  a: ReadonlyArray<number>,
  b: ReadonlyArray<number>,
  seed: Seed.Seed,
  draws: number = defaultDraws,
): E.Either<PermutationError, Test> => {
  if (a.length !== b.length) return E.left({ _tag: "LengthMismatch", expected: a.length, actual: b.length })
  if (a.length === 0) return E.left({ _tag: "NoPairs" })
  const differences = a.map((x, i) => x - (b[i] ?? NaN))
  const index = differences.findIndex((d) => !Number.isFinite(d))
  if (index >= 0) return E.left({ _tag: "NotFinite", index })
  const moving = Float64Array.from(differences.filter((d) => d !== 0))
  const total = moving.reduce((sum, d) => sum + d, 0)
  // sums of one set of numbers in other signs differ by rounding: a hair's breadth counts as equal
  const threshold = Math.abs(total) * (1 - 1e-12)
  const exact = moving.length <= exactUpTo
  const pValue = exact ? enumerated(moving, threshold) : sampled(moving, threshold, seed, draws)
  return E.right({ difference: total / a.length, pValue, method: exact ? "exact" : "sampled" })
}

// destructors

/**
 * An error as a sentence.
 *
 * @category destructors
 * @since 0.1.0
 */
export const showError = (error: PermutationError): string => {
  switch (error._tag) {
    case "NoPairs":
      return "A paired test needs at least one problem."
    case "LengthMismatch":
      return `A paired test needs both models on the same problems, but one has ${error.expected} and the other ${error.actual}.`
    case "NotFinite":
    default:
      return `The difference at problem ${error.index} is not finite.`
  }
}

// numerics

const enumerated = (differences: Float64Array, threshold: number): number => {
  const patterns = 2 ** differences.length
  let extreme = 0
  for (let signs = 0; signs < patterns; signs++) {
    let total = 0
    for (let i = 0; i < differences.length; i++)
      total += ((signs >> i) & 1) === 1 ? (differences[i] ?? 0) : -(differences[i] ?? 0)
    if (Math.abs(total) >= threshold) extreme++
  }
  return extreme / patterns
}

const sampled = (differences: Float64Array, threshold: number, seed: Seed.Seed, draws: number): number => {
  const { integer } = Seed.generator(seed)
  let extreme = 1 // the observed pattern is one of them
  for (let b = 0; b < draws; b++) {
    let total = 0
    for (const d of differences) total += integer(0, 1) === 1 ? d : -d
    if (Math.abs(total) >= threshold) extreme++
  }
  return extreme / (draws + 1)
}
