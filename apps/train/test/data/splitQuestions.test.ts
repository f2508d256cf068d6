/** Pools from files: what is judged is never trained on. */
import { Seed } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { problemKey } from "../../src/data/Question.ts"
import { type QuestionSet, type SplitRequest, splitQuestions } from "../../src/data/splitQuestions.ts"
import type { Problem } from "../../src/tasks/Task.ts"

/** Few wordings, so that sets overlap; some differ in white space only. */
const wording = fc
  .tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom(" ", "  ", "\n"))
  .map(([n, space]) => `What${space}is ${n}?`)

const setNamed = (name: string): fc.Arbitrary<QuestionSet> =>
  fc.uniqueArray(wording, { maxLength: 10, selector: problemKey }).map((problems) => ({
    name,
    questions: problems.map((problem, i) => ({ id: String(i), problem, answer: "1" })),
  }))

const setsNamed = (...names: ReadonlyArray<string>): fc.Arbitrary<ReadonlyArray<QuestionSet>> =>
  fc.tuple(...names.map(setNamed))

const request: fc.Arbitrary<SplitRequest> = fc.record({
  train: setsNamed("train", "more"),
  validation: fc.oneof(fc.integer({ min: 1, max: 6 }), setsNamed("validation")),
  test: setsNamed("one", "two"),
  hard: setsNamed("three"),
  limit: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
})

const seed = fc.integer().map(Seed.fromInteger)

const keys = (problems: ReadonlyArray<Problem>): ReadonlySet<string> =>
  new Set(problems.map(({ prompt }) => problemKey(prompt)))

const isDisjoint = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  [...a].every((key) => !b.has(key))

describe("splitQuestions", () => {
  it("trains on nothing that judges, and chooses by nothing that tests", () => {
    fc.assert(
      fc.property(request, seed, (sets, from) => {
        const result = splitQuestions(sets, from)
        if (E.isLeft(result)) return true
        const { train, validation, test, hardCandidates } = result.right.splits
        const judging = keys([...test, ...hardCandidates])
        const behindTheLimit = [...sets.test, ...sets.hard].flatMap((set) => set.questions.slice(sets.limit))
        return (
          behindTheLimit.every(({ problem }) => !keys(train).has(problemKey(problem))) &&
          isDisjoint(keys(train), keys(validation)) &&
          isDisjoint(keys(train), judging) &&
          isDisjoint(keys(validation), judging) &&
          keys(train).size === train.length
        )
      }),
    )
  })

  it("keeps what tests, and counts what training loses", () => {
    fc.assert(
      fc.property(request, seed, (sets, from) => {
        const result = splitQuestions(sets, from)
        const most = sets.limit ?? Infinity
        const questions = (named: ReadonlyArray<QuestionSet>): number =>
          named.reduce((sum, set) => sum + Math.min(most, set.questions.length), 0)
        const all = (named: ReadonlyArray<QuestionSet>): number =>
          named.reduce((sum, set) => sum + set.questions.length, 0)
        const heldOut = typeof sets.validation === "number" ? Math.min(most, sets.validation) : 0
        if (E.isLeft(result)) return result.left.problems <= heldOut || result.left.problems === 0
        const { splits, overlapping } = result.right
        const held = typeof sets.validation === "number" ? splits.validation.length : 0
        return (
          splits.test.length === questions(sets.test) &&
          splits.hardCandidates.length === questions(sets.hard) &&
          splits.train.length + held + overlapping.train === all(sets.train) &&
          (typeof sets.validation === "number"
            ? held === heldOut && overlapping.validation === 0
            : splits.validation.length + overlapping.validation === questions(sets.validation))
        )
      }),
    )
  })

  it("is the same again for the same seed", () => {
    fc.assert(
      fc.property(
        request,
        seed,
        (sets, from) =>
          JSON.stringify(splitQuestions(sets, from)) === JSON.stringify(splitQuestions(sets, from)),
      ),
    )
  })

  it("ids tell the sets apart", () => {
    const set = (name: string, problem: string): QuestionSet => ({
      name,
      questions: [{ id: "1", problem, answer: "2" }],
    })
    const result = splitQuestions(
      { train: [set("a", "x"), set("b", "y")], validation: [set("c", "z")], test: [set("d", "w")], hard: [] },
      Seed.fromInteger(1),
    )
    expect(result).toMatchObject({ right: { splits: { train: [{ id: "a:1", level: "a" }, { id: "b:1" }] } } })
  })
})
