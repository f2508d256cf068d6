/**
 * Trains one arm on a worker or a team of them, records its steps and keeps its policy.
 */
import { Seed } from "@rapo/distributions"
import { type Cause, Effect, Fiber, Path, Queue, Stream } from "effect"
import { Progress } from "../cli/Progress.ts"
import { inSharedMemory } from "../model/checkpoint/read.ts"
import { writeCheckpoint } from "../model/Checkpoint.ts"
import { writeAdapter } from "../model/lora/files.ts"
import type { RunFolder } from "../storage/RunFolder.ts"
import type { Problem } from "../tasks/Task.ts"
import { loraOf } from "../config/lora.ts"
import type { CommonExperiment } from "../config/tables.ts"
import { memoryOf } from "../training/Memory.ts"
import { optimiserOptions } from "../training/optimiserOptions.ts"
import { reinforceTogether } from "../team/reinforceTogether.ts"
import type { StepMetrics } from "../training/Judged.ts"
import type { ArmOptions, Reinforced } from "../training/reinforce.ts"
import type { Assignment } from "../workers/Assignment.ts"
import { Workers } from "../workers/Workers.ts"
import type { Candidate } from "./arms.ts"
import type { Base } from "./base.ts"

/** An arm with its trained policy. */
export interface TrainedArm {
  readonly candidate: Candidate
  readonly reinforced: Reinforced
}

/** See the module header. `members` says how many workers train it; `advance` counts finished steps. */
export const trainArm = Effect.fn("trainArm")(function* (
  experiment: CommonExperiment,
  assignment: Assignment,
  base: Base,
  problems: ReadonlyArray<Problem>,
  folder: RunFolder,
  candidate: Candidate,
  members: number,
  advance: (steps: number) => void,
) {
  const path = yield* Path.Path
  const workers = yield* Workers
  const progress = yield* Progress
  const { training } = experiment
  const lora = loraOf(experiment.lora)
  const options: ArmOptions = {
    optimiser: optimiserOptions(training),
    schedule: {
      learningRate: training.learning_rate,
      warmupSteps: training.warmup_steps,
      steps: training.steps,
      finalFraction: 1,
    },
    groupSize: training.group_size,
    temperature: training.temperature,
    updatesPerBatch: training.updates_per_batch,
    promptsPerStep: training.prompts_per_step,
    memory: memoryOf(training),
    lora,
  }
  const seed = Seed.child(Seed.fromInteger(experiment.seed), "training")
  // Steps arrive from the worker's thread by callback; a fiber writes them in order.
  const steps = yield* Queue.unbounded<StepMetrics, Cause.Done>()
  const onStep = (metrics: StepMetrics): void => {
    advance(1)
    Queue.offerUnsafe(steps, metrics)
  }
  const reinforced = yield* Effect.scoped(
    Effect.gen(function* () {
      const recorder = yield* Effect.forkScoped(
        Stream.fromQueue(steps).pipe(
          Stream.runForEach((metrics) => folder.record({ arm: candidate.name, ...metrics })),
        ),
      )
      const done = yield* members === 1
        ? workers.run(
            {
              _tag: "Reinforce",
              assignment,
              checkpoint: base.checkpoint,
              objective: candidate.objective,
              options,
              problems,
              seed,
            },
            (told) => {
              if (told._tag === "ReinforceStep") onStep(told.metrics)
            },
          )
        : Effect.flatMap(workers.team(members), (team) =>
            reinforceTogether(
              team,
              assignment,
              base.checkpoint,
              candidate.objective,
              options,
              problems,
              seed,
              onStep,
            ),
          )
      // Everything told before the answer is written before it is used.
      yield* Queue.end(steps)
      yield* Fiber.join(recorder)
      return done
    }),
  )
  if (reinforced.diverged !== undefined)
    yield* progress.say(
      `${candidate.label} diverged at step ${reinforced.diverged.step} (loss ${reinforced.diverged.loss}); its policy is the one before`,
    )
  const { parameters } = reinforced
  const target = path.join(folder.path, "checkpoints", candidate.name)
  yield* lora === undefined
    ? writeCheckpoint(target, { ...base.checkpoint, parameters })
    : writeAdapter(target, parameters, lora, base.folder)
  // From here on it goes to many jobs: once for all.
  const shared = { ...reinforced, parameters: inSharedMemory(parameters) }
  return { candidate, reinforced: shared } satisfies TrainedArm
})
