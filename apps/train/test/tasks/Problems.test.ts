import { Seed } from "@rapo/distributions"
import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import { Countdown } from "../../src/tasks/Countdown.ts"
import { drawProblems, problemSplits, type Splits } from "../../src/tasks/Problems.ts"
import { type Problem, showTaskError, type Task, type TaskError } from "../../src/tasks/Task.ts"
import * as arb from "../arbitraries.ts"

const ids = (pool: E.Either<TaskError, ReadonlyArray<Problem>>): ReadonlyArray<string> =>
  E.getOrElse((): ReadonlyArray<Problem> => [])(pool).map(({ id }) => id)

const none: ReadonlySet<string> = new Set()

test("a pool has the size asked for, distinct ids, and none that was excluded", () =>
  fc.assert(
    fc.property(
      arb.taskAndLevel,
      arb.seed,
      arb.kind,
      fc.integer({ min: 0, max: 20 }),
      ([task, level], seed, kind, count) => {
        const first = ids(drawProblems(task, { level, count, seed, kind, exclude: none }))
        const exclude = new Set(first)
        const second = ids(drawProblems(task, { level, count, seed, kind, exclude }))
        return (
          new Set(first).size === count &&
          new Set(second).size === count &&
          second.every((id) => !exclude.has(id))
        )
      },
    ),
  ))

test("a longer pool begins with the shorter one", () =>
  fc.assert(
    fc.property(arb.taskAndLevel, arb.seed, arb.kind, ([task, level], seed, kind) => {
      const draw = (count: number): ReadonlyArray<string> =>
        ids(drawProblems(task, { level, count, seed, kind, exclude: none }))
      return draw(12).slice(0, 5).join() === draw(5).join()
    }),
    { numRuns: 30 },
  ))

const splits = (
  task: Task,
  levels: ReadonlyArray<string>,
  train: number,
  seed: Seed.Seed,
): Splits | undefined => {
  const each = (count: number) => levels.map((level) => ({ level, count }))
  return E.toUnion(
    E.mapLeft(() => undefined)(
      problemSplits(
        task,
        { train: each(train), validation: each(10), test: each(15), hardCandidates: each(10) },
        seed,
      ),
    ),
  )
}

test("the pools of a split are pairwise disjoint and complete", () =>
  fc.assert(
    fc.property(arb.taskAndLevel, arb.seed, ([task, level], seed) => {
      const pools = Object.values(splits(task, [level, level], 30, seed) ?? {})
      const all = pools.flat().map(({ id }) => id)
      return all.length === 2 * (30 + 10 + 15 + 10) && new Set(all).size === all.length
    }),
    { numRuns: 30 },
  ))

test("more training changes nothing about what it is judged by", () =>
  fc.assert(
    fc.property(arb.seed, (seed) => {
      const judged = (train: number): string => {
        const { train: _, ...rest } = splits(Countdown, ["n3", "n4"], train, seed) ?? { train: [] }
        return JSON.stringify(rest)
      }
      return judged(5) === judged(40) && judged(5).includes("countdown:")
    }),
    { numRuns: 20 },
  ))

test("the pools of the experiment exist", () => {
  const spec = {
    train: [
      { level: "n3", count: 500 },
      { level: "n4", count: 500 },
    ],
    validation: [{ level: "n4", count: 48 }],
    test: [
      { level: "n4", count: 48 },
      { level: "n5", count: 64 },
    ],
    hardCandidates: [
      { level: "n5", count: 157 },
      { level: "n6", count: 157 },
    ],
  }
  const pools = problemSplits(Countdown, spec, Seed.fromInteger(424242))
  expect(
    E.map((s: Splits) => [s.train, s.validation, s.test, s.hardCandidates].map((p) => p.length))(pools),
  ).toEqual(E.right([1000, 48, 112, 314]))
})

test("a level with too few problems, or that does not exist, is an error and not a hang", () => {
  const request = { count: 100_000, seed: Seed.fromInteger(1), kind: "typical", exclude: none } as const
  const few = drawProblems(Countdown, { ...request, level: "n3" })
  expect(few).toMatchObject(E.left({ _tag: "TooFewProblems", level: "n3", wanted: 100_000 }))
  expect(E.mapLeft(showTaskError)(drawProblems(Countdown, { ...request, level: "n7" }))).toEqual(
    E.left('the task "countdown" has no level "n7"; it has n3, n4, n5, n6'),
  )
})
