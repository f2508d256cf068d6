import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import { Laws, Limits, Parse, Rational } from "@rapo/verifier"
import * as arb from "./arbitraries.ts"

const value = (text: string): string => {
  const result = Parse.evaluate(text)
  return E.isRight(result) ? Rational.show(result.right) : result.left._tag
}

test.each([
  ["2*8+5", "21"],
  ["5+2*8", "21"],
  ["(5+2)*8", "56"],
  ["10-4-3", "3"],
  ["24/4/3", "2"],
  ["2^3^2", "512"],
  ["2**10", "1024"],
  ["-2^2", "-4"],
  ["(-2)^2", "4"],
  ["2^-2", "1/4"],
  ["2^{-2}", "1/4"],
  ["3--2", "5"],
  ["3*-2", "-6"],
  ["+7", "7"],
  ["1,234,567", "1234567"],
  ["1{,}234", "1234"],
  ["10\\,000", "10000"],
  ["10,\\!000", "10000"],
  ["1,234.5", "2469/2"],
  [".5", "1/2"],
  ["5.", "5"],
  ["\\frac12", "1/2"],
  ["\\frac 1 2", "1/2"],
  ["\\frac1{20}", "1/20"],
  ["\\frac{1}2", "1/2"],
  ["\\dfrac{1+2}{3\\cdot 4}", "1/4"],
  ["\\frac{\\frac12}{\\frac34}", "2/3"],
  ["\\frac12^2", "1/4"],
  ["−3 × 4 ÷ 6", "-2"],
  ["3 \\times 4 \\div 6", "2"],
  ["\\left( 1 + 2 \\right) \\cdot [3 - {1}]", "6"],
  ["$\\$18$", "18"],
  ["0^0", "1"],
  ["0.1+0.2-0.3", "0"],
  ["1/3*3-1", "0"],
])("%j is %s", (text, expected) => {
  expect(value(text)).toBe(expected)
})

test.each([
  ["", 0, ""],
  ["   ", 3, ""],
  ["2+", 2, ""],
  ["2 3", 2, "3"],
  ["2(3)", 1, "("],
  ["2\\frac12", 1, "\\"],
  ["1,23", 1, ","],
  ["1,2345", 1, ","],
  ["0,123", 1, ","],
  ["1.2.3", 3, "."],
  ["(1+2]", 4, "]"],
  ["1+2)", 3, ")"],
  ["\\frac{1}", 8, ""],
  ["\\frac123", 7, "3"],
  ["\\fracture12", 0, "\\"],
  ["x", 0, "x"],
  ["𝟙", 0, "𝟙"],
  ["\\sqrt{4}", 0, "\\"],
  ["5%", 1, "%"],
  ["1\\leftarrow 2", 1, "\\"],
])("%j is not arithmetic from position %d on", (text, position, found) => {
  expect(Parse.arithmetic(text)).toMatchObject(E.left({ _tag: "Unexpected", position, found }))
})

test.each([
  ["1/0", "DivisionByZero"],
  ["0^{-1}", "DivisionByZero"],
  ["2^{1/2}", "ExponentOutOfRange"],
  ["1^99999999999999999999", "ExponentOutOfRange"],
  ["(2^{1000})^{1000}", "TooLarge"],
  ["10^{1000}*10^{1000}", "TooLarge"],
])("%j has no value: %s", (text, tag) => {
  expect(value(text)).toBe(tag)
})

test("budgets end deep, long and large texts", () => {
  const tag = (text: string): string =>
    E.fold(
      (e: Parse.ParseError) => e._tag,
      () => "parsed",
    )(Parse.arithmetic(text))
  const many = 3900
  expect(tag(`${"(".repeat(many)}1`)).toBe("TooDeep")
  expect(tag(`${"{".repeat(many)}1`)).toBe("TooDeep")
  expect(tag(`${"-".repeat(many)}1`)).toBe("TooDeep")
  expect(tag(`1${"^1".repeat(many / 3)}`)).toBe("TooDeep")
  expect(tag("\\frac{".repeat(many / 6))).toBe("TooDeep")
  expect(tag("9".repeat(many))).toBe("TooLarge")
  expect(tag(`0.${"0".repeat(many)}`)).toBe("TooLarge")
  expect(tag("(".repeat(100_000))).toBe("TooLong")
  expect(tag(`1${"+1".repeat(many / 3)}`)).toBe("parsed")
  expect(value(`1${"+1".repeat(1900)}`)).toBe("1901")
})

const nested = (depth: number): string => `${"(".repeat(depth)}1${")".repeat(depth)}`

test("the depth that the limits allow is really read", () => {
  expect(value(nested(Limits.defaultLimits.maxDepth))).toBe("1")
  expect(value(nested(Limits.defaultLimits.maxDepth + 1))).toBe("TooDeep")
})

test("a shown expression parses back", () => fc.assert(fc.property(arb.expression, Laws.expressionParses)))

test("evaluation is a homomorphism", () =>
  fc.assert(fc.property(arb.operator, arb.expression, arb.expression, Laws.evaluationIsHomomorphic)))

test("numbers are listed in order", () =>
  fc.assert(fc.property(arb.operator, arb.expression, arb.expression, Laws.numbersConcatenate)))

test("any text parses or says where it fails, inside the text", () =>
  fc.assert(
    fc.property(arb.anyText, (text) => {
      const result = Parse.arithmetic(text)
      if (E.isRight(result)) return true
      const error = result.left
      return (
        Parse.showError(error).length > 0 &&
        (error._tag !== "Unexpected" ||
          (error.position <= text.length && text.startsWith(error.found, error.position)))
      )
    }),
    { numRuns: 1000 },
  ))
