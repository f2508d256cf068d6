/**
 * Laws of the algebra `Real` and of arithmetic in log space.
 */
import type { Eq } from "fp-ts/lib/Eq.js"
import * as LogSpace from "../LogSpace.ts"
import type { Real } from "../Real.ts"

// Real

/** a + b = b + a, (a + b) + c = a + (b + c), a + 0 = a, a − a = 0. */
export const additiveGroup =
  <A>(R: Real<A>, S: Eq<A>) =>
  (a: A, b: A, c: A): boolean =>
    S.equals(R.add(a, b), R.add(b, a)) &&
    S.equals(R.add(R.add(a, b), c), R.add(a, R.add(b, c))) &&
    S.equals(R.add(a, R.zero), a) &&
    S.equals(R.sub(a, a), R.zero)

/** a b = b a, (a b) c = a (b c), 1 a = a, and (a b) / b = a for b ≠ 0. */
export const multiplicativeGroup =
  <A>(R: Real<A>, S: Eq<A>) =>
  (a: A, b: A, c: A): boolean =>
    S.equals(R.mul(a, b), R.mul(b, a)) &&
    S.equals(R.mul(R.mul(a, b), c), R.mul(a, R.mul(b, c))) &&
    S.equals(R.mul(R.one, a), a) &&
    S.equals(R.div(R.mul(a, b), b), a)

/** a (b + c) = a b + a c. */
export const distributive =
  <A>(R: Real<A>, S: Eq<A>) =>
  (a: A, b: A, c: A): boolean =>
    S.equals(R.mul(a, R.add(b, c)), R.add(R.mul(a, b), R.mul(a, c)))

/** exp(log a) = a for a > 0. */
export const expInvertsLog =
  <A>(R: Real<A>, S: Eq<A>) =>
  (positive: A): boolean =>
    S.equals(R.exp(R.log(positive)), positive)

/** exp(a + b) = exp a · exp b. */
export const expIsHomomorphism =
  <A>(R: Real<A>, S: Eq<A>) =>
  (a: A, b: A): boolean =>
    S.equals(R.exp(R.add(a, b)), R.mul(R.exp(a), R.exp(b)))

/** sqrt(a)² = a for a > 0. */
export const sqrtSquares =
  <A>(R: Real<A>, S: Eq<A>) =>
  (positive: A): boolean =>
    S.equals(R.mul(R.sqrt(positive), R.sqrt(positive)), positive)

/** min(a, b) + max(a, b) = a + b. */
export const minPlusMax =
  <A>(R: Real<A>, S: Eq<A>) =>
  (a: A, b: A): boolean =>
    S.equals(R.add(R.min(a, b), R.max(a, b)), R.add(a, b))

// log space

/** logSumExp(x + c) = logSumExp(x) + c. */
export const logSumExpShift =
  (S: Eq<number>) =>
  (xs: ReadonlyArray<number>, c: number): boolean =>
    S.equals(LogSpace.logSumExp(xs.map((x) => x + c)), LogSpace.logSumExp(xs) + c)

/** logSumExp does not depend on the order of its terms. */
export const logSumExpSymmetric =
  (S: Eq<number>) =>
  (xs: ReadonlyArray<number>): boolean =>
    S.equals(LogSpace.logSumExp(xs.toReversed()), LogSpace.logSumExp(xs))

/** (ℝ ∪ {−∞}, logAddExp, −∞) is a commutative monoid. */
export const logAddExpMonoid =
  (S: Eq<number>) =>
  (a: number, b: number, c: number): boolean =>
    S.equals(LogSpace.logAddExp(a, b), LogSpace.logAddExp(b, a)) &&
    S.equals(
      LogSpace.logAddExp(LogSpace.logAddExp(a, b), c),
      LogSpace.logAddExp(a, LogSpace.logAddExp(b, c)),
    ) &&
    S.equals(LogSpace.logAddExp(a, -Infinity), a)

/** logSumExpBy is logSumExp of each group, and the groups together are everything. */
export const logSumExpGroups =
  (S: Eq<number>) =>
  (xs: ReadonlyArray<number>, keys: ReadonlyArray<number>, k: number): boolean => {
    const groups = LogSpace.logSumExpBy(xs, keys, k)
    return (
      groups.length === k &&
      groups.every((group, j) => S.equals(group, LogSpace.logSumExp(xs.filter((_, i) => keys[i] === j)))) &&
      S.equals(LogSpace.logSumExp(groups), LogSpace.logSumExp(xs))
    )
  }

/** partialSums does not decrease, rests where a term is 0, and ends with the sum. */
export const partialSumsGrow =
  (S: Eq<number>) =>
  (xs: ReadonlyArray<number>): boolean => {
    const sums = LogSpace.partialSums(xs)
    return (
      sums.length === xs.length &&
      sums.every((x, i) => {
        const before = i === 0 ? 0 : (sums[i - 1] ?? Number.NaN)
        return xs[i] === 0 ? x === before : x >= before
      }) &&
      S.equals(sums.at(-1) ?? 0, LogSpace.sum(xs))
    )
  }
