/** Reading ends soon, whatever the text. */
import * as E from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import { Expression, Limits, Parse } from "@rapo/verifier"

const length = Limits.defaultLimits.maxLength

/** What a grammar could stumble over again and again: openings, prefixes, half structures, look-aheads. */
const pieces: ReadonlyArray<string> = [
  ..."{ ( [ ] | - + ± ^ 2^ ! % ° ' _ x_ 1_ $ & , U ∪ x∪ ½ ² a ab 1A A1 9 0. 1e9 1,111, {,} {,}111 中 é".split(
    " ",
  ),
  ..."\\frac{ \\frac \\sqrt \\left( \\{ \\{x| \\text{ \\text{a \\ \\\\ \\sin \\overline \\sum_{ \\lim_{ \\mathbf \\hspace{ \\boxed{".split(
    " ",
  ),
  ..."\\begin{matrix} \\begin{pmatrix}1& \\begin{cases} \\end{cases} f( f(x a( (1,2] (1,2)U ][ x< 1: sinx".split(
    " ",
  ),
  "1 000 ",
  "1 ",
  "ab ",
  "sin ",
  "mod ",
  "per ",
  "5 m/s/",
  "apple ",
  "5 apple ",
  "a and ",
  "the is 1 ",
  "1:30 ",
  "1/2 ",
  "\ud800",
  "\u0000",
]

const texts = pieces.flatMap((piece) => {
  const long = piece.repeat(Math.ceil(length / piece.length)).slice(0, length)
  return [long, `1${long.slice(1)}`, `${long.slice(1)}1`]
})

/**
 * Milliseconds of processor time, which other processes do not lengthen as they do the clock's. Generous: a text takes
 * some ten, before it is compiled and with the collection of garbage; a square of the length would take seconds.
 */
const slowest = 500

const processorTime = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

test.each(texts.map((text) => [text.slice(0, 12), text]))("%j… ends", (_, text) => {
  const start = processorTime()
  const result = Parse.parse(text)
  expect(processorTime() - start).toBeLessThan(slowest)
  expect(E.isLeft(result) ? Parse.showError(result.left) : Expression.show(result.right.expression)).not.toBe(
    "",
  )
})

test.each(["{".repeat(100_000), "9".repeat(1_000_000), "\\frac{".repeat(100_000)])(
  "what is far too long is not read at all",
  (text) => {
    expect(Parse.parse(text)).toMatchObject(E.left({ _tag: "TooLong" }))
  },
)

const nested = (open: string, close: string, depth: number): string =>
  `${open.repeat(depth)}1${close.repeat(depth)}`

test.each([
  ["(", ")"],
  ["{", "}"],
  ["\\sqrt{", "}"],
  ["\\frac{", "}{2}"],
  ["|", "|"],
  ["-", ""],
  ["2^{", "}"],
])("%s…%s nests as deep as the limit, and no deeper", (open, close) => {
  const { maxDepth } = Limits.defaultLimits
  expect(E.isRight(Parse.parse(nested(open, close, maxDepth)))).toBe(true)
  expect(Parse.parse(nested(open, close, maxDepth + 1))).toMatchObject(E.left({ _tag: "TooDeep" }))
})

test("huge powers are read, not computed", () => {
  for (const text of ["2^{2^{2^{100}}}", "10^{10^9}!", "\\frac{1}{2004!}"])
    expect(E.isRight(Parse.parse(text))).toBe(true)
})
