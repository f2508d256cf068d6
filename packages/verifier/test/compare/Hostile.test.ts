/** Answers that are built to cost: each ends within its fuel, and what it says is right. */
import { expect, test } from "vitest"
import { Compare, Options } from "@rapo/verifier"
import { read } from "./read.ts"

const join = (count: number, f: (k: number) => string, separator: string): string =>
  Array.from({ length: count }, (_, k) => f(k)).join(separator)

const roots = (count: number): string => join(count, (k) => `\\sqrt{${2 * k + 3}}`, "+")
const nested = (depth: number, inside: string): string =>
  "\\sqrt{".repeat(depth) + inside + join(depth, (k) => `+${(k % 7) + 1}}`, "")

const answers: ReadonlyArray<readonly [name: string, text: string]> = [
  ["40 roots", roots(40)],
  ["40 roots, squared", `(${roots(40)})^2`],
  ["a product of 30 sums", join(30, (k) => `(\\sqrt{${k + 2}}+1)`, "")],
  ["one over 12 roots", `\\frac{1}{${roots(12)}}`],
  ["50 roots, nested", nested(50, "2")],
  ["30 roots around x", nested(30, "x")],
  ["(a + b + c + d)^20", "(a+b+c+d)^{20}"],
  ["20 pairs of variables", join(20, (k) => `(x_{${k}}+y_{${k}})`, "")],
  ["25 poles", join(25, (k) => `\\frac{1}{x+${k}}`, "+")],
  ["200 unit fractions", join(200, (k) => `\\frac{1}{${k + 1}}`, "+")],
  ["a tower", "2^{2^{2^{100}}}"],
  ["the factorial of a tower", "(10^{10^9})!"],
  ["a large factorial", "\\frac{1}{3000!}"],
  ["a fraction of powers", "(\\frac37)^{40000}+\\frac{1}{11^{30000}}"],
  ["a number without known factors", `\\sqrt{${"1000003".repeat(40)}}`],
  ["cosines", join(20, (k) => `\\cos\\frac{\\pi}{${2 * k + 13}}`, "+")],
  ["exponentials", "e^{e^{e^{e^{e}}}}"],
  ["x^x^x", "x^{x^{x^x}}"],
  ["a power of a sum", "(x+1)^{1000000}"],
  ["nowhere real", "\\ln(-x^2-1)"],
  ["64 roots", join(64, (k) => `\\sqrt{${k + 2}}`, ",")],
  ["signs", "\\pm1\\pm2\\pm3\\pm4\\pm5\\pm6"],
  ["a large binomial", "\\binom{100000}{50000}"],
]

test.each(answers)("%s: equal to itself, told from its neighbour or undecided", (_, text) => {
  const [answer, next] = [read(text), read(`(${text})+1`)]
  expect(Compare.compare(answer, read(text))).toEqual({ _tag: "Equal", rule: "structure" })
  expect(Compare.compare(answer, next)._tag).not.toBe("Equal")
})

test("little fuel says that it ran out", () => {
  const thrifty: Options.Options = { ...Options.defaults, fuel: 5000 }
  const [a, b] = [read("\\sqrt{3+2\\sqrt2}"), read("1+\\sqrt2")]
  expect(Compare.compare(a, b, thrifty)).toEqual({
    _tag: "Undecided",
    reason: "budget",
    rule: "certified-interval",
  })
  expect(Compare.isCorrect(a, b)).toBe(true)
})

test("a permutation of 300 roots is equal", () => {
  const list = (f: (k: number) => number): string => join(300, (k) => `\\sqrt{${f(k)}}`, ",")
  const [up, down] = [read(list((k) => k + 2)), read(list((k) => 301 - k))]
  expect(Compare.compare(up, down)._tag).toBe("Equal")
})
