/**
 * The worker's side: does one job on this thread's engine.
 */
import { Schema } from "effect"
import { GeneratedExperiment } from "../config/GeneratedExperiment.ts"
import { countCorrect } from "../evaluation/countCorrect.ts"
import { diagnose } from "../evaluation/diagnose.ts"
import { loaded } from "../evaluate/local/modelAtHand.ts"
import { respond } from "../evaluate/local/respond.ts"
import type { HostParameters } from "../model/Checkpoint.ts"
import { toDevice } from "../model/DeviceParameters.ts"
import { type Parameters, disposeParameters } from "../model/Parameters.ts"
import { scoreSequences } from "../score/scoreSequences.ts"
import { makeBase } from "../training/makeBase.ts"
import { reinforce } from "../training/reinforce.ts"
import { makeReplica } from "../team/Replica.ts"
import { settingOf, taskNamed } from "./Assignment.ts"
import type { Answers, Job, Progress } from "./Job.ts"

/** This thread's place in a team. */
const replica = makeReplica()

/** Does the job; `tell` hears of its progress. */
export const perform = (job: Job, tell: (progress: Progress) => void): Answers[keyof Answers] => {
  switch (job._tag) {
    case "Pretrain": {
      const experiment = Schema.decodeUnknownSync(GeneratedExperiment)(job.experiment)
      return makeBase(experiment, taskNamed(experiment.task.name), job.steps, (step, loss) =>
        tell({ _tag: "PretrainStep", step, loss }),
      )
    }
    case "Reinforce":
      return reinforce(
        settingOf(job.assignment, job.checkpoint),
        job.objective,
        job.options,
        job.checkpoint.parameters,
        job.problems,
        job.seed,
        (metrics) => tell({ _tag: "ReinforceStep", metrics }),
      )
    case "Count":
      return withParameters([new Map([...job.checkpoint.parameters, ...job.policy])], ([policy]) =>
        countCorrect(
          settingOf(job.assignment, job.checkpoint),
          policy,
          job.problems,
          job.samples,
          job.temperature,
          job.seed,
          (count) => tell({ _tag: "Samples", count }),
        ),
      )
    case "Diagnose":
      return withParameters([job.policy, job.checkpoint.parameters], ([own, base]) =>
        diagnose(
          settingOf(job.assignment, job.checkpoint),
          { ...base, ...own },
          base,
          job.problems,
          job.samples,
          job.temperature,
          job.seed,
        ),
      )
    case "Respond":
      respond(job.request, (drawn) => tell({ _tag: "Responded", drawn }))
      return undefined
    case "Score": {
      const { config, parameters } = loaded(job.model)
      return scoreSequences(config, parameters, job.sequences)
    }
    case "Join":
    case "Collect":
    case "Recall":
    case "Differentiate":
    case "Contribute":
    case "Descend":
    case "MoveReference":
    case "Leave":
      return replica(job)
  }
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
