/**
 * Laws of seeds and of everything that draws, and bounds for frequencies.
 */
import { isRight } from "fp-ts/lib/Either.js"
import type { Eq } from "fp-ts/lib/Eq.js"
import * as AliasTable from "../AliasTable.ts"
import type { Categorical } from "../Categorical.ts"
import * as C from "../Categorical.ts"
import * as LogSpace from "../LogSpace.ts"
import * as PlackettLuce from "../PlackettLuce.ts"
import * as Sampling from "../Sampling.ts"
import type { Seed } from "../Seed.ts"
import { child, generator } from "../Seed.ts"

// laws

/** The first n uniform numbers of a seed. */
const uniforms = (seed: Seed, n: number): ReadonlyArray<number> => {
  const { uniform } = generator(seed)
  return Array.from({ length: n }, () => uniform())
}

const sameStream = (a: Seed, b: Seed): boolean => {
  const [xs, ys] = [uniforms(a, 8), uniforms(b, 8)]
  return xs.every((x, i) => x === ys[i])
}

/** Equal seeds give equal streams, and every number is in [0, 1). */
export const seedDeterminism = (seed: Seed): boolean =>
  sameStream(seed, seed) && uniforms(seed, 8).every((u) => u >= 0 && u < 1)

/** The child that a label names does not depend on what else was drawn or derived from its parent. */
export const childIndependence = (seed: Seed, label: string | number, other: string | number): boolean => {
  const before = child(seed, label)
  uniforms(seed, 3)
  child(child(seed, other), label)
  return sameStream(before, child(seed, label))
}

/** Different labels, and a parent and its child, name different streams. */
export const childrenDiffer = (seed: Seed, a: string | number, b: string | number): boolean =>
  a === b || (!sameStream(child(seed, a), child(seed, b)) && !sameStream(seed, child(seed, a)))

/** Fewer draws are the beginning of more draws; all of them are possible outcomes; `sample` is the first. */
export const samplesAreAStream = (p: Categorical, n: number, seed: Seed): boolean => {
  const draws = Sampling.samples(p, n + 1, seed)
  return (
    Sampling.samples(p, n, seed).every((x, i) => x === draws[i]) &&
    draws.every((x) => C.logProb(p, x) > -Infinity) &&
    Sampling.sample(p, seed) === draws[0] &&
    C.logProb(p, Sampling.gumbelMax(p, seed)) > -Infinity
  )
}

/** inverseCdf is non-decreasing in u, and in the support. */
export const inverseCdfMonotone = (p: Categorical, u: number, v: number): boolean =>
  Sampling.inverseCdf(p, Math.min(u, v)) <= Sampling.inverseCdf(p, Math.max(u, v)) &&
  C.logProb(p, Sampling.inverseCdf(p, u)) > -Infinity

/**
 * Whether a count of successes is within z standard deviations of n p.
 *
 *     |count − n p| ≤ z √(n p (1 − p)) + 1
 *
 * The 1 allows for the discreteness of the count where n p is small.
 */
export const binomialBound =
  (z: number) =>
  (count: number, n: number, p: number): boolean =>
    Math.abs(count - n * p) <= z * Math.sqrt(n * p * (1 - p)) + 1

/** The table draws with p: keep_i/K and the shares that alias i add up to p_i, and 0 stays 0. */
export const aliasReconstructs =
  (S: Eq<number>) =>
  (p: Categorical): boolean => {
    const table = AliasTable.make(p)
    const drawn = AliasTable.probabilities(table)
    return (
      table.keep.every((share) => share >= 0 && share <= 1) &&
      table.alias.every((i) => C.logProb(p, i) > -Infinity) &&
      drawn.every((x, i) => S.equals(x, C.prob(p, i)) && (C.logProb(p, i) > -Infinity || x === 0))
    )
  }

/** The measure of the pairs (column, share) that a table sends to i is p_i: counted on a grid of n shares a column. */
export const aliasGrid =
  (S: Eq<number>) =>
  (table: AliasTable.AliasTable, n: number): boolean => {
    const k = table.keep.length
    const counts = Array.from({ length: k }, () => 0)
    for (const j of table.keep.keys())
      for (const m of Array.from({ length: n }).keys()) {
        const i = AliasTable.draw(table, (j + 0.5) / k, (m + 0.5) / n)
        counts[i] = (counts[i] ?? 0) + 1
      }
    return AliasTable.probabilities(table).every((x, i) => S.equals((counts[i] ?? 0) / (n * k), x))
  }

/** Draws without replacement are different and possible, and fewer begin more. */
export const withoutReplacement = (p: Categorical, k: number, seed: Seed): boolean => {
  const most = Math.min(k, C.support(p).length)
  const drawn = PlackettLuce.sample(p, most, seed)
  const fewer = PlackettLuce.sample(p, Math.max(0, most - 1), seed)
  return (
    isRight(drawn) &&
    isRight(fewer) &&
    new Set(drawn.right).size === most &&
    fewer.right.every((x, i) => x === drawn.right[i]) &&
    PlackettLuce.logProb(p, drawn.right) > -Infinity
  )
}

/**
 * Pearson's statistic, and whether it is below its quantile at z standard deviations of a normal.
 *
 *     X² = Σ (c_i − n p_i)² / (n p_i) ≤ d (1 − 2/(9d) + z √(2/(9d)))³,   d = cells − 1
 *
 * Cells with n p_i < 5 are merged into one, as is usual; a count where p_i = 0 fails.
 * **Source** the quantile: Wilson & Hilferty (1931), within 1 % for d ≥ 3.
 */
export const chiSquareBelow =
  (z: number) =>
  (counts: ReadonlyArray<number>, probabilities: ReadonlyArray<number>): boolean => {
    const n = LogSpace.sum(counts)
    const rare = (i: number): boolean => n * (probabilities[i] ?? 0) < 5
    const total = (xs: ReadonlyArray<number>, of: (i: number) => boolean): number =>
      LogSpace.sum(xs.filter((_, i) => of(i)))
    const frequent = counts.flatMap((count, i) =>
      rare(i) ? [] : [[count, n * (probabilities[i] ?? 0)] as const],
    )
    const rest = [total(counts, rare), n * total(probabilities, rare)] as const
    const cells = rest[1] > 0 ? [...frequent, rest] : frequent
    const d = cells.length - 1
    const statistic = LogSpace.sum(cells.map(([count, expected]) => (count - expected) ** 2 / expected))
    const impossible = counts.some((count, i) => count > 0 && probabilities[i] === 0)
    return !impossible && (d === 0 || statistic <= d * (1 - 2 / (9 * d) + z * Math.sqrt(2 / (9 * d))) ** 3)
  }
