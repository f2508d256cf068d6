/**
 * How many samples a question needs, before a GPU is asked.
 *
 *     width(n) = 2 z √Var(mean over P problems),   Var = Σ_p Var_{q_p}(n, k) / P²
 *
 * with z the normal quantile of the level, and Var_q the exact variance of the unbiased pass@k (`PassVariance`). It counts
 * the noise of sampling alone; which problems were chosen adds its own, which no n removes.
 *
 * **Laws** (`Laws.ts`)
 * 1. The answer's width holds, and one sample fewer does not reach it (or n = k already does).
 * 2. A narrower width never needs fewer samples.
 *
 * **Source**  *ours*: the normal approximation; its coverage is in `docs/coverage.md`.
 */
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as PassAtK from "./PassAtK.ts"
import * as PassVariance from "./PassVariance.ts"

// model

/** @category errors */
export type PlanError =
  | PassAtK.PassAtKError
  | { readonly _tag: "Unreachable"; readonly width: number; readonly limit: number; readonly reached: number }

/**
 * Beyond this many samples a problem a plan is given up.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaultLimit: number = 1 << 16

/** z of the usual 95 %: 97.5 % of a standard normal lie below. */
export const z95: number = 1.959963984540054

// destructors

/**
 * The width of the 95 % interval of mean pass@k, when problems have these rates and n samples each.
 *
 * **Fails with** the errors of `PassAtK.passAtK`; `NoProblems`.
 *
 * @category destructors
 * @since 0.1.0
 */
export const width = (
  n: number,
  k: number,
  rates: ReadonlyArray<number>,
): E.Either<PassAtK.PassAtKError, number> =>
  rates.length === 0
    ? E.left({ _tag: "NoProblems" })
    : pipe(
        E.traverseArray((q: number) => PassVariance.exact(n, k, q))(rates),
        E.map((variances) => (2 * z95 * Math.sqrt(variances.reduce((a, b) => a + b, 0))) / rates.length),
      )

/**
 * The fewest samples a problem that make the 95 % interval of mean pass@k no wider than asked.
 *
 * **Fails with** `Unreachable` when even `limit` samples are too few.
 *
 * ```ts import.meta.vitest
 * import { Planning } from "@rapo/eval"
 * Planning.samplesFor(0.1, 1, [0.5]) // => { _tag: "Right", right: 385 }
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const samplesFor = (
  target: number,
  k: number,
  rates: ReadonlyArray<number>,
  limit: number = defaultLimit,
): E.Either<PlanError, number> => {
  const reaches = (n: number): E.Either<PassAtK.PassAtKError, boolean> =>
    E.map((w: number) => w <= target)(width(n, k, rates))
  return pipe(
    width(limit, k, rates),
    E.chainW((reached): E.Either<PlanError, number> => {
      if (!(reached <= target)) return E.left({ _tag: "Unreachable", width: target, limit, reached })
      let low = k - 1 // does not reach, or is no n at all
      let high = limit
      while (high - low > 1) {
        const middle = (low + high) >> 1
        if (E.getOrElse(() => false)(reaches(middle))) high = middle
        else low = middle
      }
      return E.right(high)
    }),
  )
}

/**
 * An error as a sentence.
 *
 * @category destructors
 * @since 0.1.0
 */
export const showError = (error: PlanError): string =>
  error._tag === "Unreachable"
    ? `A width of ${error.width} needs more than ${error.limit} samples a problem (they reach ${error.reached.toPrecision(3)}): ask for a wider interval or a smaller k.`
    : PassAtK.showError(error)
