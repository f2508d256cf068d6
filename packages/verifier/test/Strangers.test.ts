/**
 * Answers and responses of kinds that no suite beside the repository has: what a stranger may write, and what must not count.
 */
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Verify } from "@rapo/verifier"

const tag = (gold: string, response: string): string => Verify.verify(gold, response)._tag
const boxed = (answer: string): string => `\\boxed{${answer}}`

describe("a sentence that denies, compares, continues or numbers a value does not give it", () =>
  test.each([
    "The answer is not 5.",
    "The answer is definitely not 5.",
    "The answer cannot be 5.",
    "So it's not 5.",
    "so it is not $5$.",
    "It is 4, not 5.",
    "so x > 5.",
    "We need $x \\ge 5$.",
    "The number is more than 5.",
    "5 is wrong",
    "The answer 5 is incorrect.",
    "The answer is 5 plus 3",
    "I used theorem 5.",
    "\\boxed{\\text{not } 5}",
    "\\boxed{\\text{greater than } 5}",
    "\\boxed{\\text{all } x > 5}",
    "\\boxed{\\text{anything but } 5}",
    "\\boxed{\\text{all real numbers except } 5}",
    "\\boxed{5 \\text{ is wrong}}",
    "\\boxed{5 \\text{ to } 6}",
    "\\boxed{\\text{Figure } 5}",
    "\\boxed{5\\text{ if }n\\text{ is even, }6\\text{ if odd}}",
    "The answer is negative 5.",
    "\\boxed{\\text{minus } 5}",
    "\\boxed{5, 6}",
    "\\boxed{5 \\text{ or } 6}",
    "\\boxed{5 \\pm 1}",
    "\\boxed{5 + 10^{-2000}}",
  ])("%j", (response) => {
    expect(tag("5", response)).not.toBe("Correct")
  }))

describe("a new clause says it again", () =>
  test.each([
    "It is not 4 but 5.",
    "The answer is 5, not 4.",
    "it costs $5, not $7 or so",
    "Since 4 does not divide it, the answer is 5.",
    "x is not 4. Thus x is $5$.",
    "The least integer greater than 4 is 5.",
    "There are at most 5.",
    "x \\approx 5.000",
    "The correct answer is 5 (see above).",
    "\\begin{align*} x &= 5 \\end{align*}",
    "Thus the answer is five.",
    "The answer must be 5, since 7 is too large.",
  ])("%j", (response) => {
    expect(tag("5", response)).toBe("Correct")
  }))

test("no number is the answer that a response denies", () =>
  fc.assert(
    fc.property(
      fc.integer({ min: -1000, max: 1000 }),
      fc.constantFrom("The answer is not ", "It can't be ", "x must be greater than ", "It is never "),
      (n, denial) => tag(`${n}`, `${denial}${n}.`) !== "Correct",
    ),
  ))

describe("the choice that a sentence praises", () =>
  test.each([
    "I would go with C.",
    "Therefore, option (C) is correct.",
    "C is correct",
    "C is the best choice.",
  ])("%j", (response) => {
    expect([tag("C", response), tag("B", response)]).toEqual(["Correct", "Wrong"])
  }))

describe("the same answer", () =>
  test.each([
    // numbers
    ["1000000", "1.000.000"],
    ["1000000", "1'000'000"],
    ["1000000", "1~000~000"],
    ["12", "twelve"],
    ["-3", "minus three"],
    ["-3", "negative 3"],
    ["8", "5 plus 3"],
    ["105", "one hundred and five"],
    ["2100000", "two million one hundred thousand"],
    ["\\frac23", "\\text{two thirds}"],
    ["\\frac12", "one-half"],
    ["\\frac13", "0.333..."],
    ["\\frac16", "0.1666\\ldots"],
    ["\\frac4{33}", "0.1212…"],
    ["5", "4.999..."],
    ["\\pi", "3.14159265..."],
    ["6.02 \\cdot 10^{23}", "6.02 x 10^{23}"],
    ["72", "2^3 3^2"],
    ["2^a 3^b", "3^b2^a"],
    ["\\sqrt[n]{x}", "x^{1/n}"],
    ["5", "\\max\\{3,5\\}"],
    // spelling
    ["\\frac12", "frac{1}{2}"],
    ["\\frac12", "\frac{1}{2}"],
    ["2\\beta", "2\beta"],
    ["7", "\\therefore 7"],
    ["7", "7 \\checkmark"],
    ["7", "\\Rightarrow 7"],
    ["B", "\\text{Option B}"],
    ["\\triangle ABC", "\\triangle{ABC}"],
    // sums and determinants
    ["55", "\\sum_{k=1}^{10} k"],
    ["36", "\\sum_{i=1}^{3}\\sum_{j=1}^{3} ij"],
    ["120", "\\prod_{k=1}^{5} k"],
    ["\\frac{n(n+1)}{2}", "\\sum_{k=1}^{n} k"],
    ["2^n", "\\sum_{k=0}^{n} \\binom{n}{k}"],
    ["\\sum_{k=1}^n k", "\\sum_{i=1}^n i"],
    ["-2", "\\begin{vmatrix}1&2\\\\3&4\\end{vmatrix}"],
    // letters that stand for anything
    ["f(x) = 2x+3", "f(t) = 2t+3"],
    ["f(x) = 2x+3", "y = 2x+3"],
    ["k\\pi, k \\in \\mathbb{Z}", "n\\pi, n \\in \\mathbb{Z}"],
    ["x = \\frac\\pi6 + 2k\\pi, k\\in\\mathbb{Z}", "\\frac\\pi6 + 2n\\pi"],
    ["\\{2k\\pi \\mid k \\in \\mathbb{Z}\\}", "\\{2n\\pi | n\\in\\mathbb{Z}\\}"],
    // sets and lists
    ["\\{1, 2, \\ldots, 10\\}", "1,2,3,4,5,6,7,8,9,10"],
    ["2, 4, 6, \\ldots, 12", "2,4,6,8,10,12"],
    ["(0,1)\\cup(1,\\infty)", "x > 0, x \\ne 1"],
    ["(0,1)", "x>0, x<1"],
    ["(-\\infty,3]", "[-\\infty,3]"],
    ["\\mathbb{R}\\setminus\\{0\\}", "\\text{all real numbers except } 0"],
    ["(1,2)", "P(1,2)"],
    ["\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "[[1,2],[3,4]]"],
    ["1:2:3", "\\frac12:1:\\frac32"],
    ["x \\in \\{1,2\\}", "x=1 \\text{ or } 2"],
    // counts
    ["10", "C(5,2)"],
    ["20", "P(5,2)"],
    ["600", "C(10,3) \\cdot C(5,1)"],
    ["(5,2)", "C(5,2)"],
    // measures and times
    ["5.5\\text{ hours}", "5 \\text{ hours } 30 \\text{ minutes}"],
    ["330\\text{ minutes}", "5 \\text{ hours and } 30 \\text{ minutes}"],
    ["66 in", "5 ft 6 in"],
    ["5\\text{ km/h}", "5\\,\\text{km}\\,\\text{h}^{-1}"],
    ["3\\text{ p.m.}", "15:00"],
    ["\\text{DNE}", "does not exist"],
  ])("%j and %j", (gold, answer) => {
    expect([tag(gold, boxed(answer)), tag(answer, boxed(gold))]).toEqual(["Correct", "Correct"])
  }))

describe("another answer", () =>
  test.each([
    ["4:51:06", "4:51:07"],
    ["3\\text{ p.m.}", "3:00 am"],
    ["13:00", "1:00"],
    ["11", "five six"],
    ["\\frac13", "0.33..."],
    ["\\frac13", "0.3332..."],
    ["\\sum_{k=1}^{10} k", "56"],
    ["\\sum_{k=1}^{n} k", "\\frac{n(n+1)}{3}"],
    ["f(x)=2x+3", "f(t) = 2t+4"],
    ["f(x)=2x+3", "g(x) = 2x+3"],
    ["f(x)=ax", "f(a)=ax"],
    ["f(x) = 3", "f(2) = 3"],
    ["k\\pi", "n\\pi"],
    ["1:2:3", "1:2:4"],
    ["0:1:2", "0:1:3"],
    ["1:2:3", "1:2"],
    ["11", "C(5,2)"],
    ["\\frac\\pi6 + 2k\\pi, k\\in\\mathbb{Z}", "\\frac\\pi3 + 2n\\pi"],
    ["\\{2, 4, \\ldots, 10\\}", "\\{2,4,10\\}"],
    ["1, 2, 3, \\ldots", "1,2,3"],
    ["(-\\infty,0)\\cup(1,\\infty)", "x>0, x<1"],
    ["90\\text{ min}", "1 \\text{ h } 20 \\text{ min}"],
    ["0", "\\text{all real numbers except } 0"],
    ["\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "[[1,3],[2,4]]"],
  ])("%j and %j", (gold, answer) => {
    expect([tag(gold, boxed(answer)), tag(answer, boxed(gold))]).not.toContain("Correct")
  }))

describe("no end of the call stack", () =>
  test.each(["1+", "x+", "F_3+", "a_{12}+", "1*", "-", "x!", "f(x)+"])("%j, over and over", (piece) => {
    const long = `${piece.repeat(Math.floor(3900 / piece.length))}1`
    expect(["TimedOut", "Wrong", "Unparseable"]).toContain(tag("7", boxed(long)))
    expect(typeof tag(long, boxed("7"))).toBe("string")
  }))

const spelledOut = (n: number): string => {
  const small =
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
      " ",
    )
  const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ")
  const below = (rest: string, k: number): string => (k === 0 ? "" : `${rest}${spelledOut(k)}`)
  if (n < 20) return small[n] ?? ""
  if (n < 100) return `${tens[Math.floor(n / 10) - 2] ?? ""}${below("-", n % 10)}`
  if (n < 1000) return `${spelledOut(Math.floor(n / 100))} hundred${below(" and ", n % 100)}`
  return `${spelledOut(Math.floor(n / 1000))} thousand${below(n % 1000 < 100 ? " and " : " ", n % 1000)}`
}

test("numbers in words are those numbers and no others", () =>
  fc.assert(
    fc.property(fc.nat(999_999), fc.nat(999_999), (n, m) => {
      const words = boxed(spelledOut(n))
      return tag(`${n}`, words) === "Correct" && (n === m || tag(`${m}`, words) === "Wrong")
    }),
    { numRuns: 500 },
  ))

test("a sum is what its terms add up to", () =>
  fc.assert(
    fc.property(fc.nat(30), fc.nat(30), fc.integer({ min: -5, max: 5 }), (from, count, c) => {
      const terms = Array.from({ length: count }, (_, k) => (from + k) ** 2 + c)
      const sum = terms.reduce((a, b) => a + b, 0)
      const written = boxed(`\\sum_{k=${from}}^{${from + count - 1}} (k^2 + ${c < 0 ? `(${c})` : c})`)
      return tag(`${sum}`, written) === "Correct" && tag(`${sum + 1}`, written) === "Wrong"
    }),
  ))

test("a period goes on for ever", () =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9998 }), fc.nat(999), (period, whole) => {
      const digits = `${period}`.padStart(4, "0")
      const decimal = boxed(`${whole}.${digits}${digits}...`)
      const value = `\\frac{${whole * 9999 + period}}{9999}`
      return tag(value, decimal) === "Correct"
    }),
  ))

test("dots of a progression are the items they leave out", () =>
  fc.assert(
    fc.property(
      fc.integer({ min: -20, max: 20 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 4, max: 40 }),
      (first, step, count) => {
        const items = Array.from({ length: count }, (_, k) => first + step * k)
        const dotted = `${items[0]}, ${items[1]}, \\ldots, ${items.at(-1)}`
        return (
          tag(items.join(", "), boxed(dotted)) === "Correct" &&
          tag(items.slice(0, -1).join(", "), boxed(dotted)) === "Wrong"
        )
      },
    ),
  ))

test("times of day agree exactly when their seconds do", () => {
  const time = fc.record({ hours: fc.nat(23), minutes: fc.nat(59), seconds: fc.nat(59) })
  const two = (n: number): string => `${n}`.padStart(2, "0")
  const shown = ({ hours, minutes, seconds }: { hours: number; minutes: number; seconds: number }): string =>
    `${hours}:${two(minutes)}:${two(seconds)}`
  fc.assert(
    fc.property(time, time, fc.boolean(), (a, b, same) => {
      const [x, y] = [shown(a), shown(same ? a : b)]
      return (tag(x, boxed(y)) === "Correct") === (x === y)
    }),
  )
  fc.assert(
    fc.property(time, (a) => {
      const half = `${a.hours % 12 || 12}:${two(a.minutes)} ${a.hours < 12 ? "am" : "pm"}`
      const other = `${a.hours % 12 || 12}:${two(a.minutes)} ${a.hours < 12 ? "pm" : "am"}`
      const clock = `${a.hours}:${two(a.minutes)}`
      const known = a.hours > 12 || a.hours === 0
      return (
        tag(half, boxed(clock)) === "Correct" &&
        (!known || a.hours === 0 || tag(other, boxed(clock)) === "Wrong")
      )
    }),
  )
})
