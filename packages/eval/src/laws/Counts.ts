/** Laws of what counts of one problem say: the binomial, its posterior, the variance of pass@k, plans, majorities. */
import * as E from "fp-ts/lib/Either.js"
import * as Binomial from "../Binomial.ts"
import * as GPassAtK from "../GPassAtK.ts"
import { bothHold, holds, near } from "../internal/holds.ts"
import * as Majority from "../Majority.ts"
import * as PassAtK from "../PassAtK.ts"
import * as PassVariance from "../PassVariance.ts"
import * as Planning from "../Planning.ts"
import * as Posterior from "../Posterior.ts"

/**
 * Sums of up to a few hundred binomial terms, each within n rounding errors of its logarithm.
 *
 * @category tolerances
 * @since 0.1.0
 */
export const binomialTolerance = 1e-10

// the binomial and its posterior

/** Σ P = 1, mean nq, variance nq(1 - q). */
export const binomialMoments = (n: number, q: number): boolean =>
  near(
    Binomial.expectation(n, q, () => 1),
    1,
    binomialTolerance,
  ) &&
  near(
    Binomial.expectation(n, q, (c) => c),
    n * q,
    n * binomialTolerance,
  ) &&
  near(
    Binomial.expectation(n, q, (c) => (c - n * q) ** 2),
    n * q * (1 - q),
    n * n * binomialTolerance,
  )

/** The ends have the posterior probabilities that they claim. */
export const posteriorEndsHaveTheirProbabilities = (n: number, c: number, level: number): boolean =>
  holds(Posterior.rate(n, c, level), ({ low, high, mean }) => {
    const below = (x: number): number => Binomial.upperTail(n + 1, x, c)
    const [least, most] = c === 0 ? [0, level] : c === n ? [1 - level, 1] : [(1 - level) / 2, (1 + level) / 2]
    return (
      near(below(low), least, 1e-9) && near(below(high), most, 1e-9) && low <= high && 0 < mean && mean < 1
    )
  })

/** Exchanging right and wrong mirrors the interval. */
export const posteriorIsSymmetric = (n: number, c: number): boolean =>
  bothHold(
    Posterior.rate(n, c),
    Posterior.rate(n, n - c),
    (a, b) =>
      near(a.low, 1 - b.high, 1e-9) && near(a.high, 1 - b.low, 1e-9) && near(a.mean, 1 - b.mean, 1e-12),
  )

/** One more correct sample of n moves the interval up; for c < n. */
export const posteriorGrowsWithC = (n: number, c: number): boolean =>
  bothHold(
    Posterior.rate(n, c),
    Posterior.rate(n, c + 1),
    (a, b) => a.low <= b.low && a.high <= b.high && a.mean < b.mean,
  )

// the variance of pass@k

/** E V̂ = Var_q, for 2k <= n. */
export const varianceIsUnbiased = (n: number, k: number, q: number): boolean =>
  holds(PassVariance.exact(n, k, q), (variance) => {
    const mean = Binomial.expectation(n, q, (c) => E.getOrElse(() => NaN)(PassVariance.unbiased(n, c, k)))
    return near(mean, variance, binomialTolerance)
  })

/** k = 1: Var_q = q(1-q)/n and V̂ = c(n-c)/(n²(n-1)); for n >= 2. */
export const varianceOfTheRate = (n: number, c: number, q: number): boolean =>
  bothHold(
    PassVariance.exact(n, 1, q),
    PassVariance.unbiased(n, c, 1),
    (exact, unbiased) =>
      near(exact, (q * (1 - q)) / n, binomialTolerance) &&
      near(unbiased, (c * (n - c)) / (n * n * (n - 1)), binomialTolerance),
  )

/** More samples never scatter more. */
export const varianceFallsWithN = (n: number, k: number, q: number): boolean =>
  bothHold(
    PassVariance.exact(n, k, q),
    PassVariance.exact(n + 1, k, q),
    (few, more) => more <= few + binomialTolerance,
  )

// plans

/** The planned number of samples reaches the width, and one fewer does not, or would be fewer than k. */
export const planIsTight = (
  target: number,
  k: number,
  rates: ReadonlyArray<number>,
  limit: number,
): boolean => {
  const plan = Planning.samplesFor(target, k, rates, limit)
  if (E.isLeft(plan)) return holds(Planning.width(limit, k, rates), (reached) => reached > target)
  return (
    holds(Planning.width(plan.right, k, rates), (reached) => reached <= target) &&
    (plan.right === k || holds(Planning.width(plan.right - 1, k, rates), (reached) => reached > target))
  )
}

// majorities

/** maj@k is the mean over all k-subsets of the n samples, one by one; for small n. */
export const majorityIsEnumeration = (votes: ReadonlyArray<Majority.Votes>, k: number): boolean => {
  const samples = votes.flatMap(({ count }, a) => Array.from({ length: count }, () => a))
  let subsets = 0
  let won = 0
  for (let set = 0; set < 2 ** samples.length; set++) {
    const drawn = samples.filter((_, i) => ((set >> i) & 1) === 1)
    if (drawn.length !== k) continue
    subsets++
    const counts = votes.map((_, a) => drawn.filter((b) => b === a).length)
    const most = Math.max(...counts)
    const tied = votes.filter((_, a) => counts[a] === most)
    won += tied.filter(({ correct }) => correct).length / tied.length
  }
  return holds(Majority.majorityAtK(votes, k), (value) => near(value, won / subsets, 1e-12))
}

/** maj@1 = c/n. */
export const majorityAtOneIsTheRate = (votes: ReadonlyArray<Majority.Votes>): boolean => {
  const total = (some: ReadonlyArray<Majority.Votes>): number =>
    some.reduce((sum, { count }) => sum + count, 0)
  return holds(Majority.majorityAtK(votes, 1), (value) =>
    near(value, total(votes.filter(({ correct }) => correct)) / total(votes), 1e-12),
  )
}

/** The chances of all answers to win sum to 1. */
export const majoritiesSumToOne = (votes: ReadonlyArray<Majority.Votes>, k: number): boolean => {
  const chances = votes.map((_, a) =>
    Majority.majorityAtK(
      votes.map(({ count }, b) => ({ count, correct: a === b })),
      k,
    ),
  )
  const total = chances.reduce((sum, chance) => sum + E.getOrElse(() => NaN)(chance), 0)
  return near(total, 1, 1e-10)
}

/** pass@k bounds maj@k where only one answer is correct: a majority needs at least one vote. */
export const majorityNeedsAPass = (votes: ReadonlyArray<Majority.Votes>, k: number): boolean => {
  const n = votes.reduce((total, { count }) => total + count, 0)
  const c = votes.reduce((total, { count, correct }) => total + (correct ? count : 0), 0)
  return bothHold(
    Majority.majorityAtK(votes, k),
    PassAtK.passAtK(n, c, k),
    (maj, pass) => maj <= pass + 1e-12,
  )
}

// between pass@k and pass^k

/** τ -> 0 gives pass@k; τ = 1 gives pass^k, the complement of pass@k of the wrong samples. */
export const gPassEnds = (n: number, c: number, k: number): boolean =>
  bothHold(GPassAtK.gPassAtK(n, c, k, 0), PassAtK.passAtK(n, c, k), (a, b) =>
    near(a, b, binomialTolerance),
  ) &&
  bothHold(GPassAtK.allOfK(n, c, k), PassAtK.passAtK(n, n - c, k), (a, b) =>
    near(a, 1 - b, binomialTolerance),
  )

/** It never grows with τ. */
export const gPassFallsWithTau = (n: number, c: number, k: number, tau: number, more: number): boolean =>
  bothHold(
    GPassAtK.gPassAtK(n, c, k, tau),
    GPassAtK.gPassAtK(n, c, k, Math.min(1, tau + more)),
    (a, b) => b <= a + binomialTolerance,
  )

/** Unbiased: its mean over c is the chance of k fresh samples. */
export const gPassIsUnbiased = (n: number, k: number, q: number, tau: number): boolean => {
  const least = Math.max(1, Math.ceil(tau * k))
  const mean = Binomial.expectation(n, q, (c) => E.getOrElse(() => NaN)(GPassAtK.gPassAtK(n, c, k, tau)))
  return near(mean, Binomial.upperTail(k, q, least - 1), binomialTolerance)
}
