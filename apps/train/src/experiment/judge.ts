/**
 * Judges policies on problems: counts on every set, and diagnostics. The work is split among the workers, and each piece stands in
 * the run's journal when it is done.
 *
 * All policies draw their samples from the same seeds (common random numbers), so that differences between policies
 * are differences of policies.
 */
import { Seed } from "@rapo/distributions"
import { Effect, Ref, Schema } from "effect"
import { type Advance, Progress } from "../cli/Progress.ts"
import type { CommonExperiment } from "../config/tables.ts"
import type { RunFolderError, WorkerError } from "../errors.ts"
import { ProblemCount } from "../evaluation/countCorrect.ts"
import { Diagnostics } from "../evaluation/diagnose.ts"
import type { Journal } from "../storage/Journal.ts"
import type { Problem } from "../tasks/Task.ts"
import type { Assignment } from "../workers/Assignment.ts"
import type { KeyedSource } from "../model/checkpoint/atHand.ts"
import type { Policy } from "../workers/Job.ts"
import { Workers } from "../workers/Workers.ts"
import { type Candidate, baseFamily } from "./arms.ts"
import { type Base, parametersOf } from "./base.ts"
import type { Outcome, TestSet } from "./outcome.ts"
import type { TrainedArm } from "./trainArm.ts"

/** What is the same for every policy that is judged. */
export interface Judge {
  readonly experiment: CommonExperiment
  readonly assignment: Assignment
  readonly base: Base
  readonly seed: Seed.Seed
  readonly journal: Journal
  /** Counts for each problem, in order. */
  readonly count: (
    judged: Judged,
    pool: Pool,
    advance: Advance,
  ) => Effect.Effect<ReadonlyArray<ProblemCount>, WorkerError | RunFolderError, Workers>
}

/** A policy by its name in the run. */
export interface Judged {
  readonly name: string
  readonly policy: Policy
}

/** Problems to be sampled. */
export interface Pool {
  /** Names the pool in the run. */
  readonly name: string
  readonly problems: ReadonlyArray<Problem>
  readonly samples: number
  /** Names the random numbers. */
  readonly draw: string
}

/** The base as a part of policies. */
export const baseSource = (base: Base): KeyedSource => ({ key: baseFamily, source: parametersOf(base) })

/** The base as a policy. */
export const judgedBase = (base: Base): Judged => ({ name: baseFamily, policy: [baseSource(base)] })

/** Problems of one job: small enough that the workers finish together. */
const problemsPerJob = 16

/** See `Judge`. */
export const makeJudge = (
  experiment: CommonExperiment,
  assignment: Assignment,
  base: Base,
  seed: Seed.Seed,
  journal: Journal,
): Judge => ({
  experiment,
  assignment,
  base,
  seed,
  journal,
  count: Effect.fnUntraced(function* ({ name, policy }, pool, advance) {
    const { problems, samples, draw } = pool
    const workers = yield* Workers
    const parts = Array.from({ length: Math.ceil(problems.length / problemsPerJob) }, (_, i) =>
      problems.slice(i * problemsPerJob, (i + 1) * problemsPerJob),
    )
    const counted = (part: ReadonlyArray<Problem>) =>
      workers.run(
        {
          _tag: "Count",
          assignment,
          model: base.model,
          policy,
          problems: part,
          samples,
          temperature: experiment.evaluation.temperature,
          seed: Seed.child(seed, draw),
        },
        (told) => {
          if (told._tag === "Samples") advance(told.count)
        },
      )
    const counts = yield* Effect.forEach(
      parts,
      (part, i) => {
        const named = `judged/${name}/${pool.name}/${i}`
        if (journal.has(named)) advance(part.length * samples, "before")
        return journal.once(named, Schema.Array(ProblemCount), counted(part))
      },
      { concurrency: "unbounded" },
    )
    return counts.flat()
  }),
})

/** Everything about one policy; `candidate` is undefined for the base. */
export const judge = Effect.fn("judge")(function* (
  judging: Judge,
  sets: ReadonlyArray<TestSet>,
  validation: ReadonlyArray<Problem>,
  candidate: Candidate | undefined,
  judged: Judged,
  divergedAt: number | undefined,
  advance: Advance = () => undefined,
) {
  const { experiment, assignment, base, seed, journal } = judging
  const { samples, validation_samples, diagnostic_samples, temperature } = experiment.evaluation
  const workers = yield* Workers
  const [onValidation, onSets, diagnostics] = yield* Effect.all(
    [
      judging.count(
        judged,
        { name: "validation", problems: validation, samples: validation_samples, draw: "validation" },
        advance,
      ),
      Effect.forEach(
        sets,
        ({ set, problems }) =>
          judging
            .count(judged, { name: `test/${set}`, problems, samples, draw: "evaluation" }, advance)
            .pipe(Effect.map((counts) => [set, counts] as const)),
        { concurrency: "unbounded" },
      ),
      journal.once(
        `judged/${judged.name}/diagnostics`,
        Diagnostics,
        workers.run({
          _tag: "Diagnose",
          assignment,
          model: base.model,
          policy: judged.policy,
          base: baseSource(base),
          problems: validation,
          samples: diagnostic_samples,
          temperature,
          seed: Seed.child(seed, "diagnostics"),
        }),
      ),
    ],
    { concurrency: "unbounded" },
  )
  return {
    candidate,
    divergedAt,
    validation: onValidation,
    sets: new Map(onSets),
    diagnostics,
  } satisfies Outcome
})

/** Judges all trained arms; each is kept in `outcomes` as soon as it is judged. */
export const judgeAll = Effect.fn("judgeAll")(function* (
  judging: Judge,
  sets: ReadonlyArray<TestSet>,
  validation: ReadonlyArray<Problem>,
  arms: ReadonlyArray<TrainedArm>,
  outcomes: Ref.Ref<ReadonlyArray<Outcome>>,
) {
  const progress = yield* Progress
  const { samples, validation_samples } = judging.experiment.evaluation
  const perArm =
    samples * sets.reduce((sum, { problems }) => sum + problems.length, 0) +
    validation_samples * validation.length
  yield* progress.stage("judging", "samples", arms.length * perArm, (advance) =>
    Effect.forEach(
      arms,
      ({ candidate, policy, divergedAt }) =>
        judge(
          judging,
          sets,
          validation,
          candidate,
          { name: candidate.name, policy },
          divergedAt,
          advance,
        ).pipe(Effect.flatMap((outcome) => Ref.update(outcomes, (all) => [...all, outcome]))),
      { concurrency: "unbounded", discard: true },
    ),
  )
})
