import { describe, expect, test } from "vitest"
import { Compare } from "@rapo/verifier"
import { read } from "./read.ts"

/** Pairs of spellings of one number, and the rule that finds it. */
describe("the same number", () =>
  test.each<readonly [string, string, Compare.Rule]>([
    ["\\frac12", "0.5", "exact-value"],
    ["1\\frac12", "\\frac32", "exact-value"],
    ["2^{10}", "1024", "exact-value"],
    ["\\sqrt8", "2\\sqrt2", "canonical-form"],
    ["\\frac1{\\sqrt2}", "\\frac{\\sqrt2}2", "canonical-form"],
    ["\\sqrt{3+2\\sqrt2}", "1+\\sqrt2", "canonical-form"],
    ["\\sqrt{5-2\\sqrt6}", "\\sqrt3-\\sqrt2", "canonical-form"],
    ["\\frac1{\\sqrt2-1}", "\\sqrt2+1", "canonical-form"],
    ["\\sqrt[3]{-8}", "-2", "exact-value"],
    ["\\sqrt[3]{54}", "3\\sqrt[3]2", "canonical-form"],
    ["\\sqrt[4]{4}", "\\sqrt2", "canonical-form"],
    ["\\sqrt{\\frac{2}{3}}", "\\frac{\\sqrt6}3", "canonical-form"],
    ["(\\sqrt2+\\sqrt3+\\sqrt5)^2", "10+2\\sqrt6+2\\sqrt{10}+2\\sqrt{15}", "canonical-form"],
    ["\\frac{1}{1+\\sqrt2+\\sqrt3}", "\\frac{2+\\sqrt2-\\sqrt6}{4}", "canonical-form"],
    ["\\sqrt[3]{2+\\sqrt5}+\\sqrt[3]{2-\\sqrt5}", "1", "certified-interval"],
    ["\\sqrt{2+\\sqrt3}", "\\frac{\\sqrt6+\\sqrt2}2", "canonical-form"],
    ["\\sqrt{10+2\\sqrt5}\\sqrt{10-2\\sqrt5}", "4\\sqrt5", "certified-interval"],
    ["\\sin\\frac{\\pi}{6}", "\\frac12", "exact-value"],
    ["\\cos 75^\\circ", "\\frac{\\sqrt6-\\sqrt2}{4}", "canonical-form"],
    ["\\tan 15^\\circ", "2-\\sqrt3", "canonical-form"],
    ["\\cos 36^\\circ", "\\frac{1+\\sqrt5}{4}", "canonical-form"],
    ["\\sin\\frac{\\pi}{8}", "\\frac{\\sqrt{2-\\sqrt2}}{2}", "canonical-form"],
    ["\\cos 20^\\circ\\cos 40^\\circ\\cos 80^\\circ", "\\frac18", "certified-interval"],
    ["\\sin 100^\\circ", "\\cos 10^\\circ", "canonical-form"],
    ["\\arctan 1", "\\frac\\pi4", "canonical-form"],
    ["\\arccos\\left(-\\frac12\\right)", "\\frac{2\\pi}3", "canonical-form"],
    ["16\\arctan\\frac15-4\\arctan\\frac1{239}", "\\pi", "agreeing-digits"],
    ["\\ln 8", "3\\ln 2", "canonical-form"],
    ["\\log_2 8", "3", "exact-value"],
    ["\\log_6 36", "2", "canonical-form"],
    ["\\log_4 8", "\\frac32", "exact-value"],
    ["\\sqrt{\\log_3 2}", "\\frac{1}{\\sqrt{\\log_2 3}}", "canonical-form"],
    ["e^{2\\ln 3}", "9", "exact-value"],
    ["\\ln\\sqrt{e}", "\\frac12", "exact-value"],
    ["e^{i\\pi}", "-1", "exact-value"],
    ["e^{i\\pi/3}", "\\frac12+\\frac{\\sqrt3}2i", "canonical-form"],
    ["\\sqrt{-4}", "2i", "canonical-form"],
    ["\\frac{1}{1+i}", "\\frac{1-i}{2}", "canonical-form"],
    ["(1+i)^{10}", "32i", "canonical-form"],
    ["\\sqrt{-3+4i}", "1+2i", "canonical-form"],
    ["|3+4i|", "5", "exact-value"],
    ["|1-\\sqrt2|", "\\sqrt2-1", "canonical-form"],
    ["\\lfloor 1000\\pi\\rfloor", "3141", "exact-value"],
    ["\\binom{10}{3}", "120", "exact-value"],
    ["\\frac{10!}{7!}", "720", "exact-value"],
    ["2^{4950}", "2\\cdot 2^{4949}", "exact-value"],
    ["10^{1000000000}", "2^{1000000000}\\cdot 5^{1000000000}", "canonical-form"],
  ])("%s = %s by %s", (a, b, rule) => {
    expect(Compare.compare(read(a), read(b))).toEqual({ _tag: "Equal", rule })
    expect(Compare.compare(read(b), read(a))).toEqual({ _tag: "Equal", rule })
  }))

describe("different numbers, however near", () =>
  test.each([
    ["\\frac1{2004!}", "\\frac1{2006!}"],
    ["4", "4\\sqrt2"],
    ["1-\\frac1e", "1+\\frac1e"],
    ["\\frac13", "0.333"],
    ["\\frac{100}{3}", "33.3"],
    ["\\pi", "\\frac{355}{113}"],
    ["5", "5.001"],
    ["5", "4.9999999"],
    // Nearly an integer: 262537412640768743.99999999999925…
    ["e^{\\pi\\sqrt{163}}", "262537412640768744"],
    // Agree to 3 digits, the closest such pair of small numbers.
    ["\\sqrt{10}+\\sqrt{11}", "\\sqrt5+\\sqrt{18}"],
    ["\\sqrt{2}+10^{-30}", "\\sqrt2"],
    ["\\sqrt[3]{2}+10^{-100}", "\\sqrt[3]2"],
    ["2^{4181}", "2^{4181}+1"],
    ["2^{130000}", "2^{130000}+1"],
    ["2^{2^{2^{100}}}", "3"],
    ["(10^{10^9})!", "10^{100}"],
    ["2^{1000000000}", "2^{1000000001}"],
    ["\\sqrt{-4}", "-2i"],
    ["i", "1"],
    ["\\sin 1", "\\sin 1^\\circ"],
    ["\\ln 2", "\\log 2"],
  ])("%s ≠ %s", (a, b) => {
    expect(Compare.compare(read(a), read(b))._tag).toBe("Different")
    expect(Compare.compare(read(b), read(a))._tag).toBe("Different")
  }))

describe("the same formula", () =>
  test.each<readonly [string, string, Compare.Rule]>([
    ["(x+1)^2", "x^2+2x+1", "canonical-form"],
    ["\\frac{x^2-1}{x-1}", "x+1", "canonical-form"],
    ["\\frac1{x+1}+\\frac1{x-1}", "\\frac{2x}{x^2-1}", "canonical-form"],
    ["\\frac{1}{1+\\frac1x}", "\\frac{x}{x+1}", "canonical-form"],
    ["(x+\\sqrt2)(x-\\sqrt2)", "x^2-2", "canonical-form"],
    ["\\sqrt{1/n}", "\\frac1{\\sqrt n}", "canonical-form"],
    ["\\sqrt{x^2}", "|x|", "canonical-form"],
    ["\\sqrt x\\sqrt y", "\\sqrt{xy}", "random-evaluation"],
    ["2^{n-1}", "\\frac{2^n}{2}", "canonical-form"],
    ["4^n", "2^{2n}", "canonical-form"],
    ["e^{x+1}", "e\\cdot e^x", "canonical-form"],
    ["\\frac{(n+1)!}{n!}", "n+1", "random-evaluation"],
    ["\\binom n2", "\\frac{n(n-1)}2", "canonical-form"],
    ["\\tan^2 y+1", "\\sec^2 y", "random-evaluation"],
    ["\\sin 2x", "2\\sin x\\cos x", "random-evaluation"],
    ["\\sin(-x)", "-\\sin x", "canonical-form"],
    ["\\ln(x^2)", "2\\ln x", "random-evaluation"],
    ["f(x+1)", "f(1+x)", "canonical-form"],
    ["(x+1)^{1000}", "(1+x)^{1000}", "canonical-form"],
  ])("%s = %s by %s", (a, b, rule) => {
    expect(Compare.compare(read(a), read(b))).toEqual({ _tag: "Equal", rule })
    expect(Compare.compare(read(b), read(a))).toEqual({ _tag: "Equal", rule })
  }))

describe("different formulas", () =>
  test.each([
    ["x+1", "x+2"],
    ["x+1", "y+1"],
    ["\\sqrt{x^2}", "x"],
    ["\\sin 2x", "2\\sin x"],
    ["f(x)", "f(y)"],
    ["(x+1)^{1000}", "(x+2)^{1000}"],
    ["\\sqrt{x+y}", "\\sqrt x+\\sqrt y"],
    ["(-1)^n", "(-1)^{n+1}"],
    ["x^5 - x^4 + x^3", "x^5 + x^4 + x^3"],
  ])("%s ≠ %s", (a, b) => {
    expect(Compare.compare(read(a), read(b))._tag).toBe("Different")
  }))

/** The convergents p/q of √2 by Pell's recursion: |√2 − p/q| < 1/(2q²), here between 10^-2 and 10^-150. */
test("the convergents of a root are not the root", () => {
  let [p, q] = [1n, 1n]
  for (let k = 1; k < 200; k++) {
    ;[p, q] = [p + 2n * q, p + q]
    const convergent = read(`${p}/${q}`)
    expect(Compare.compare(read("\\sqrt2"), convergent)._tag).toBe("Different")
    expect(Compare.compare(read(`${p}-${q}\\sqrt2`), read("0"))._tag).toBe("Different")
    expect(Compare.compare(read(`\\sqrt{3+2\\sqrt2}-1`), convergent)._tag).toBe("Different")
    // The square is p² or p² ± 1, so this one is an identity for every k.
    expect(
      Compare.compare(read(`(${p}-${q}\\sqrt2)(${p}+${q}\\sqrt2)`), read(k % 2 === 0 ? "-1" : "1"))._tag,
    ).toBe("Equal")
  }
})

test("without a value nothing is decided", () => {
  expect(Compare.compare(read("1"), read("\\frac10"))).toEqual({
    _tag: "Undecided",
    reason: "undefined",
    rule: "certified-interval",
  })
})
