/**
 * maj@k (cons@k): the chance that the most frequent answer of k samples is correct, exactly, over all k-subsets of n.
 *
 *     maj@k = Σ_a∈correct Σ_j Σ_t P(x_a = j, all others <= j, t others = j) / (t + 1)
 *
 * | symbol | meaning |
 * |---|---|
 * | m_a | how many of the n samples gave answer a |
 * | x_a | how many of the k drawn ones did: multivariate hypergeometric |
 * | t | answers that tie with a: a tie goes to each of its answers with equal chance |
 *
 * The hypergeometric law is that of independent x_a ~ Binomial(m_a, k/n), given Σ x = k. So the sum over subsets is a
 * product of polynomials, whose terms are probabilities: nothing overflows, whatever n is.
 *
 * **Laws** (`Laws.ts`)
 * 1. maj@1 = c/n. maj@n is 1, 0, or the share of correct ones among the tied.
 * 2. It is the mean over all k-subsets, one by one.
 * 3. Renaming answers changes nothing; the chances of all answers sum to 1.
 *
 * **Source**  Wang et al. (2023), Self-Consistency, arXiv 2203.11171; the exact mean over subsets is *derived*. NeMo-RL gives
 * ties to the answer seen first, which makes its estimate depend on the samples' order.
 */
import * as E from "fp-ts/lib/Either.js"
import * as Binomial from "./Binomial.ts"

// model

/**
 * One answer to a problem: how many samples gave it, and whether it is correct.
 *
 * @category models
 * @since 0.1.0
 */
export interface Votes {
  readonly count: number
  readonly correct: boolean
}

/** @category errors */
export type MajorityError =
  | { readonly _tag: "NotACount"; readonly index: number; readonly count: number }
  | { readonly _tag: "NotEnoughVotes"; readonly votes: number; readonly k: number }
  | { readonly _tag: "TooMany"; readonly k: number; readonly limit: number }

/**
 * The largest k below n: the work grows with its cube.
 *
 * @category constants
 * @since 0.1.0
 */
export const largestK = 256

// constructors

/**
 * The votes of a problem's samples, one answer each: `undefined` is a sample without an answer, which never wins.
 *
 * ```ts import.meta.vitest
 * import { Majority } from "@rapo/eval"
 * Majority.votesOf(["4", "5", "4", undefined], (answer) => answer === "4") // => [{ count: 2, correct: true }, { count: 1, correct: false }]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const votesOf = (
  answers: ReadonlyArray<string | undefined>,
  isCorrect: (answer: string) => boolean,
): ReadonlyArray<Votes> => {
  const counts = new Map<string, number>()
  for (const answer of answers) if (answer !== undefined) counts.set(answer, (counts.get(answer) ?? 0) + 1)
  return [...counts].map(([answer, count]) => ({ count, correct: isCorrect(answer) }))
}

// destructors

/**
 * maj@k of one problem from the votes of its samples.
 *
 * **Domain**   positive counts; 1 <= k <= Σ counts; k <= `largestK` unless k is all of them.
 * **Numerics** float64; agrees with enumeration to 1e-12.
 * **Fails with** `NotACount`, `NotEnoughVotes`, `TooMany`.
 *
 * ```ts import.meta.vitest
 * import { Majority } from "@rapo/eval"
 * const votes = [{ count: 3, correct: true }, { count: 1, correct: false }, { count: 1, correct: false }]
 * const three = Majority.majorityAtK(votes, 3)
 * three._tag === "Right" && three.right // ≈ 0.8
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const majorityAtK = (votes: ReadonlyArray<Votes>, k: number): E.Either<MajorityError, number> => {
  const index = votes.findIndex(({ count }) => !Number.isSafeInteger(count) || count < 1)
  if (index >= 0) return E.left({ _tag: "NotACount", index, count: votes[index]?.count ?? NaN })
  const n = votes.reduce((total, { count }) => total + count, 0)
  if (!Number.isSafeInteger(k) || k < 1 || k > n) return E.left({ _tag: "NotEnoughVotes", votes: n, k })
  if (k === n) return E.right(ofAll(votes))
  if (k > largestK) return E.left({ _tag: "TooMany", k, limit: largestK })
  const weights = votes.map(({ count }) => Binomial.logProbs(count, k / n).map(Math.exp))
  const total = Math.exp(Binomial.logProbs(n, k / n)[k] ?? NaN)
  const wins = votes.map(({ correct }, a) => (correct ? winning(weights, a, k) : 0))
  return E.right(Math.min(1, wins.reduce((sum, win) => sum + win, 0) / total))
}

/**
 * An error as a sentence.
 *
 * @category destructors
 * @since 0.1.0
 */
export const showError = (error: MajorityError): string => {
  switch (error._tag) {
    case "NotACount":
      return `The votes of answer ${error.index} must be a whole number above 0, and are ${error.count}.`
    case "NotEnoughVotes":
      return `maj@${error.k} needs a whole k from 1 to the ${error.votes} votes that there are.`
    case "TooMany":
    default:
      return `maj@${error.k} is computed exactly up to k = ${error.limit}, and for all samples: ask for a smaller k.`
  }
}

// numerics

/** All votes are drawn: the most frequent answers share the win. */
const ofAll = (votes: ReadonlyArray<Votes>): number => {
  const most = votes.reduce((largest, { count }) => Math.max(largest, count), 0)
  const tied = votes.filter(({ count }) => count === most)
  return tied.filter(({ correct }) => correct).length / tied.length
}

/** Σ_j Σ_t P(x_a = j, others <= j, t others = j, all sum to k) / (t + 1), before division by P(sum = k). */
const winning = (weights: ReadonlyArray<ReadonlyArray<number>>, a: number, k: number): number => {
  const own = weights[a] ?? []
  let total = 0
  for (let j = 1; j < own.length && j <= k; j++) {
    const ties = othersUpTo(weights, a, j, k - j)
    let share = 0
    for (let t = 0; t < ties.length; t++) share += (ties[t] ?? 0) / (t + 1)
    total += (own[j] ?? 0) * share
  }
  return total
}

/** Entry t: the weight of others that sum to `size`, none above j, t of them at j. */
const othersUpTo = (
  weights: ReadonlyArray<ReadonlyArray<number>>,
  a: number,
  j: number,
  size: number,
): Float64Array => {
  const mostTies = Math.floor(size / j)
  const width = size + 1
  let states = new Float64Array((mostTies + 1) * width) // [t, sum]
  states[0] = 1
  for (const [b, weight] of weights.entries()) {
    if (b === a) continue
    const next = new Float64Array(states.length)
    const most = Math.min(j, weight.length - 1)
    for (let t = 0; t <= mostTies; t++) {
      for (let sum = t * j; sum <= size; sum++) {
        const state = states[t * width + sum] ?? 0
        if (state === 0) continue
        for (let x = 0; x <= most && sum + x <= size; x++) {
          const to = (x === j ? t + 1 : t) * width + sum + x
          next[to] = (next[to] ?? 0) + state * (weight[x] ?? 0)
        }
      }
    }
    states = next
  }
  return Float64Array.from({ length: mostTies + 1 }, (_, t) => states[t * width + size] ?? 0)
}
