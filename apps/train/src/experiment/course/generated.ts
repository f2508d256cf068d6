/**
 * The course of an experiment whose problems a task generates.
 */
import type { Seed } from "@rapo/distributions"
import { Effect } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import type { GeneratedExperiment, LevelCount } from "../../config/GeneratedExperiment.ts"
import { ConfigError } from "../../errors.ts"
import { type Splits, problemSplits } from "../../tasks/Problems.ts"
import { type Task, showTaskError } from "../../tasks/Task.ts"
import { baseAtHand, madeBase } from "../base.ts"
import type { TestSet } from "../outcome.ts"
import type { Course } from "./Course.ts"

/** Draws the problems. */
export const generatedProspect = Effect.fn("generatedProspect")(function* (
  experiment: GeneratedExperiment,
  task: Task,
  file: string,
  seed: Seed.Seed,
) {
  const splits = yield* drawSplits(experiment, task, file, seed)
  const course: Course = {
    assignment: { _tag: "Task", name: task.name },
    splits,
    sets: testSets(experiment, splits),
    hardDescription: "Problems with rare targets",
    files: [],
    settings: [
      ["task", task.name],
      ["training problems", counts(experiment.task.train)],
      ["validation problems", counts(experiment.task.validation)],
    ],
  }
  return {
    course,
    givenBase: baseAtHand(experiment, task, file),
    makeBase: (runFolder: string) => madeBase(experiment, task, file, runFolder),
  }
})

const drawSplits = (
  experiment: GeneratedExperiment,
  task: Task,
  file: string,
  seed: Seed.Seed,
): Effect.Effect<Splits, ConfigError> => {
  const { train, validation, test, hard } = experiment.task
  const splits = problemSplits(task, { train, validation, test, hardCandidates: hard }, seed)
  return isLeft(splits)
    ? Effect.fail(
        new ConfigError({
          path: file,
          field: "task",
          problem: showTaskError(splits.left),
          remedy: "Lower the counts of that level.",
        }),
      )
    : Effect.succeed(splits.right)
}

const testSets = (experiment: GeneratedExperiment, { test }: Splits): ReadonlyArray<TestSet> => {
  const trainLevels = new Set(experiment.task.train.map(({ level }) => level))
  return experiment.task.test.map(({ level }): TestSet => {
    const isTrained = trainLevels.has(level)
    return {
      set: level,
      title: isTrained ? `${level}: new problems of a trained level` : `${level}: a level that RL never saw`,
      description: isTrained
        ? `Level ${level} is trained on; these problems are not.`
        : `RL trains on ${[...trainLevels].join(" and ")} only.`,
      problems: test.filter((problem) => problem.level === level),
    }
  })
}

const counts = (levels: ReadonlyArray<(typeof LevelCount)["Type"]>): string =>
  levels.map(({ level, count }) => `${count} ${level}`).join(" + ")
