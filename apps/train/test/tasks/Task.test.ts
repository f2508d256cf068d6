import { Seed } from "@rapo/distributions"
import { Verdict } from "@rapo/verifier"
import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import * as O from "fp-ts/lib/Option.js"
import { expect, test } from "vitest"
import { taskByName, tasks } from "../../src/tasks/Registry.ts"
import { showTaskError, type Task, tokensOf } from "../../src/tasks/Task.ts"
import * as arb from "../arbitraries.ts"

/** Each property draws a task, a level and a seed. */
const runs = { numRuns: 300 }

const tokenCount = (task: Task, text: string): number =>
  O.match(
    () => Number.NaN, // not a concatenation of tokens: no comparison with NaN holds
    (tokens: ReadonlyArray<string>) => tokens.length,
  )(tokensOf(task.alphabet)(text))

test("a right demonstration is Correct and legal", () =>
  fc.assert(
    fc.property(arb.taskAndLevel, arb.seed, ([task, level], seed) => {
      const { problem, response } = task.drawDemonstration(level, seed, 0)
      return task.verify(problem, response)._tag === "Correct" && task.isLegal(problem, response)
    }),
    runs,
  ))

test("a noisy demonstration is Wrong and legal", () =>
  fc.assert(
    fc.property(arb.taskAndLevel, arb.seed, ([task, level], seed) => {
      const { problem, response } = task.drawDemonstration(level, seed, 1)
      return task.verify(problem, response)._tag === "Wrong" && task.isLegal(problem, response)
    }),
    runs,
  ))

test("prompts and responses are tokens, no more of them than stated", () =>
  fc.assert(
    fc.property(
      arb.taskAndLevel,
      arb.seed,
      arb.kind,
      fc.constantFrom(0, 1),
      ([task, level], seed, kind, noise) => {
        const { problem, response } = task.drawDemonstration(level, seed, noise)
        return (
          tokenCount(task, task.draw(level, seed, kind).prompt) <= task.maxPromptTokens &&
          tokenCount(task, problem.prompt) <= task.maxPromptTokens &&
          tokenCount(task, response) + 1 <= task.maxResponseTokens
        )
      },
    ),
    runs,
  ))

test("equal seeds give equal problems, and a demonstration is of the typical one", () =>
  fc.assert(
    fc.property(arb.taskAndLevel, arb.seed, arb.kind, ([task, level], seed, kind) => {
      const text = JSON.stringify(task.draw(level, seed, kind))
      return (
        JSON.stringify(task.draw(level, seed, kind)) === text &&
        (kind === "rare" || JSON.stringify(task.drawDemonstration(level, seed, 0.5).problem) === text)
      )
    }),
    runs,
  ))

test("a problem says which task and level it is of", () =>
  fc.assert(
    fc.property(arb.taskAndLevel, arb.seed, arb.kind, ([task, level], seed, kind) => {
      const problem = task.draw(level, seed, kind)
      return problem.task === task.name && problem.level === level && problem.id.startsWith(`${task.name}:`)
    }),
    runs,
  ))

test("verify is total, and what is Correct is legal", () =>
  fc.assert(
    fc.property(
      arb.taskAndLevel.chain(([task, level]) =>
        fc.tuple(
          fc.constant(task),
          fc.constant(level),
          fc.oneof(
            arb.babble(task),
            arb.babble(task).map((text) => `\\boxed{${text}}`),
            fc.string({ unit: "binary" }),
          ),
        ),
      ),
      arb.seed,
      fc.option(fc.string(), { nil: undefined }),
      ([task, level, response], seed, prompt) => {
        const drawn = task.draw(level, seed, "typical")
        const problem = prompt === undefined ? drawn : { ...drawn, prompt, answer: prompt }
        const verdict = task.verify(problem, response)
        return (
          Verdict.show(verdict).startsWith(verdict._tag) &&
          (!Verdict.isCorrect(verdict) || task.isLegal(problem, response))
        )
      },
    ),
    runs,
  ))

test("the share of wrong demonstrations is the noise", () => {
  const [draws, noise] = [2000, 0.2]
  // Five standard deviations of a binomial share: a fair draw leaves it once in two million.
  const tolerance = 5 * Math.sqrt((noise * (1 - noise)) / draws)
  for (const task of tasks) {
    const wrong = Array.from({ length: draws }, (_, i) =>
      task.drawDemonstration(task.levels[1] ?? "", Seed.child(Seed.fromInteger(7), i), noise),
    ).filter(({ problem, response }) => task.verify(problem, response)._tag === "Wrong")
    expect(Math.abs(wrong.length / draws - noise)).toBeLessThan(tolerance)
  }
})

test("an alphabet has distinct tokens, none the beginning of another", () => {
  for (const { alphabet } of tasks)
    expect(alphabet.filter((a) => alphabet.filter((b) => b.startsWith(a)).length !== 1)).toEqual([])
})

test("a text outside the alphabet has no tokens", () => {
  for (const task of tasks) {
    expect(tokensOf(task.alphabet)("1+1\\boxed{2}")).toEqual(O.some(["1", "+", "1", "\\boxed{", "2", "}"]))
    expect(tokensOf(task.alphabet)("1+x")).toEqual(O.none)
    expect(tokensOf(task.alphabet)("")).toEqual(O.some([]))
  }
})

test("tasks are found by name", () => {
  for (const task of tasks) expect(taskByName(task.name)).toEqual(E.right(task))
  expect(E.mapLeft(showTaskError)(taskByName("chess"))).toEqual(
    E.left('there is no task "chess"; there are countdown, random-calculation'),
  )
})

test("a level that a task does not have is a bug of the caller", () => {
  for (const task of tasks) expect(() => task.draw("n99", Seed.fromInteger(1), "typical")).toThrow(RangeError)
})
