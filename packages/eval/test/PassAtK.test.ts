import { GPassAtK, Laws, PassAtK } from "@rapo/eval"
import * as E from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import * as fs from "node:fs"
import * as path from "node:path"
import { describe, expect, test } from "vitest"
import * as A from "./arbitraries.ts"

describe("laws of pass@k", () => {
  const large = A.counts(2048)
  test("pass@1 = c/n", () => fc.assert(fc.property(large, ({ n, c }) => Laws.passAtOneIsTheRate(n, c))))
  test("pass@n = 1{c > 0}", () => fc.assert(fc.property(large, ({ n, c }) => Laws.passAtAllIsSolved(n, c))))
  test("a probability", () =>
    fc.assert(fc.property(large, ({ n, c, k }) => Laws.passIsAProbability(n, c, k))))
  test("grows with k", () =>
    fc.assert(fc.property(large, ({ n, c, k }) => k === n || Laws.passGrowsWithK(n, c, k))))
  test("grows with c", () =>
    fc.assert(fc.property(large, ({ n, c, k }) => c === n || Laws.passGrowsWithC(n, c, k))))
  test("k and c play the same part", () =>
    fc.assert(fc.property(large, ({ n, c, k }) => c === 0 || Laws.passIsSymmetric(n, c, k))))
  test("the share of subsets that hold a correct sample", () => {
    for (let n = 1; n <= 9; n++)
      for (let c = 0; c <= n; c++)
        for (let k = 1; k <= n; k++)
          expect(Laws.passIsEnumeration(n, c, k), `n=${n} c=${c} k=${k}`).toBe(true)
  })
  test("unbiased for 1 - (1 - q)^k", () =>
    fc.assert(
      fc.property(A.counts(60), fc.double({ min: 0, max: 1, noNaN: true }), ({ n, k }, q) =>
        Laws.passIsUnbiased(n, k, q),
      ),
    ))
})

const file = path.resolve(import.meta.dirname, "../../../../shared/data/golden/pass-at-k.json")
interface Golden {
  readonly grid: ReadonlyArray<{
    readonly n: number
    readonly c: number
    readonly k: number
    readonly pass_at_k: number
  }>
  readonly lighteval: ReadonlyArray<{
    readonly file: string
    readonly name: string
    readonly params: { readonly k: number; readonly n: number }
    readonly gold: string
    readonly responses: ReadonlyArray<string>
    readonly expected: Readonly<Record<string, number>>
    readonly tolerance: number
  }>
}
const golden = (): Golden | undefined =>
  fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Golden) : undefined

describe("golden values", () => {
  test("hand-made: the formula in exact fractions", () => {
    // 1 - C(7, 2) / C(10, 2) = 1 - 21/45;  1 - C(5, 4) / C(8, 4) = 1 - 5/70
    expect(PassAtK.passAtK(10, 3, 2)).toEqual(E.right(expect.closeTo(24 / 45, 14)))
    expect(PassAtK.passAtK(8, 3, 4)).toEqual(E.right(expect.closeTo(65 / 70, 14)))
  })

  test("the exact grid of an independent implementation", () => {
    const cases = golden()?.grid
    if (cases === undefined)
      return console.log("pass@k: shared golden data not present, exact grid not compared")
    expect(cases.length).toBeGreaterThan(600)
    for (const { n, c, k, pass_at_k } of cases) {
      const value = PassAtK.passAtK(n, c, k)
      const distance = E.isRight(value) ? Math.abs(value.right - pass_at_k) : Infinity
      expect(distance, `n=${n} c=${c} k=${k} expected ${pass_at_k}`).toBeLessThanOrEqual(Laws.passTolerance)
    }
  })

  test("the pass@k cases of an evaluation harness", () => {
    const cases = golden()?.lighteval.filter((each) => each.file.startsWith("pass_at_k"))
    if (cases === undefined)
      return console.log("pass@k: shared golden data not present, harness cases not compared")
    expect(cases.length).toBe(6)
    for (const { name, params, gold, responses, expected, tolerance } of cases) {
      const correct = responses.filter((response) => response === gold).length
      const value = PassAtK.passAtK(params.n, correct, params.k)
      const distance = E.isRight(value)
        ? Math.abs(value.right - (Object.values(expected)[0] ?? Infinity))
        : Infinity
      expect(distance, name).toBeLessThanOrEqual(tolerance)
    }
  })
})

describe("golden values of G-Pass@k", () => {
  test("the cases of an evaluation harness that compare plain strings", () => {
    const cases = golden()?.lighteval.filter(({ file }) => file === "g_pass_at_k")
    if (cases === undefined)
      return console.log("G-Pass@k: shared golden data not present, harness cases not compared")
    expect(cases.length).toBe(10)
    for (const { name, params, gold, responses, expected, tolerance } of cases) {
      const c = responses.filter((response) => response === gold).length
      for (const [metric, value] of Object.entries(expected)) {
        const tau = /_([\d.]+)$/.exec(metric)?.[1]
        const ours =
          tau === undefined
            ? GPassAtK.meanGPassAtK(params.n, c, params.k)
            : GPassAtK.gPassAtK(params.n, c, params.k, Number(tau))
        expect(
          E.isRight(ours) ? Math.abs(ours.right - value) : Infinity,
          `${name}: ${metric}`,
        ).toBeLessThanOrEqual(tolerance)
      }
    }
  })
})

describe("domain", () => {
  const left = (value: E.Either<PassAtK.PassAtKError, unknown>): PassAtK.PassAtKError | undefined =>
    E.isLeft(value) ? value.left : undefined

  test("every number outside the domain is refused, by name", () => {
    expect(left(PassAtK.passAtK(4, -1, 1))).toMatchObject({ _tag: "NotACount", name: "c" })
    expect(left(PassAtK.passAtK(4.5, 1, 1))).toMatchObject({ _tag: "NotACount", name: "n" })
    expect(left(PassAtK.passAtK(4, 1, 0))).toMatchObject({ _tag: "NotACount", name: "k" })
    expect(left(PassAtK.passAtK(4, 1, Number.NaN))).toMatchObject({ _tag: "NotACount", name: "k" })
    expect(left(PassAtK.passAtK(Infinity, 1, 1))).toMatchObject({ _tag: "NotACount", name: "n" })
    expect(left(PassAtK.passAtK(4, 5, 1))).toMatchObject({ _tag: "MoreCorrectThanSamples" })
    expect(left(PassAtK.passAtK(0, 0, 1))).toMatchObject({ _tag: "TooFewSamples" })
  })
  test("total: any three numbers give a probability or an error with a sentence", () =>
    fc.assert(
      fc.property(fc.tuple(small, small, small), ([n, c, k]) => {
        const value = PassAtK.passAtK(n, c, k)
        return E.isRight(value)
          ? value.right >= 0 && value.right <= 1
          : PassAtK.showError(value.left).endsWith(".")
      }),
    ))
  test("the problem at fault is named", () => {
    const tallies = [
      { id: "fine", samples: 8, correct: 1 },
      { id: "short", samples: 3, correct: 1 },
    ]
    expect(PassAtK.passAtKs([1, 4])(tallies)).toEqual(
      E.left({ _tag: "TooFewSamples", problem: "short", n: 3, k: 4 }),
    )
    expect(PassAtK.passAtKs([1])([])).toEqual(E.left({ _tag: "NoProblems" }))
    expect(PassAtK.curve([{ id: "none", samples: 0, correct: 0 }])).toEqual(
      E.left({ _tag: "TooFewSamples", problem: "none", n: 0, k: 1 }),
    )
  })
  test("powers of two end at n", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (n) => {
        const ks = PassAtK.powersOfTwo(n)
        const last = ks.at(-1) ?? Number.NaN
        return last <= n && 2 * last > n && ks.every((k, e) => k === 2 ** e)
      }),
    ))
})

const small = fc.oneof(
  fc.integer({ min: -3, max: 12 }),
  fc.double({ min: -3, max: 12 }),
  fc.constantFrom(Number.NaN, Infinity, -0, 0.5, 2 ** 53),
)
