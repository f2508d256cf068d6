/**
 * pass@k: the chance that at least one of k samples is correct, estimated without bias from n >= k samples.
 *
 *     pass@k = 1 - C(n - c, k) / C(n, k) = 1 - Π_{i = n-c+1..n} (1 - k/i),   and 1 if n - c < k
 *
 * | symbol | meaning |
 * |---|---|
 * | n | samples of a problem |
 * | c | correct ones among them |
 * | k | attempts allowed |
 *
 * **Laws** (`Laws.ts`)
 * 1. pass@1 = c/n; pass@n = 1 if c > 0, else 0.
 * 2. It never falls when k or c grows.
 * 3. It is the share of the k-subsets of the n samples that hold a correct one.
 * 4. Symmetry: exchanging k and c changes nothing. The product is therefore taken over the smaller of the two.
 * 5. Unbiased: if c ~ Binomial(n, q), its expectation is 1 - (1 - q)^k.
 *
 * **Source**  Chen et al. (2021), Evaluating Large Language Models Trained on Code, section 2.1, arXiv 2107.03374.
 */
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"

// model

/**
 * What sampling one problem gave: `correct` of `samples` responses.
 *
 * @category models
 * @since 0.1.0
 */
export interface Tally {
  /** Names the problem: in error messages, and to pair two runs. */
  readonly id: string
  readonly samples: number
  readonly correct: number
}

/**
 * Why pass@k is not defined. `problem` is the id of the tally at fault, where there is one.
 *
 * @category errors
 * @since 0.1.0
 */
export type PassAtKError =
  | {
      readonly _tag: "NotACount"
      readonly problem: string | undefined
      readonly name: "n" | "c" | "k"
      readonly value: number
    }
  | {
      readonly _tag: "MoreCorrectThanSamples"
      readonly problem: string | undefined
      readonly n: number
      readonly c: number
    }
  | {
      readonly _tag: "TooFewSamples"
      readonly problem: string | undefined
      readonly n: number
      readonly k: number
    }
  | { readonly _tag: "NoProblems" }

// constructors

/**
 * The unbiased estimate of pass@k of one problem from `c` correct of `n` samples.
 *
 *     pass@k = 1 - Π_{i = n-c+1..n} (1 - k/i),   and 1 if n - c < k
 *
 * **Domain**   integers 0 <= c <= n and 1 <= k <= n.
 * **Numerics** float64; absolute error <= min(c, k) · 2⁻⁵² (634 exact rationals agree to 1e-12).
 * **Fails with** `NotACount`, `MoreCorrectThanSamples`, `TooFewSamples`.
 *
 * ```ts import.meta.vitest
 * import { PassAtK } from "@rapo/eval"
 * PassAtK.passAtK(4, 2, 1) // => { _tag: "Right", right: 0.5 }
 * PassAtK.passAtK(4, 3, 2) // => { _tag: "Right", right: 1 }
 * PassAtK.passAtK(4, 2, 8) // => { _tag: "Left", left: { _tag: "TooFewSamples", problem: undefined, n: 4, k: 8 } }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const passAtK = (n: number, c: number, k: number): E.Either<PassAtKError, number> =>
  pipe(
    validate(undefined, n, c, k),
    E.map(() => unsafePassAtK(n, c, k)),
  )

/**
 * pass@k of every problem, for several k: row j holds pass@ks[j] of each problem, in the problems' order.
 *
 * **Shapes**   ks: [J]; tallies: [P];  result: [J, P].
 * **Fails with** the first tally's first fault, by its id; `NoProblems` when there is none.
 *
 * ```ts import.meta.vitest
 * import { PassAtK } from "@rapo/eval"
 * const tallies = [{ id: "a", samples: 4, correct: 1 }, { id: "b", samples: 4, correct: 0 }]
 * PassAtK.passAtKs([1, 4])(tallies) // => { _tag: "Right", right: [[0.25, 0], [1, 0]] }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const passAtKs =
  (ks: ReadonlyArray<number>) =>
  (tallies: ReadonlyArray<Tally>): E.Either<PassAtKError, ReadonlyArray<ReadonlyArray<number>>> =>
    tallies.length === 0
      ? E.left({ _tag: "NoProblems" })
      : pipe(
          E.traverseArray((k: number) =>
            E.traverseArray(({ id, samples, correct }: Tally) =>
              pipe(
                validate(id, samples, correct, k),
                E.map(() => unsafePassAtK(samples, correct, k)),
              ),
            )(tallies),
          )(ks),
        )

/**
 * pass@k of a set of problems: the mean over its problems.
 *
 * **Fails with** as `passAtKs`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const meanPassAtK =
  (k: number) =>
  (tallies: ReadonlyArray<Tally>): E.Either<PassAtKError, number> =>
    pipe(
      passAtKs([k])(tallies),
      E.map(([values]) => mean(values ?? [])),
    )

/**
 * The mean pass@k at k = 1, 2, 4, ... up to the fewest samples that any problem has.
 *
 * ```ts import.meta.vitest
 * import { PassAtK } from "@rapo/eval"
 * const tallies = [{ id: "a", samples: 4, correct: 1 }, { id: "b", samples: 4, correct: 0 }]
 * PassAtK.curve(tallies) // => { _tag: "Right", right: [{ k: 1, value: 0.125 }, { k: 2, value: 0.25 }, { k: 4, value: 0.5 }] }
 * ```
 *
 * **Fails with** as `passAtKs`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const curve = (
  tallies: ReadonlyArray<Tally>,
): E.Either<PassAtKError, ReadonlyArray<{ readonly k: number; readonly value: number }>> => {
  const ks = commonPowersOfTwo(tallies)
  return pipe(
    passAtKs(ks)(tallies),
    E.map((rows) => ks.map((k, j) => ({ k, value: mean(rows[j] ?? []) }))),
  )
}

// destructors

/**
 * 1, 2, 4, ... up to n: the points of a curve on a logarithmic axis.
 *
 * ```ts import.meta.vitest
 * import { PassAtK } from "@rapo/eval"
 * PassAtK.powersOfTwo(10) // => [1, 2, 4, 8]
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const powersOfTwo = (n: number): ReadonlyArray<number> =>
  n >= 1 && Number.isFinite(n) ? Array.from({ length: Math.floor(Math.log2(n)) + 1 }, (_, e) => 2 ** e) : []

/**
 * The powers of two that every problem has samples for. At least pass@1 is asked for, so that a problem without
 * samples is reported instead of giving an empty curve.
 *
 * @category destructors
 * @since 0.1.0
 */
export const commonPowersOfTwo = (tallies: ReadonlyArray<Tally>): ReadonlyArray<number> => {
  const ks = powersOfTwo(tallies.reduce((least, { samples }) => Math.min(least, samples), Infinity))
  return ks.length === 0 ? [1] : ks
}

/**
 * An error as a sentence.
 *
 * ```ts import.meta.vitest
 * import { PassAtK } from "@rapo/eval"
 * PassAtK.showError({ _tag: "TooFewSamples", problem: "a", n: 4, k: 8 }) // => "pass@8 of problem a needs at least 8 samples, but it has 4: draw more samples or ask for a smaller k."
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const showError = (error: PassAtKError): string => {
  switch (error._tag) {
    case "NotACount":
      return `${subject[error.name]}${of(error.problem)} must be an integer of at least ${least[error.name]}, but it is ${error.value}.`
    case "MoreCorrectThanSamples":
      return `There are more correct samples (${error.c}) than samples (${error.n})${of(error.problem)}.`
    case "TooFewSamples":
      return `pass@${error.k}${of(error.problem)} needs at least ${error.k} samples, but it has ${error.n}: draw more samples or ask for a smaller k.`
    case "NoProblems":
    default:
      return "pass@k of a set needs at least one problem."
  }
}

// numerics

const subject = { n: "The number of samples n", c: "The number of correct samples c", k: "k" }
const least = { n: 0, c: 0, k: 1 }
const of = (problem: string | undefined): string => (problem === undefined ? "" : ` of problem ${problem}`)

const isCount = (x: number, low: number): boolean => Number.isSafeInteger(x) && x >= low

/**
 * Whether n and c are counts of one problem: whole, not negative, and c <= n.
 *
 * **Fails with** `NotACount`, `MoreCorrectThanSamples`.
 *
 * @category refinements
 * @since 0.1.0
 */
export const checkCounts = (
  problem: string | undefined,
  n: number,
  c: number,
): E.Either<PassAtKError, void> => {
  if (!isCount(n, least.n)) return E.left({ _tag: "NotACount", problem, name: "n", value: n })
  if (!isCount(c, least.c)) return E.left({ _tag: "NotACount", problem, name: "c", value: c })
  return c > n ? E.left({ _tag: "MoreCorrectThanSamples", problem, n, c }) : E.right(undefined)
}

const validate = (
  problem: string | undefined,
  n: number,
  c: number,
  k: number,
): E.Either<PassAtKError, void> => {
  const counts = checkCounts(problem, n, c)
  if (E.isLeft(counts)) return counts
  if (!isCount(k, least.k)) return E.left({ _tag: "NotACount", problem, name: "k", value: k })
  if (k > n) return E.left({ _tag: "TooFewSamples", problem, n, k })
  return E.right(undefined)
}

/**
 * pass@k of counts that are known to be valid, for loops over many of them: the product over the smaller of c and k
 * (law 4).
 *
 * @category numerics
 * @since 0.1.0
 */
export const unsafePassAtK = (n: number, c: number, k: number): number => {
  if (n - c < k) return 1
  const [few, many] = c < k ? [c, k] : [k, c]
  let allWrong = 1
  for (let i = n - few + 1; i <= n; i++) allWrong *= 1 - many / i
  return 1 - allWrong
}

const mean = (values: ReadonlyArray<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total / values.length
}
