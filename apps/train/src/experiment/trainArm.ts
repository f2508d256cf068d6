/**
 * Trains one arm on a worker or a team of them, records its steps and keeps its policy; what was done before is gone on from.
 *
 *     finished → its policy, from its folder;     begun → on from its save;     else → from the base
 */
import { Seed } from "@rapo/distributions"
import { Effect, FileSystem, Path, Schema } from "effect"
import { type Advance, Progress } from "../cli/Progress.ts"
import { RunFolderError } from "../errors.ts"
import { inSharedMemory } from "../model/checkpoint/read.ts"
import { readAdapter } from "../model/lora/files.ts"
import type { Problem } from "../tasks/Task.ts"
import { loraOf } from "../config/lora.ts"
import type { CommonExperiment } from "../config/tables.ts"
import { memoryOf } from "../training/Memory.ts"
import { optimiserOptions } from "../training/optimiserOptions.ts"
import { saveFile } from "../storage/saves.ts"
import { reinforceTogether } from "../team/reinforceTogether.ts"
import type { ArmOptions } from "../training/reinforce.ts"
import type { Assignment } from "../workers/Assignment.ts"
import type { Policy } from "../workers/Job.ts"
import { Workers } from "../workers/Workers.ts"
import type { Candidate } from "./arms.ts"
import { parametersOf } from "./base.ts"
import { baseSource } from "./judge.ts"
import { type Run, saveOwner } from "./openRun.ts"
import { policyFingerprint } from "./policyFingerprint.ts"

/** An arm with its trained policy. */
export interface TrainedArm {
  readonly candidate: Candidate
  readonly policy: Policy
  /** The step at which a number was not finite. */
  readonly divergedAt: number | undefined
}

/** What the journal says of a trained arm. */
const Trained = Schema.Struct({ divergedAt: Schema.NullOr(Schema.Int), sha256: Schema.String })

/** See the module header. `members` says how many workers train it; `advance` counts finished steps. */
export const trainArm = Effect.fn("trainArm")(function* (
  experiment: CommonExperiment,
  assignment: Assignment,
  run: Run,
  problems: ReadonlyArray<Problem>,
  candidate: Candidate,
  members: number,
  advance: Advance,
) {
  const path = yield* Path.Path
  const fs = yield* FileSystem.FileSystem
  const workers = yield* Workers
  const progress = yield* Progress
  const { folder, base, journal } = run
  const { name, label, objective } = candidate
  const options = armOptions(experiment)
  const target = path.join(folder.path, "checkpoints", name)
  const file = saveFile(path, folder.path, name)
  const from = run.saves.get(name)?.steps

  const train = Effect.gen(function* () {
    advance(from ?? 0, "before")
    const team = yield* workers.team(members)
    const diverged = yield* reinforceTogether(
      team,
      {
        assignment,
        model: base.model,
        base: parametersOf(base),
        objective,
        options,
        pool: problems,
        seed: Seed.child(Seed.fromInteger(experiment.seed), "training"),
      },
      {
        folder: target,
        baseName: base.folder,
        saves: { file, of: saveOwner(run, name), every: experiment.training.save_every },
        ...(from === undefined ? {} : { from }),
      },
      {
        onStep: (metrics) =>
          folder.record({ arm: name, ...metrics }).pipe(Effect.andThen(Effect.sync(() => advance(1)))),
        onUnsaved: ({ message }) => progress.say(`${label}: not saved, training goes on: ${message}`),
      },
    )
    if (diverged !== undefined)
      yield* progress.say(
        `${label} diverged at step ${diverged.step} (loss ${diverged.loss}, gradient norm ${diverged.gradientNorm}); its policy is the one before`,
      )
    return { divergedAt: diverged?.step ?? null, sha256: yield* policyFingerprint(target) }
  }).pipe(Effect.scoped)

  const named = `trained/${name}`
  const wasTrained = journal.has(named)
  const { divergedAt, sha256 } = yield* journal.once(named, Trained, train)
  if (wasTrained) {
    advance(options.schedule.steps, "before")
    if ((yield* policyFingerprint(target)) !== sha256)
      return yield* new RunFolderError({
        path: target,
        field: "sha256",
        problem: "is not the policy that this run left there",
        remedy: "Put it back, or delete the folder's line in finished.ndjson, and the arm is trained again.",
      })
  }
  yield* fs.remove(file).pipe(Effect.ignore)
  const own = { key: name }
  const policy: Policy =
    options.lora === undefined
      ? [{ ...own, source: { _tag: "Folder", folder: target } }]
      : [
          baseSource(base),
          {
            ...own,
            source: {
              _tag: "InMemory",
              parameters: inSharedMemory(yield* readAdapter(target, base.model.config)),
            },
          },
        ]
  return { candidate, policy, divergedAt: divergedAt ?? undefined } satisfies TrainedArm
})

const armOptions = ({ training, lora }: CommonExperiment): ArmOptions => ({
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
  lora: loraOf(lora),
})
