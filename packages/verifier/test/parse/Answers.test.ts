/** What texts mean, kind by kind: the readings that a person would expect. */
import * as E from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import { Expression, Parse } from "@rapo/verifier"

const shown = (text: string): string =>
  E.fold(Parse.showError, ({ expression }: Parse.Parsed) => Expression.show(expression))(Parse.parse(text))

const mended = (text: string): string =>
  E.fold(Parse.showError, ({ repairs }: Parse.Parsed) =>
    [...new Set(repairs.map(({ _tag }) => _tag))].join(" "),
  )(Parse.parse(text))

test.each([
  ["\\frac12", "(1/2)"],
  ["\\frac919", "(9/19)"],
  ["\\frac1{20}", "(1/20)"],
  ["\\frac\\pi2", "(pi/2)"],
  ["\\dfrac {1} {2}", "(1/2)"],
  ["3\\frac18", "(3+(1/8))"],
  ["2 1/2", "(2+(1/2))"],
  ["-15\\frac{3}{5}", "(-(15+(3/5)))"],
  ["2\\frac{x}{3}", "(2*(x/3))"],
  ["1\\frac{3}{2}", "(1*(3/2))"],
  ["0.\\overline{3}", "(3/9)"],
  ["0.1\\overline{6}", "(15/90)"],
  ["1.\\bar{3}", "(12/9)"],
  ["1.2e5", "120000"],
  ["1e-3", "0.001"],
  ["2e-1", "((2*e)-1)"],
  [".50", "0.50"],
  ["0.50", "0.50"],
  ["½", "(1/2)"],
  ["3½", "(3+(1/2))"],
])("fractions, mixed numbers, decimals: %j is %s", (text, expected) => {
  expect(shown(text)).toBe(expected)
})

test.each([
  ["1,234", "1234"],
  ["1{,}234", "1234"],
  ["10,\\!080", "10080"],
  ["11,\\! 111,\\! 111,\\! 100", "11111111100"],
  ["1 000 000", "1000000"],
  ["1,23", "1, 23"],
  ["(1,234)", "(1, 234)"],
  ["3, 141", "3, 141"],
  ["12{,}345.67", "12345.67"],
])("digits in groups: %j is %s", (text, expected) => {
  expect(shown(text)).toBe(expected)
})

test.each([
  ["1010_2", "1010_{2}"],
  ["204_{5}", "204_{5}"],
  ["0.0011_{2}", "0.0011_{2}"],
  ["152A_{11}", "152A_{11}"],
  ["\\text{A5}_{11}", "A5_{11}"],
  ["(1010)_2", "1010_{2}"],
  ["12_{ten}", "12_{10}"],
  ["12:30", "12:30"],
  ["12:30 pm", "12:30 pm"],
  ["9\\text{ a.m.}", "9:00 am"],
  ["4\\!:\\!51\\!:\\!06 \\text{ p.m.}", "4:51:06 pm"],
  ["7:64", "(7/64)"],
  ["1:2:3", "ratio(1, 2, 3)"],
])("bases and times: %j is %s", (text, expected) => {
  expect(shown(text)).toBe(expected)
})

test.each([
  ["2^3^2", "(2^(3^2))"],
  ["-2^2", "(-(2^2))"],
  ["2^{-1}", "(2^(-1))"],
  ["x^-1", "(x^(-1))"],
  ["2x(x+1)", "((2*x)*(x+1))"],
  ["1/2x", "((1/2)*x)"],
  ["5!", "factorial(5)"],
  ["n!!", "doubleFactorial(n)"],
  ["2\\pm\\sqrt3", "(2±sqrt(3))"],
  ["\\pm 3", "(±3)"],
  ["7 \\bmod 3", "mod(7, 3)"],
  ["x \\equiv 3 \\pmod{7}", "x \\equiv mod(3, 7)"],
  ["3\\cdot10^{-4}", "(3*(10^(-4)))"],
  ["x²+y₁", "((x^2)+y_1)"],
  ["a_{n+1}", "a_{n+1}"],
  ["f'", "f'"],
])("operators: %j is %s", (text, expected) => {
  expect(shown(text)).toBe(expected)
})

test.each([
  ["\\sin^2 x", "(sin(x)^2)"],
  ["\\sin^{-1} x", "arcsin(x)"],
  ["\\sin 2x \\cos x", "(sin((2*x))*cos(x))"],
  ["sin(x)^2", "(sin(x)^2)"],
  ["sinx", "sin(x)"],
  ["\\sin x / 2", "(sin(x)/2)"],
  ["\\log_2 8", "\\log_{2}(8)"],
  ["\\log_28", "\\log_{2}(8)"],
  ["\\log_{10}(x)", "\\log_{10}(x)"],
  ["log(8, 2)", "\\log_{2}(8)"],
  ["log2(8)", "\\log_{2}(8)"],
  ["\\ln x^2", "ln((x^2))"],
  ["\\sqrt2x", "(sqrt(2)*x)"],
  ["\\sqrt[3]{x}", "root(3, x)"],
  ["sqrt(2)", "sqrt(2)"],
  ["√2/2", "(sqrt(2)/2)"],
  ["cbrt(8)", "root(3, 8)"],
  ["\\binom{n}{k}", "binomial(n, k)"],
  ["{n \\choose k}", "binomial(n, k)"],
  ["\\max(1,2)", "max(1, 2)"],
  ["\\lfloor x/2 \\rfloor", "floor((x/2))"],
  ["|x|+|y-|z||", "(abs(x)+abs((y-abs(z))))"],
  ["2|x|", "(2*abs(x))"],
  ["f(x)", "f(x)"],
  ["x(y)", "(x*y)"],
  ["p(x)=x+1", "p(x) = (x+1)"],
  ["f^{-1}(x)", "f^{-1}(x)"],
  ["\\sum_{k=0}^{n-1} F_k", "sum(k = 0, (n-1), F_k)"],
  ["\\lim_{x \\to 0} \\frac{\\sin x}{x}", "limit(x, 0, (sin(x)/x))"],
  ["e^{i\\pi}", "(e^(i*pi))"],
  ["2pir^2", "((2*pi)*(r^2))"],
  ["exp(16)-1", "(exp(16)-1)"],
])("functions: %j is %s", (text, expected) => {
  expect(shown(text)).toBe(expected)
})

test.each([
  ["(1,2]", "(1, 2]"],
  ["]1,2[", "]1, 2["],
  ["[1,2[", "[1, 2["],
  ["\\{1,2\\}", "\\{1, 2\\}"],
  ["{1,2}", "\\{1, 2\\}"],
  ["\\emptyset", "\\{\\}"],
  ["\\{x\\mid x>0\\}", "\\{x \\mid x > 0\\}"],
  ["\\{x : 0<x\\le 1, x\\in\\mathbb{Z}\\}", "\\{x \\mid 0 < x \\le 1, x \\in \\mathbb{Z}\\}"],
  ["\\mathbb{R}\\setminus\\{0\\}", "(\\mathbb{R} \\setminus \\{0\\})"],
  ["(−∞,2)U(3,∞)", "(((-infinity), 2) \\cup (3, infinity))"],
  ["x<-1\\cup x>2", "(x < (-1) \\cup x > 2)"],
  ["(x,y)=(1,2)", "(x, y) = (1, 2)"],
  ["x=1 or x=2", "x = 1 \\text{ or } x = 2"],
  ["0, 1, and 2", "0, 1 \\text{ and } 2"],
  ["(1,2);(3,4)", "(1, 2), (3, 4)"],
  ["1, 2, \\ldots, n", "1, 2, ..., n"],
  ["-1<x\\le 2", "(-1) < x \\le 2"],
  ["x \\not\\in A", "x \\notin A"],
  ["\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "\\begin{pmatrix}1 & 2 \\\\ 3 & 4\\end{pmatrix}"],
  [
    "\\left[\\begin{array}{cc}1&2\\\\3&4\\end{array}\\right]",
    "\\begin{pmatrix}1 & 2 \\\\ 3 & 4\\end{pmatrix}",
  ],
  ["\\begin{vmatrix}1&2\\\\3&4\\end{vmatrix}", "det(\\begin{pmatrix}1 & 2 \\\\ 3 & 4\\end{pmatrix})"],
  ["\\begin{cases} x=1 \\\\ y=2 \\end{cases}", "x = 1, y = 2"],
  [
    "\\begin{cases} x & x>0 \\\\ -x & \\text{otherwise} \\end{cases}",
    "piecewise(x, x > 0, (-x), \\text{otherwise})",
  ],
  ["\\langle 1,2\\rangle", "(1, 2)"],
])("structures: %j is %s", (text, expected) => {
  expect(shown(text)).toBe(expected)
})

test.each([
  ["15\\mbox{ cm}^2", "(15 \\text{cm^2})"],
  ["12 square feet", "(12 \\text{foot^2})"],
  ["60 miles per hour", "(60 \\text{mile/hour})"],
  ["60 \\text{ km/h}", "(60 \\text{km/hour})"],
  ["\\$5 million", "((5*1000000) \\text{dollar})"],
  ["\\$3.50", "(3.50 \\text{dollar})"],
  ["10€", "(10 \\text{euro})"],
  ["$12", "(12 \\text{dollar})"],
  ["50\\%", "(50%)"],
  ["28 pct", "(28%)"],
  ["90^\\circ", "degrees(90)"],
  ["90 \\text{ degrees}", "degrees(90)"],
  ["25^\\circ C", "(25 \\text{celsius})"],
  ["1+\\sqrt{3}\\text{ cm}", "((1+sqrt(3)) \\text{cm})"],
  ["12 apples", "(12 \\text{apples})"],
  ["17\\text{ any text}", "(17 \\text{any text})"],
  ["5^{th}", "(5 \\text{ordinal})"],
  ["5.4cents", "(5.4 \\text{cent})"],
  ["3m", "(3*m)"],
  ["3\\text{ m}", "(3 \\text{m})"],
  ["\\sqrt{2}\\text{ m/s}^2", "(sqrt(2) \\text{m/second^2})"],
  ["42 square", "(42 \\text{unit})"],
])("units and percent: %j is %s", (text, expected) => {
  expect(shown(text)).toBe(expected)
})

test.each([
  ["\\text{Evelyn}", "\\text{Evelyn}"],
  ["odd", "\\text{odd}"],
  ["xy", "(x*y)"],
  ["no solution", "\\text{no solution}"],
  ["\\text{e}", "e"],
  ["A", "A"],
  ["(A)", "(A)"],
  ["\\text{(B)}", "(B)"],
  ["B)", "(B)"],
  ["\\textbf{(C)}\\ 12", "(C)"],
  ["Alice and Bob", "\\text{Alice} \\text{ and } \\text{Bob}"],
  ["June 5, 2020", "\\text{June 5}, 2020"],
  ["one-half", "\\text{one-half}"],
])("words: %j is %s", (text, expected) => {
  expect(shown(text)).toBe(expected)
})

test.each([
  ["\\frac{1}{2", "(1/2)", "MissingBrace"],
  ["1/2}", "(1/2)", "StrayBrace"],
  ["(1+2", "(1+2)", "MissingParenthesis"],
  ["(1,2", "(1, 2)", "MissingParenthesis"],
  ["\\left(1,2\\right.)", "(1, 2)", ""],
  ["185\\", "185", ""],
  ["\\\\frac{1}{2}", "(1/2)", "DoubledBackslash"],
  ["$1/2", "((1/2) \\text{dollar})", ""],
  ["= 5", "5", "DroppedPunctuation"],
  ["5.", "5", "DroppedPunctuation"],
  ["The\\ area\\ of\\ ABC\\ is\\ \\frac{1}{2}", "(1/2)", "DroppedProse"],
  ["\\frac{737}{39}\\;\\text{(about }18.9\\text{ cards)}", "(737/39)", "DroppedRemark"],
  ["2k \\text{ for all } k", "(2*k)", "DroppedRemark"],
  ["2k\\pi \\ (k\\in\\mathbb{Z})", "((2*k)*pi)", "DroppedRemark"],
  [
    "\\begin{matrix} \\frac{ \\\\ 1 \\\\ }{ \\\\ 2 \\\\ } \\\\ + \\\\ x \\end{matrix}",
    "((1/2)+x)",
    "VerticalLayout",
  ],
  ["\\begin{matrix} 3 \\\\ 3 \\\\ 7 \\\\ 5 \\end{matrix}", "3375", "VerticalLayout"],
  [
    "\\begin{matrix} 8 \\\\ \\\\ \\times \\\\ \\\\ \\sqrt{ \\\\ 10 \\\\ } \\end{matrix}",
    "(8*sqrt(10))",
    "VerticalLayout",
  ],
  [
    "\\begin{matrix} 2 \\\\ \\\\ 3 \\\\ \\\\ \\frac12 \\end{matrix}",
    "2, 3, (1/2)",
    "VerticalLayout ShortFraction",
  ],
  ["\\begin{matrix} 10 \\\\ 20 \\end{matrix}", "10, 20", "VerticalLayout"],
  ["\\begin{matrix} x = 1 \\\\ y = 2 \\end{matrix}", "x = 1, y = 2", "VerticalLayout"],
  [
    "\\begin{pmatrix} 3 \\\\ \\\\ 4 \\\\ + \\\\ \\\\ i \\end{pmatrix}",
    "\\begin{pmatrix}3 \\\\ (4+i)\\end{pmatrix}",
    "VerticalLayout",
  ],
  ["\\left(\\begin{matrix} 1 \\\\ 2 \\end{matrix}\\right)", "\\begin{pmatrix}1 \\\\ 2\\end{pmatrix}", ""],
  ["\\begin{bmatrix} 1 \\\\ -2 \\end{bmatrix}", "\\begin{pmatrix}1 \\\\ (-2)\\end{pmatrix}", ""],
  ["x = 1 \\\\ y = 2", "x = 1, y = 2", ""],
  ["x = 1 + 1 \\\\ = 2", "x = (1+1) = 2", ""],
  ["2 \\\\ 3", "2, 3", ""],
  ["\\left\\{\\begin{array}{l} x = 1 \\\\ y = 2 \\end{array}\\right.", "x = 1, y = 2", ""],
  ["\\frac{1}/2", "(1/2)", "ShortFraction"],
  ["\\dfrac{1} \\dfrac{}{2}", "(1/2)", "ShortFraction"],
  ["\\boxed{5}", "5", ""],
])("mended: %j is %s (%s)", (text, expected, repairs) => {
  expect(shown(text)).toBe(expected)
  expect(mended(text)).toBe(repairs)
})

test("a comma is a decimal point where that is the convention", () => {
  const european = (text: string): string =>
    E.fold(Parse.showError, ({ expression }: Parse.Parsed) => Expression.show(expression))(
      Parse.parse(text, undefined, { decimalComma: true }),
    )
  expect(european("1000,99")).toBe("1000.99")
  expect(european("1.234,5")).toBe("1234.5")
  expect(european("(1,5; 2)")).toBe("(1, 5, 2)")
  expect(shown("1000,99")).toBe("1000, 99")
})

test.each([
  ["", "Unexpected"],
  ["\\frac*sqrt(3)3", "Unexpected"],
  ["\\int_0^1 x dx", "Unexpected"],
  ["x +", "Unexpected"],
  ["2 3", "Unexpected"],
  ["x + \\text{blue}", "Unexpected"],
  ["19_8", "Unexpected"],
  ["(x = 1) + 2", "Unexpected"],
  ["9".repeat(3900), "TooLarge"],
  ["1e9999", "TooLarge"],
  ["(".repeat(3900), "TooDeep"],
  ["1".repeat(20_000), "TooLong"],
])("%j is no answer: %s", (text, tag) => {
  const result = Parse.parse(text)
  expect(E.isLeft(result) && result.left._tag).toBe(tag)
})
