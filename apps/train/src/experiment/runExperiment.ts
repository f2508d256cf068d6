/**
 * The whole experiment, from the base model to the report.
 *
 *     base → problems → Hard → train every arm → judge base and arms → summary → report
 *
 * What is finished is never lost: steps are recorded as they happen, learning is saved on its way (`training/save`), policies when
 * they are trained, judgements as they are made. An interrupted run writes the summary and report of the arms that were judged,
 * and is gone on with by `--resume`, to the same results as if it had not been interrupted.
 */
import { Seed } from "@rapo/distributions"
import { Effect, Ref } from "effect"
import { Progress } from "../cli/Progress.ts"
import type { Experiment } from "../config/Experiment.ts"
import type { RunFolder } from "../storage/RunFolder.ts"
import { type Replaced, type RunStart, checkConfiguration } from "../storage/RunStart.ts"
import { removeSaves } from "../storage/saves.ts"
import type { Splits } from "../tasks/Problems.ts"
import { aloneCount, teamSizes, usefulMembers } from "../team/sizes.ts"
import { Workers } from "../workers/Workers.ts"
import { type Candidate, candidates } from "./arms.ts"
import type { Course } from "./course/Course.ts"
import { prospectOf } from "./course/prospectOf.ts"
import { type Judge, judge, judgeAll, judgedBase, makeJudge } from "./judge.ts"
import { beginRun, resumeRun } from "./openRun.ts"
import type { Outcome, TestSet } from "./outcome.ts"
import { type RunFacts, summarise } from "./summarise.ts"
import { trainArm } from "./trainArm.ts"
import { writeReport } from "./writeReport.ts"

/** How a run is asked for. */
export interface RunRequest {
  readonly experiment: Experiment
  /** The experiment's file, as it was given. */
  readonly file: string
  readonly replaced: Replaced
  readonly place: Place
}

/** Where a new run's folder is made, or the folder of the run that is gone on with, and what it was begun with. */
export type Place =
  | { readonly _tag: "New"; readonly parent: string }
  | { readonly _tag: "Resumed"; readonly folder: string; readonly start: RunStart }

/** Runs an experiment, or the rest of it; resolves to the run's folder. */
export const runExperiment = Effect.fn("runExperiment")(function* (request: RunRequest) {
  const { experiment, file, replaced, place } = request
  const progress = yield* Progress
  const workers = yield* Workers
  const seed = Seed.fromInteger(experiment.seed)
  const arms = candidates(experiment.arms)

  if (place._tag === "Resumed") yield* checkConfiguration(place.start, experiment, file)
  const prospect = yield* prospectOf(experiment, file, Seed.child(seed, "problems"))
  const { course } = prospect
  const making = { experiment, file, replaced }
  const run =
    place._tag === "New"
      ? yield* beginRun(making, place.parent, prospect)
      : yield* resumeRun(making, place.folder, place.start, prospect, arms)
  const { folder, base, journal, times } = run

  const { assignment, splits } = course
  const judging = makeJudge(experiment, assignment, base, seed, journal)
  const hard = yield* findHard(judging, splits)
  const sets = testSets(course, experiment, hard)
  const members = teamSizes(
    arms.map(({ objective }) => usefulMembers(objective, experiment.training)),
    workers.size,
  )
  if (members.some((size) => size > 1)) yield* progress.say(`workers an arm: ${members.join(", ")}`)

  const outcomes = yield* Ref.make<ReadonlyArray<Outcome>>([])
  const facts: RunFacts = { experiment, quick: replaced.quick, base, course, sets, times }
  const conclude = (status: "complete" | "interrupted") => concludeRun(folder, facts, outcomes, status)

  yield* Effect.gen(function* () {
    const trained = yield* progress.stage(
      "training",
      "steps",
      arms.length * experiment.training.steps,
      (advance) =>
        Effect.gen(function* () {
          const train = (some: ReadonlyArray<Candidate>, sizes: ReadonlyArray<number>) =>
            Effect.forEach(
              some,
              (arm, i) => trainArm(experiment, assignment, run, splits.train, arm, sizes[i] ?? 1, advance),
              { concurrency: "unbounded" },
            )
          const alone = aloneCount(members)
          // The base is judged beside arms of one worker, so that none idles at the training's end; before teams, which take
          // all, so that it is judged when a long one is interrupted.
          const [first, last] = yield* Effect.all(
            [
              train(arms.slice(0, alone), members),
              judge(judging, sets, splits.validation, undefined, judgedBase(base), undefined).pipe(
                Effect.flatMap((outcome) => Ref.update(outcomes, (all) => [...all, outcome])),
                Effect.andThen(train(arms.slice(alone), members.slice(alone))),
              ),
            ],
            { concurrency: 2 },
          )
          const trained = [...first, ...last]
          return trained
        }),
    )
    yield* judgeAll(judging, sets, splits.validation, trained, outcomes)
  }).pipe(
    Effect.onInterrupt(() =>
      conclude("interrupted").pipe(Effect.catch((error) => progress.say(`error: ${error.message}`))),
    ),
  )
  yield* conclude("complete")
  yield* removeSaves(folder.path)
  return folder.path
}, Effect.scoped)

/** The candidates that the base solves in none of its samples. */
const findHard = Effect.fnUntraced(function* (judging: Judge, { hardCandidates }: Splits) {
  if (hardCandidates.length === 0) return []
  const progress = yield* Progress
  const samples = judging.experiment.evaluation.samples
  const counts = yield* progress.stage(
    "finding Hard",
    "samples",
    hardCandidates.length * samples,
    (advance) => {
      const pool = { name: "hard-candidates", problems: hardCandidates, samples, draw: "hard-candidates" }
      return judging.count(judgedBase(judging.base), pool, advance)
    },
  )
  const hard = hardCandidates.filter((_, i) => counts[i]?.correct === 0)
  yield* progress.say(
    `Hard: ${hard.length} of ${hardCandidates.length} candidates, solved by the base in none of ${samples} samples`,
  )
  return hard
})

const testSets = (
  { sets, hardDescription }: Course,
  { evaluation }: Experiment,
  hard: TestSet["problems"],
): ReadonlyArray<TestSet> => [
  ...sets,
  ...(hard.length === 0
    ? []
    : [
        {
          set: "hard",
          title: "Hard: the base solved none",
          description: `${hardDescription} that the base solved in none of ${evaluation.samples} samples. Selection alone makes that draw 0, so the base shown is a fresh draw.`,
          problems: hard,
        },
      ]),
]

const concludeRun = Effect.fnUntraced(function* (
  folder: RunFolder,
  facts: RunFacts,
  outcomes: Ref.Ref<ReadonlyArray<Outcome>>,
  status: "complete" | "interrupted",
) {
  const progress = yield* Progress
  const workers = yield* Workers
  const judged = yield* Ref.get(outcomes)
  if (!judged.some(({ candidate }) => candidate === undefined)) {
    yield* progress.say(`interrupted before the base was judged; the steps so far are in ${folder.path}`)
    return
  }
  const summary = summarise(facts, judged, { name: workers.engine, workers: workers.size }, status)
  yield* folder.write("summary.json", `${JSON.stringify(summary, null, 2)}\n`)
  yield* writeReport(folder)
  yield* progress.say(`${status}: ${folder.path}/report.html`)
})
