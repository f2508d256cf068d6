/**
 * Judges policies on problems: counts on every set, and diagnostics. The work is split among the workers.
 *
 * All policies draw their samples from the same seeds (common random numbers), so that differences between policies
 * are differences of policies.
 */
import { Seed } from "@rapo/distributions"
import { Effect, Ref } from "effect"
import { Progress } from "../cli/Progress.ts"
import type { CommonExperiment } from "../config/tables.ts"
import type { WorkerError } from "../errors.ts"
import type { ProblemCount } from "../evaluation/countCorrect.ts"
import type { Checkpoint, HostParameters } from "../model/Checkpoint.ts"
import type { Problem } from "../tasks/Task.ts"
import type { Assignment } from "../workers/Assignment.ts"
import { Workers } from "../workers/Workers.ts"
import type { Candidate } from "./arms.ts"
import type { Outcome, TestSet } from "./outcome.ts"
import type { TrainedArm } from "./trainArm.ts"

/** What is the same for every policy that is judged. */
export interface Judge {
  readonly experiment: CommonExperiment
  readonly assignment: Assignment
  readonly base: Checkpoint
  readonly seed: Seed.Seed
  /** Counts for each problem, in order; `draw` names the random numbers. */
  readonly count: (
    policy: HostParameters,
    problems: ReadonlyArray<Problem>,
    samples: number,
    draw: string,
    advance: (samples: number) => void,
  ) => Effect.Effect<ReadonlyArray<ProblemCount>, WorkerError, Workers>
}

/** Problems of one job: small enough that the workers finish together. */
const problemsPerJob = 16

/** See `Judge`. */
export const makeJudge = (
  experiment: CommonExperiment,
  assignment: Assignment,
  base: Checkpoint,
  seed: Seed.Seed,
): Judge => ({
  experiment,
  assignment,
  base,
  seed,
  count: Effect.fnUntraced(function* (policy, problems, samples, draw, advance) {
    const workers = yield* Workers
    const parts = Array.from({ length: Math.ceil(problems.length / problemsPerJob) }, (_, i) =>
      problems.slice(i * problemsPerJob, (i + 1) * problemsPerJob),
    )
    const counts = yield* Effect.forEach(
      parts,
      (part) =>
        workers.run(
          {
            _tag: "Count",
            assignment,
            checkpoint: base,
            policy,
            problems: part,
            samples,
            temperature: experiment.evaluation.temperature,
            seed: Seed.child(seed, draw),
          },
          (told) => {
            if (told._tag === "Samples") advance(told.count)
          },
        ),
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
  policy: HostParameters,
  divergedAt: number | undefined,
  advance: (samples: number) => void = () => undefined,
) {
  const { experiment, assignment, base, seed } = judging
  const { samples, validation_samples, diagnostic_samples, temperature } = experiment.evaluation
  const workers = yield* Workers
  const [onValidation, onSets, diagnostics] = yield* Effect.all(
    [
      judging.count(policy, validation, validation_samples, "validation", advance),
      Effect.forEach(
        sets,
        ({ set, problems }) =>
          judging
            .count(policy, problems, samples, "evaluation", advance)
            .pipe(Effect.map((counts) => [set, counts] as const)),
        { concurrency: "unbounded" },
      ),
      workers.run({
        _tag: "Diagnose",
        assignment,
        checkpoint: base,
        policy,
        problems: validation,
        samples: diagnostic_samples,
        temperature,
        seed: Seed.child(seed, "diagnostics"),
      }),
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
      ({ candidate, reinforced }) =>
        judge(
          judging,
          sets,
          validation,
          candidate,
          reinforced.parameters,
          reinforced.diverged?.step,
          advance,
        ).pipe(Effect.flatMap((outcome) => Ref.update(outcomes, (all) => [...all, outcome]))),
      { concurrency: "unbounded", discard: true },
    ),
  )
})
