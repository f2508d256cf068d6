import { describe, expect, test } from "vitest"
import { Compare, Options } from "@rapo/verifier"
import { read } from "./read.ts"

const tag = (a: string, b: string, options: Options.Options = Options.defaults): string =>
  Compare.compare(read(a), read(b), options)._tag

describe("equal answers", () =>
  test.each([
    ["1, 2, 3", "3, 1, 2"],
    ["1 \\pm \\sqrt{19}", "1-\\sqrt{19}, 1+\\sqrt{19}"],
    ["\\{2,3,\\frac32\\pm\\frac{\\sqrt3}2i\\}", "\\{2, 3, \\frac{3+i\\sqrt3}2, \\frac{3-i\\sqrt3}2\\}"],
    ["n = 1, 2, 3", "1, 2, 3"],
    ["x = 1 \\text{ or } x = 2", "\\{1, 2\\}"],
    ["x=-5,\\ p=\\frac{14}3", "-5, \\frac{14}{3}"],
    ["a_3 = 2, a_{37} = 19", "a_{37} = 19, a_3 = 2"],
    ["(p,q)=(3,2)", "(3,2)"],
    ["(p,q)=(3,2)", "p=3, q=2"],
    ["(3,2)", "x=3, y=2"],
    ["(x,y)=(5,8),(8,5)", "(8,5),(5,8)"],
    ["(1,2,3)", "1,2,3"],
    ["(1,2,3)", "[1,2,3]"],
    ["(1,2,3)", "\\begin{pmatrix}1\\\\2\\\\3\\end{pmatrix}"],
    ["\\begin{pmatrix}\\frac12&\\sqrt8\\end{pmatrix}", "\\begin{bmatrix}0.5&2\\sqrt2\\end{bmatrix}"],
    [
      "\\begin{pmatrix}6&8\\\\10&12\\end{pmatrix}",
      "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}+\\begin{pmatrix}5&6\\\\7&8\\end{pmatrix}",
    ],
    ["\\{5\\}", "5"],
    ["\\emptyset", "\\text{no solution}"],
    ["x = 5", "5"],
    ["y = x^2+1", "1+x^2"],
    ["\\frac{\\sqrt3}3", "\\frac{\\sqrt3}3 \\approx 0.577"],
    ["z = 1+1 = 2", "2"],
    ["2x+4y-3=0", "y=-\\frac12x+\\frac34"],
    ["\\frac{x^2}4+\\frac{y^2}3=1", "3x^2+4y^2=12"],
    ["xy=1", "y=\\frac1x"],
    ["\\sqrt2x+2y=0", "x+\\sqrt2y=0"],
    ["x \\ge 5", "5 \\le x"],
    ["-2x < 4", "x > -2"],
    ["f(2)<f(1)<f(4)", "f(4)>f(1)>f(2)"],
    ["x+y<1", "2x+2y<2"],
    ["x \\in [-2,7]", "[-2,7]"],
    ["x \\in [-2,7]", "-2 \\le x \\le 7"],
    ["(0,9)\\cup(9,36)", "(0,36)\\setminus\\{9\\}"],
    ["(-\\infty,3)\\cup(3,\\infty)", "x\\ne 3"],
    ["(-\\infty,1)\\cup(2,\\infty)", "x<1 \\text{ or } x>2"],
    ["(0,1]\\cup(1,2]", "(0,2]"],
    ["(\\sqrt2,2)\\cup(-1,\\frac32)", "(-1,2)"],
    ["1\\le|z|\\le\\frac32", "[-\\frac32,-1]\\cup[1,\\frac32]"],
    ["|x-3|>2", "(-\\infty,1)\\cup(5,\\infty)"],
    ["(-\\infty,\\infty)", "\\mathbb{R}"],
    ["50\\%", "\\frac12"],
    ["50\\%", "50"],
    ["15\\text{ cm}^2", "15"],
    ["100\\text{ cm}", "1\\text{ m}"],
    ["2\\text{ hours}", "120\\text{ minutes}"],
    ["\\$1", "100\\text{ cents}"],
    ["90^\\circ", "90"],
    ["90^\\circ", "\\frac\\pi2"],
    ["204_5", "204"],
    ["\\text{(B)}", "B"],
    ["\\text{The ellipse}", "Ellipse"],
    ["\\frac13", "0.333333"],
    ["\\frac13", "0.3333"],
    ["\\frac83", "2.6667"],
    ["x > 2", "\\infty > x > 2"],
    ["-\\infty < x \\le 2", "(-\\infty, 2]"],
    ["0.666667", "\\frac23"],
    ["\\sum_{k=0}^n k^2", "\\sum_{j=0}^n j^2"],
  ])("%s and %s", (a, b) => {
    expect(tag(a, b)).toBe("Equal")
    expect(tag(b, a)).toBe("Equal")
  }))

describe("different answers", () =>
  test.each([
    ["1, 2", "1"],
    ["1, 2", "1, 3"],
    ["1, 1, 2", "1, 2"],
    ["2, 3, 4", "1, 2, 3"],
    ["1, 2, \\ldots, n", "1, 3, 5, \\ldots, 2n-1"],
    ["(1,2)", "(2,1)"],
    ["(1,3),(2,4)", "(1,2),(\\frac32,4)"],
    ["(1,2)", "[1,2]"],
    ["(1,2)", "1,2"],
    ["(1,2)", "\\{1,2\\}"],
    ["(-\\infty,0]", "(-\\infty,0)"],
    ["[0,9)", "[0,1)"],
    ["(0,9)\\cup(9,36)", "(0,36)"],
    ["(5,\\infty)", "(-\\infty,5)\\cup(5,\\infty)"],
    ["D=(0,1)", "D=(0,1.5)"],
    ["x=5", "y=5"],
    ["7=11a+c", "11a+c"],
    ["2x+z=1", "1"],
    ["x^2=x", "x=1"],
    ["3x-y+13=0", "3x+4y+14=0"],
    ["x\\ge5", "x\\le5"],
    ["x<1", "x\\le1"],
    ["x+y<1", "x+y>1"],
    ["x<1", "y<1"],
    ["50\\%", "0.05"],
    ["5\\text{ cm}", "5\\text{ kg}"],
    ["1112112_3", "1112122_3"],
    ["12:00", "12:30"],
    ["\\text{(A)}", "\\text{(B)}"],
    ["\\text{odd}", "\\text{oddd}"],
    ["\\text{Evelyn}", "7"],
    ["\\begin{pmatrix}1&2\\end{pmatrix}", "\\begin{pmatrix}2&1\\end{pmatrix}"],
    ["\\begin{pmatrix}-1&0\\\\0&-1\\end{pmatrix}", "2"],
    ["\\frac13", "0.333334"],
    ["\\frac13", "0.3334"],
    ["\\pi", "3.14"],
    ["x > 2", "x < \\infty"],
    ["0.000000", "\\frac1{2004!}"],
  ])("%s and %s", (a, b) => {
    expect(tag(a, b)).toBe("Different")
    expect(tag(b, a)).toBe("Different")
  }))

describe("options", () => {
  test("precision is the number of decimals that round", () => {
    const two = Options.withPrecision(2)(Options.mathVerify)
    expect(tag("\\frac13", "0.33", two)).toBe("Equal")
    expect(tag("(\\frac35,\\frac83]", "(0.6,2.6667]", two)).toBe("Equal")
    expect(tag("\\frac13", "0.3", two)).toBe("Different")
    expect(tag("\\frac13", "0.333333", Options.exact)).toBe("Different")
  })
  test("lists as sets, or in order", () => {
    expect(tag("1, 1, 2", "2, 1", Options.mathVerify)).toBe("Equal")
    expect(tag("1, 2", "2, 1", Options.prm800k)).toBe("Different")
  })
  test("Math-Verify takes a set for a relation, not a relation for a set", () => {
    expect(tag("-2 \\le x \\le 7", "[-2,7]", Options.mathVerify)).toBe("Equal")
    expect(tag("[-2,7]", "-2 \\le x \\le 7", Options.mathVerify)).toBe("Different")
    expect(tag("x \\in [-2,7]", "-2 \\le x \\le 7", Options.mathVerify)).toBe("Different")
  })
  test("unreduced fractions", () => {
    expect(tag("\\frac12", "\\frac24", Options.prm800k)).toBe("Different")
    expect(tag("\\frac12", "0.5", Options.prm800k)).toBe("Equal")
    expect(tag("\\frac12", "\\frac24")).toBe("Equal")
  })
  test("percent", () => {
    const strict: Options.Options = { ...Options.defaults, percent: "strict" }
    const number: Options.Options = { ...Options.defaults, percent: "number" }
    const fraction: Options.Options = { ...Options.defaults, percent: "fraction" }
    expect(["50", "\\frac12"].map((b) => tag("50\\%", b, strict))).toEqual(["Different", "Different"])
    expect(["50", "\\frac12"].map((b) => tag("50\\%", b, number))).toEqual(["Equal", "Different"])
    expect(["50", "\\frac12"].map((b) => tag("50\\%", b, fraction))).toEqual(["Different", "Equal"])
  })
  test("names of variables", () => {
    const positional: Options.Options = { ...Options.defaults, variables: "positional" }
    expect(tag("x^2+2x+1", "y^2+2y+1", positional)).toBe("Equal")
    expect(tag("x+2y", "a+2b", positional)).toBe("Equal")
    expect(tag("x+2y", "2a+b", positional)).toBe("Different")
  })
  test("brackets, sets as tuples, bare units", () => {
    expect(tag("(1,2)", "[1,2]", { ...Options.defaults, brackets: "free" })).toBe("Equal")
    expect(tag("(1,2)", "\\{2,1\\}", { ...Options.defaults, setsAsTuples: true })).toBe("Equal")
    expect(tag("5\\text{ cm}", "5", Options.exact)).toBe("Different")
    expect(tag("x = 5", "5", Options.exact)).toBe("Different")
  })
  test("syntax only", () => {
    expect(tag("0.5", "\\frac12", Options.strictText)).toBe("Different")
    expect(tag("\\dfrac 12", "\\frac{1}{2}", Options.strictText)).toBe("Equal")
  })
  test("every preset is found by its name", () => {
    expect(Object.keys(Options.presets)).toEqual([
      "mathematician",
      "mathVerify",
      "prm800k",
      "exact",
      "strictText",
    ])
  })
})
