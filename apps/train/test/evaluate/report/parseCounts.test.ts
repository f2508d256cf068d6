/** Counts and samples as text: what is read, and what is said of what cannot be. */
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { defaultBootstrap } from "../../../src/evaluate/EvaluationSummary.ts"
import { parseCounts } from "../../../src/evaluate/report/parseCounts.ts"
import { passAtK } from "../../../src/evaluate/report/passAtK.ts"

const tally = fc
  .record({ id: fc.string({ minLength: 1 }), n: fc.integer({ min: 1, max: 64 }), share: fc.nat(1000) })
  .map(({ id, n, share }) => ({ id, n, c: Math.floor((share * n) / 1000) }))

const tallies = fc.uniqueArray(tally, { selector: ({ id }) => id, minLength: 1, maxLength: 8 })

describe("parseCounts", () => {
  it("reads what was written", () =>
    fc.assert(
      fc.property(tallies, (all) => {
        const read = parseCounts(all.map((each) => `${JSON.stringify(each)}\n`).join(""))
        return (
          read._tag === "Right" &&
          read.right.length === all.length &&
          read.right.every(
            ({ id, samples, correct, line }, p) =>
              id === all[p]?.id && samples === all[p]?.n && correct === all[p]?.c && line === p + 1,
          )
        )
      }),
    ))

  it("counts samples as it counts counts, in any order of the lines", () =>
    fc.assert(
      fc.property(tallies, fc.nat(), (all, turn) => {
        const lines = all.flatMap(({ id, n, c }) =>
          Array.from({ length: n }, (_, sample) =>
            JSON.stringify({ problem: id, sample, seed: 0, verdict: sample < c ? "Correct" : "Wrong" }),
          ),
        )
        const start = turn % lines.length
        const read = parseCounts([...lines.slice(start), ...lines.slice(0, start)].join("\n"))
        return (
          read._tag === "Right" &&
          all.every(({ id, n, c }) =>
            read.right.some((each) => each.id === id && each.samples === n && each.correct === c),
          )
        )
      }),
    ))

  it("leaves out a last line of samples that a crash cut short", () => {
    const read = parseCounts('{"problem":"a","sample":0,"seed":0,"verdict":"Correct"}\n{"problem":"a","sam')
    expect(read).toEqual({ _tag: "Right", right: [{ id: "a", samples: 1, correct: 1, line: 1 }] })
  })

  const good = '{"id":"a","n":4,"c":1}\n'
  const cases: ReadonlyArray<readonly [string, string, string, RegExp]> = [
    ["a duplicate id", `${good}${good}`, "line 2: id", /problem a stands in line 1 too/],
    ["a missing id", '{"n":4,"c":1}', "line 1: id", /is missing/],
    ["a missing n", `${good}\n{"id":"b","c":1}`, "line 3: n", /is missing/],
    ["a missing c", '{"id":"b","n":1}', "line 1: c", /is missing/],
    ["c > n", `${good}{"id":"b","n":4,"c":5}`, "line 2: c", /5 correct samples of 4 \(problem b\)/],
    ["a negative count", '{"id":"b","n":4,"c":-1}', "line 1: c", /is -1/],
    ["a fraction", '{"id":"b","n":4.5,"c":1}', "line 1: n", /is 4.5/],
    ["no samples", '{"id":"b","n":0,"c":0}', "line 1: n", /is 0/],
    ["no JSON", `${good}oops\n`, "line 2", /not a JSON object/],
    ["a line cut short among counts", `${good}{"id":"b"`, "line 2", /not a JSON object/],
    [
      "two kinds",
      `${good}{"problem":"a","sample":0,"verdict":"Wrong"}`,
      "line 2",
      /a sample, and the lines before/,
    ],
    ["an unknown verdict", '{"problem":"a","sample":0,"verdict":"maybe"}', "line 1: verdict", /"maybe"/],
    [
      "a sample twice",
      '{"problem":"a","sample":0,"seed":1,"verdict":"Wrong"}\n{"problem":"a","sample":0,"seed":1,"verdict":"Wrong"}',
      "line 2: sample",
      /sample 0 of problem a with seed 1 stands in line 1 too/,
    ],
    ["nothing", "\n", "", /no counts/],
  ]
  it.each(cases)("names %s and its place", (_, text, field, problem) => {
    const read = parseCounts(text)
    expect(read).toMatchObject({ _tag: "Left", left: { field } })
    if (read._tag === "Left") {
      expect(read.left.problem).toMatch(problem)
      expect(read.left.remedy).not.toBe("")
    }
  })
})

describe("passAtK", () => {
  const counts = [
    { id: "a", samples: 8, correct: 2, line: 1 },
    { id: "b", samples: 4, correct: 0, line: 2 },
  ]
  it("answers at the k that are asked for, in the agreed form", () => {
    const answer = passAtK(counts, "1, 4", defaultBootstrap)
    expect(answer).toMatchObject({
      _tag: "Right",
      right: { problems: 2, k: { 1: { mean: 0.125 }, 4: { mean: expect.closeTo(0.392857, 6) } } },
    })
    if (answer._tag === "Right") expect(Object.keys(answer.right.k["1"] ?? {})).toEqual(["mean", "lo", "hi"])
  })
  it("by default at the powers of two that all have samples for", () => {
    const answer = passAtK(counts, "", defaultBootstrap)
    expect(answer._tag === "Right" && Object.keys(answer.right.k)).toEqual(["1", "2", "4"])
  })
  it("names the line of the first problem with too few samples", () => {
    expect(passAtK(counts, "1,8", defaultBootstrap)).toMatchObject({
      _tag: "Left",
      left: { field: "line 2", problem: "pass@8 needs at least 8 samples, and problem b has 4" },
    })
  })
  it.each(["0", "-1", "x", "1.5", "1,,2"])("refuses --k %s", (k) => {
    expect(passAtK(counts, k, defaultBootstrap)).toMatchObject({ _tag: "Left", left: { field: "--k" } })
  })
})
