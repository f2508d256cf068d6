/** Equal answers are one answer, in whatever order and spelling they come. */
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { add, nothing } from "../../../src/evaluate/report/Accumulated.ts"
import { entropyOf, votesOf } from "../../../src/evaluate/report/Answers.ts"
import { joinAnswers } from "../../../src/evaluate/report/joinAnswers.ts"

const joined = (
  ...counts: ReadonlyArray<readonly [string, number]>
): ReadonlyArray<readonly [string, number]> =>
  [...joinAnswers(new Map(counts))].toSorted(([a], [b]) => (a < b ? -1 : 1))

describe("joinAnswers", () => {
  it("joins equal values", () => {
    expect(joined(["0.5", 2], ["1/2", 3], ["\\frac{1}{2}", 1], ["2", 1])).toEqual([
      ["1/2", 6],
      ["2", 1],
    ])
  })
  it("joins what the verifier finds equal, under the most frequent spelling", () => {
    expect(joined(["\\sqrt{8}", 2], ["2\\sqrt{2}", 3], ["(1, 2)", 1], ["(1,2)", 2])).toEqual([
      ["(1,2)", 3],
      ["2\\sqrt{2}", 5],
    ])
  })
  it("keeps apart what differs, or cannot be read", () => {
    expect(joined(["0.33", 1], ["1/3", 1], ["((", 1], ["no idea", 1]).length).toBe(4)
  })
  it("loses no vote, and does not depend on the order", () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.oneof(
              fc.constantFrom("1/2", "0.5", "2/4", "x", "x+1", "1+x", "\\pi", "{", "-3", "-3.0"),
              fc.integer({ min: -9, max: 9 }).map(String),
            ),
            fc.integer({ min: 1, max: 9 }),
          ),
          { maxLength: 12 },
        ),
        (counts) => {
          const [forth, back] = [joined(...new Map(counts)), joined(...[...new Map(counts)].toReversed())]
          const all = [...new Map(counts).values()].reduce((sum, count) => sum + count, 0)
          return (
            JSON.stringify(forth) === JSON.stringify(back) &&
            forth.reduce((sum, [, count]) => sum + count, 0) === all
          )
        },
      ),
    ))
  it("votes: correct answers are one, wrong ones joined, those without an answer have none", () => {
    const problem = nothing("p")
    const sample = (verdict: "Correct" | "Wrong" | "Unparseable", answer: string | null) =>
      add(problem, {
        problem: "p",
        sample: problem.samples,
        seed: 0,
        text: "so it is",
        finish: "stop",
        tokens: 1,
        promptTokens: 1,
        logProb: null,
        verdict,
        answer,
      })
    sample("Correct", "7")
    sample("Correct", "14/2")
    for (const answer of ["0.5", "1/2", " 1/2 "]) sample("Wrong", answer)
    sample("Unparseable", null)
    const votes = votesOf(problem)
    expect(votes).toEqual([
      { count: 2, correct: true },
      { count: 3, correct: false },
    ])
    expect(entropyOf(votes)).toBeCloseTo(-(0.4 * Math.log(0.4) + 0.6 * Math.log(0.6)), 12)
  })
})
