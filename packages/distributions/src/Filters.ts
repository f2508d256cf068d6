/**
 * What samplers do to logits before they draw: temperature, top-k, nucleus (top-p), min-p.
 *
 *     temperature(τ):  z_i ↦ z_i / τ
 *     topK(k):         keeps i when fewer than k logits are larger
 *     topP(p):         keeps i when the outcomes that are more probable have less than p in total
 *     minP(ρ):         keeps i when p_i ≥ ρ max p
 *
 * A filter sends a logit to itself or to −∞, a temperature scales them all; none of them normalises. They compose: the
 * first of a list is applied first, and transformers' order is temperature, top-k, top-p, min-p.
 *
 * Laws (`Laws.ts`)
 * 1. A truncation keeps every logit that it does not exclude, keeps the mode, and is idempotent where stated.
 * 2. Every filter commutes with permutations: **ties with the last that is kept are kept too**. So topK may keep more than
 *    k and topP more than the smallest nucleus, where other code lets the order of sorting decide.
 * 3. topK(∞), topP(1), minP(0) and temperature(1) change no probability.
 *
 * Sources: Fan et al. (2018) top-k; Holtzman et al. (2020), arXiv 1904.09751, nucleus; Nguyen et al. (2024), arXiv
 * 2407.01082, min-p. Values agree with those of transformers' logits processors (test "golden").
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import type { CategoricalError } from "./categorical/Error.ts"
import { validTemperature } from "./categorical/Families.ts"
import { validParameter, validProbability } from "./categorical/Validation.ts"
import { logSoftmax, partialSums } from "./LogSpace.ts"

// model

/**
 * Logits in [−∞, ∞), at least one of them finite, to as many of the same kind.
 *
 * @category models
 * @since 0.1.0
 */
export type Filter = (logits: ReadonlyArray<number>) => ReadonlyArray<number>

// constructors

/**
 * Divides the logits by τ: sharper below 1, flatter above.
 *
 * **Domain** τ > 0; at ∞ every possible outcome gets the logit 0.  **Fails with** `InvalidParameter`.
 *
 * ```ts import.meta.vitest
 * import { Filters } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * E.map((filter: Filters.Filter) => filter([1, -Infinity]))(Filters.temperature(0.5)) // => E.right([2, -Infinity])
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const temperature = (tau: number): Either<CategoricalError, Filter> =>
  pipe(
    validTemperature(tau),
    E.map((t) => (zs) => zs.map((z) => (z === -Infinity ? z : z / t))),
  )

/**
 * Keeps the k largest logits, and what ties with the k-th.
 *
 * **Domain** k an integer of at least 1, or ∞.  **Fails with** `InvalidParameter`.
 *
 * ```ts import.meta.vitest
 * import { Filters } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * E.map((filter: Filters.Filter) => filter([3, 1, 2, 2]))(Filters.topK(2)) // => E.right([3, -Infinity, 2, 2])
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const topK = (k: number): Either<CategoricalError, Filter> =>
  pipe(
    validParameter(
      "k of top-k",
      "an integer of at least 1",
      (value) => value >= 1 && (Number.isInteger(value) || value === Infinity),
    )(k),
    E.map((n) => (zs) => atLeast(zs, k >= zs.length ? -Infinity : (descending(zs)[n - 1] ?? -Infinity))),
  )

/**
 * Keeps the nucleus: the most probable outcomes until their total reaches p, and what ties with the last of them.
 *
 * **Domain** p in [0, 1]; 0 keeps the modes, 1 everything that is possible.  **Fails with** `InvalidParameter`.
 *
 * ```ts import.meta.vitest
 * import { Filters } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const keep = E.map((filter: Filters.Filter) => filter([Math.log(5), 1, 0]))
 * keep(Filters.topP(0.5)) // => E.right([Math.log(5), -Infinity, -Infinity])
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const topP = (p: number): Either<CategoricalError, Filter> =>
  pipe(
    validProbability("p of top-p")(p),
    E.map((total) => (zs) => {
      // At 1 nothing is cut; the rounded sums could reach 1 before the tail.
      if (total === 1) return zs
      const sorted = descending(zs)
      const reached = partialSums(logSoftmax(sorted).map(Math.exp))
      return atLeast(zs, sorted[reached.findIndex((sum) => sum >= total)] ?? -Infinity)
    }),
  )

/**
 * Keeps the outcomes whose probability is at least a share of the largest.
 *
 * **Domain** share in [0, 1]; 0 keeps everything, 1 the modes.  **Fails with** `InvalidParameter`.
 *
 * ```ts import.meta.vitest
 * import { Filters } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * E.map((filter: Filters.Filter) => filter([0, -1, -3]))(Filters.minP(0.2)) // => E.right([0, -1, -Infinity])
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const minP = (share: number): Either<CategoricalError, Filter> =>
  pipe(
    validProbability("share of min-p")(share),
    E.map((rho) => (zs) => atLeast(zs, largest(zs) + Math.log(rho))),
  )

// combinators

/**
 * Filters one after another, the first first; none of them is the identity.
 *
 * @category combinators
 * @since 0.1.0
 */
export const inOrder =
  (filters: ReadonlyArray<Filter>): Filter =>
  (logits) =>
    filters.reduce((zs, filter) => filter(zs), logits)

// numerics

const largest = (zs: ReadonlyArray<number>): number => zs.reduce((m, z) => (z > m ? z : m), -Infinity)

/** A typed array sorts numbers without calling back: 152k logits in milliseconds. */
const descending = (zs: ReadonlyArray<number>): ReadonlyArray<number> =>
  Array.from(Float64Array.from(zs).toSorted()).toReversed()

const atLeast = (zs: ReadonlyArray<number>, threshold: number): ReadonlyArray<number> =>
  zs.map((z) => (z >= threshold ? z : -Infinity))
