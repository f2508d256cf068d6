/** The error bounds that the documentation states, against integer arithmetic of 320 to 3,400 bits. */
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Categorical, LogSpace, Seed } from "../src/index.ts"
import { nastyLogits, right } from "./arbitraries.ts"
import { abs, exact, total } from "./exact.ts"

/** Half the distance of 1 to the next double. */
const u = 2 ** -53
/** Exact for every double, with 600 bits below the smallest of them. */
const wide = exact(1700)
/** For e^z / Σ, of which both may be e^±800: their quotient needs twice the width. */
const widest = exact(3400)
/** For probabilities near 1 in number: a hundred thousand exponentials in a second. */
const narrow = exact(320)

const sumBound = (xs: ReadonlyArray<number>, sum: number): number => {
  const size = xs.reduce((a, x) => a + Math.abs(x), 0)
  return u * Math.abs(sum) + 2 * xs.length ** 2 * u ** 2 * size
}

describe("[D9] sums", () => {
  const term = fc.oneof(
    fc.double({ min: -1e290, max: 1e290, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.constantFrom(1e-300, -1e-300, 5e-324, 1e280, -1e280),
  )
  test("[D9] a compensated sum errs by at most u |Σx| + 2 n² u² Σ|x|", () =>
    fc.assert(
      fc.property(fc.array(term, { maxLength: 200 }), (xs) => {
        const sum = LogSpace.sum(xs)
        return abs(wide.of(sum) - total(xs.map(wide.of))) <= wide.of(sumBound(xs, sum)) + 1n
      }),
    ))
  test("[D9] a million probabilities from 1e-300 to 1 are added to an ulp", () => {
    const { uniform } = Seed.generator(Seed.fromInteger(11))
    const xs = Array.from({ length: 1_000_000 }, () => 10 ** (-300 * uniform() ** 4))
    let truth = 0n
    for (const x of xs) truth += wide.of(x)
    const sum = LogSpace.sum(xs)
    expect(abs(wide.of(sum) - truth) <= wide.of(2 * u * sum)).toBe(true)
    // The plain loop does not: the bound can be missed.
    const plain = xs.reduce((a, x) => a + x, 0)
    expect(abs(wide.of(plain) - truth) <= wide.of(2 * u * plain)).toBe(false)
  })
})

/** e^{y − b} ≤ Σ ≤ e^{y + b}: that is |y − ln Σ| ≤ b, without a logarithm. */
const isLogOf = (y: number, truth: bigint, bound: number): boolean =>
  wide.exp(wide.of(y) - wide.of(bound)) <= truth && truth <= wide.exp(wide.of(y) + wide.of(bound))

const inRange = (zs: ReadonlyArray<number>): ReadonlyArray<number> => zs.filter((z) => z > -1000)

describe("[D9] log-sum-exp, log-softmax, entropy", () => {
  test("[D9] |logSumExp error| ≤ u (|result| + 3 ln K + 8)", () =>
    fc.assert(
      fc.property(nastyLogits, (zs) => {
        const kept = inRange(zs)
        if (kept.length === 0) return true
        const y = LogSpace.logSumExp(zs)
        const truth = total(kept.map((z) => wide.exp(wide.of(z))))
        return isLogOf(y, truth, u * (Math.abs(y) + 3 * Math.log(zs.length) + 8))
      }),
    ))
  test("[D9] |logSoftmax error| ≤ u (2 |result| + 3 ln K + 8)", () =>
    fc.assert(
      fc.property(nastyLogits, (zs) => {
        const kept = inRange(zs)
        if (kept.length === 0) return true
        const truth = total(kept.map((z) => widest.exp(widest.of(z))))
        return LogSpace.logSoftmax(kept).every((l, i) => {
          const e = widest.exp(widest.of(kept[i] ?? 0))
          const bound = widest.of(u * (2 * Math.abs(l) + 3 * Math.log(kept.length) + 8))
          // e^{l − b} Σ ≤ e^z ≤ e^{l + b} Σ, a unit of the last place aside
          return (
            widest.mul(widest.exp(widest.of(l) - bound), truth) <= e + 1n &&
            e <= widest.mul(widest.exp(widest.of(l) + bound), truth) + 1n
          )
        })
      }),
    ))
  test("[D9] relative error of the entropy ≤ 8 u, apart from K 2^-1064 where probabilities are below 1e-308", () =>
    fc.assert(
      fc.property(nastyLogits, (zs) => {
        const p = right(Categorical.fromLogits(zs))
        const truth = total(inRange(p.logProbs).map((l) => -wide.mul(wide.exp(wide.of(l)), wide.of(l))))
        const slack = wide.of(2 ** -1064) * BigInt(zs.length)
        return abs(wide.of(Categorical.entropy(p)) - truth) <= (truth * 8n) / 2n ** 53n + slack
      }),
    ))
  test("[D9] a hundred thousand outcomes: total 1 and entropy", () => {
    const k = 100_000
    const { uniform } = Seed.generator(Seed.fromInteger(12))
    const levels = Array.from({ length: 2_000 }, () => -690 * uniform() ** 6)
    const p = right(
      Categorical.fromLogits(Array.from({ length: k }, (_, i) => levels[i % levels.length] ?? 0)),
    )
    const counts = new Map<number, bigint>()
    for (const l of p.logProbs) counts.set(l, (counts.get(l) ?? 0n) + 1n)
    const parts = [...counts].map(([l, count]) => {
      const x = narrow.exp(narrow.of(l)) * count
      return { x, h: -narrow.mul(x, narrow.of(l)) }
    })
    const mass = total(parts.map(({ x }) => x))
    const h = total(parts.map((part) => part.h))
    expect(abs(mass - narrow.one) <= narrow.of(u * (5 * Math.log(k) + 8))).toBe(true)
    expect(abs(narrow.of(Categorical.entropy(p)) - h) <= (h * 8n) / 2n ** 53n).toBe(true)
  })
})

test("[D2] the total of any distribution, added exactly, is 1 within u (2 H + 3 ln K + 8)", () =>
  fc.assert(
    fc.property(nastyLogits, (zs) => {
      const p = right(Categorical.fromLogits(zs))
      const mass = total(inRange(p.logProbs).map((l) => wide.exp(wide.of(l))))
      return abs(mass - wide.one) <= wide.of(u * (2 * Categorical.entropy(p) + 3 * Math.log(zs.length) + 8))
    }),
  ))
