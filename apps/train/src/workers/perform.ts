/**
 * The worker's side: does one job on this thread's engine.
 */
import { Schema } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { Experiment } from "../config/Experiment.ts"
import { countCorrect } from "../evaluation/countCorrect.ts"
import { diagnose } from "../evaluation/diagnose.ts"
import { respond } from "../evaluate/local/respond.ts"
import type { Checkpoint, HostParameters } from "../model/Checkpoint.ts"
import { toDevice } from "../model/DeviceParameters.ts"
import { type Parameters, disposeParameters } from "../model/Parameters.ts"
import { textCodec } from "../model/TextCodec.ts"
import type { Setting } from "../rollout/collect.ts"
import { taskByName } from "../tasks/Registry.ts"
import type { Task } from "../tasks/Task.ts"
import { makeBase } from "../training/makeBase.ts"
import { reinforce } from "../training/reinforce.ts"
import type { Answers, Job, Progress } from "./Job.ts"

/** Does the job; `tell` hears of its progress. */
export const perform = (job: Job, tell: (progress: Progress) => void): Answers[keyof Answers] => {
  switch (job._tag) {
    case "Pretrain": {
      const experiment = Schema.decodeUnknownSync(Experiment)(job.experiment)
      return makeBase(experiment, taskNamed(experiment.task.name), job.steps, (step, loss) =>
        tell({ _tag: "PretrainStep", step, loss }),
      )
    }
    case "Reinforce":
      return reinforce(
        settingOf(job.taskName, job.checkpoint),
        job.objective,
        job.options,
        job.checkpoint.parameters,
        job.problems,
        job.seed,
        (metrics) => tell({ _tag: "ReinforceStep", metrics }),
      )
    case "Count":
      return withParameters([job.policy], ([policy]) =>
        countCorrect(
          settingOf(job.taskName, job.checkpoint),
          policy,
          job.problems,
          job.samples,
          job.temperature,
          job.seed,
          (count) => tell({ _tag: "Samples", count }),
        ),
      )
    case "Diagnose":
      return withParameters([job.policy, job.checkpoint.parameters], ([policy, base]) =>
        diagnose(
          settingOf(job.taskName, job.checkpoint),
          policy,
          base,
          job.problems,
          job.samples,
          job.temperature,
          job.seed,
        ),
      )
    case "Respond":
      respond(job.request, (sample) => tell({ _tag: "Responded", sample }))
      return undefined
  }
}

// Main has checked both before it sent the job.
const taskNamed = (name: string): Task => {
  const task = taskByName(name)
  if (isLeft(task)) throw new Error(`bug: no task ${name}`)
  return task.right
}

const settingOf = (taskName: string, { config, tokenizerJson, tokenizerConfig }: Checkpoint): Setting => {
  const codec = textCodec(tokenizerJson, tokenizerConfig)
  if (isLeft(codec)) throw new Error(`bug: ${codec.left.problem}`)
  return { config, codec: codec.right, task: taskNamed(taskName) }
}

const withParameters = <const P extends ReadonlyArray<HostParameters>, A>(
  host: P,
  f: (device: { readonly [K in keyof P]: Parameters }) => A,
): A => {
  const device = host.map(toDevice)
  try {
    return f(device as unknown as { readonly [K in keyof P]: Parameters })
  } finally {
    device.forEach(disposeParameters)
  }
}
