import * as fs from "node:fs"
import * as path from "node:path"
import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { describe, expect, test } from "vitest"
import { Categorical, Filters, Laws } from "../src/index.ts"
import { nastyLogits, right, uniform } from "./arbitraries.ts"

const truncation: fc.Arbitrary<Filters.Filter> = fc.oneof(
  fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant(Infinity)).map((k) => right(Filters.topK(k))),
  uniform.map((p) => right(Filters.topP(p))),
  uniform.map((share) => right(Filters.minP(share))),
)

describe("laws", () => {
  test("a truncation keeps logits or excludes them, never the largest", () =>
    fc.assert(fc.property(truncation, nastyLogits, (filter, zs) => Laws.truncationKeeps(filter)(zs))))
  test("filters commute with permutations, ties included", () =>
    fc.assert(
      fc.property(
        truncation,
        nastyLogits.chain((zs) =>
          fc.tuple(
            fc.constant(zs),
            fc.shuffledSubarray([...zs.keys()], { minLength: zs.length, maxLength: zs.length }),
          ),
        ),
        (filter, [zs, permutation]) => Laws.filterEquivariant(filter)(zs, permutation),
      ),
    ))
  test("top-k keeps at least k, and what it keeps is not below what it excludes", () =>
    fc.assert(
      fc.property(nastyLogits, fc.integer({ min: 1, max: 8 }), (zs, k) => {
        const kept = right(Filters.topK(k))(zs)
        const inside = kept.filter((z) => z > -Infinity)
        const outside = zs.filter((z, i) => z > -Infinity && kept[i] === -Infinity)
        const least = Math.min(...inside)
        return (
          inside.length >= Math.min(k, zs.filter((z) => z > -Infinity).length) &&
          outside.every((z) => z < least) &&
          inside.filter((z) => z > least).length < k
        )
      }),
    ))
  test("the nucleus reaches p, and without its least probable outcomes it does not", () =>
    fc.assert(
      fc.property(nastyLogits, uniform, (zs, p) => {
        const all = right(Categorical.fromLogits(zs))
        const kept = right(Filters.topP(p))(zs)
        const least = Math.min(...kept.filter((z) => z > -Infinity))
        const mass = (keep: (i: number) => boolean): number =>
          Categorical.expectation(all, (i) => (keep(i) ? 1 : 0))
        return (
          mass((i) => (kept[i] ?? 0) > -Infinity) >= p - 1e-12 &&
          mass((i) => (kept[i] ?? 0) > least) < p + 1e-12
        )
      }),
    ))
  test("min-p keeps exactly the shares of the largest", () =>
    fc.assert(
      fc.property(nastyLogits, uniform, (zs, share) => {
        const top = zs.reduce((a, b) => Math.max(a, b))
        return right(Filters.minP(share))(zs).every(
          (z, i) => z > -Infinity === ((zs[i] ?? 0) > -Infinity && (zs[i] ?? 0) >= top + Math.log(share)),
        )
      }),
    ))
  test("neutral parameters change nothing; filters compose in order", () =>
    fc.assert(
      fc.property(nastyLogits, (zs) => {
        const neutral = [Filters.temperature(1), Filters.topK(Infinity), Filters.topP(1), Filters.minP(0)]
        const both = Filters.inOrder([right(Filters.temperature(2)), right(Filters.topK(1))])
        return (
          Filters.inOrder(neutral.map(right))(zs).every((z, i) => z === zs[i]) &&
          both(zs).every((z) => z === -Infinity || z === Math.max(...zs) / 2)
        )
      }),
    ))
})

test("parameters outside their domain are refused with a sentence", () => {
  const refused = [
    Filters.temperature(0),
    Filters.temperature(-1),
    Filters.temperature(Number.NaN),
    Filters.topK(0),
    Filters.topK(1.5),
    Filters.topP(1.1),
    Filters.minP(-0.1),
  ]
  for (const result of refused) {
    expect(E.isLeft(result) && result.left._tag).toBe("InvalidParameter")
    expect(E.isLeft(result) && Categorical.showError(result.left)).toMatch(/^The .* is .*; it must be .*\.$/)
  }
})

interface Golden {
  readonly sampling_filters: Readonly<
    Record<
      "logits" | "temperature_0_6" | "top_p_0_95" | "top_p_0_5" | "top_k_3",
      ReadonlyArray<ReadonlyArray<number | null>>
    >
  >
}

const golden = path.resolve(import.meta.dirname, "../../../../shared/data/golden/torch-reference.json")

test("golden: the logits processors of transformers", () => {
  if (!fs.existsSync(golden)) {
    console.log("golden: torch-reference.json is not beside this repository, so nothing was compared")
    return
  }
  const { sampling_filters: cases } = JSON.parse(fs.readFileSync(golden, "utf8")) as Golden
  const numbers = (row: ReadonlyArray<number | null>): ReadonlyArray<number> => row.map((z) => z ?? -Infinity)
  const compared = [
    ["top_p_0_95", Filters.topP(0.95)],
    ["top_p_0_5", Filters.topP(0.5)],
    ["top_k_3", Filters.topK(3)],
  ] as const
  expect(cases.logits).toHaveLength(2)
  cases.logits.forEach((row, r) => {
    for (const [name, filter] of compared)
      expect(right(filter)(numbers(row))).toEqual(numbers(cases[name][r] ?? []))
    const scaled = right(Filters.temperature(0.6))(numbers(row))
    // The file's division and ours are the same double division.
    numbers(cases.temperature_0_6[r] ?? []).forEach((z, i) => expect(scaled[i]).toBeCloseTo(z, 12))
  })
})
