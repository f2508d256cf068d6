/**
 * The worker's side: does one job on this thread's engine.
 */
import { Effect, type FileSystem, type Path } from "effect"
import type { CheckpointError, RunFolderError } from "../errors.ts"
import { countCorrect } from "../evaluation/countCorrect.ts"
import { diagnose } from "../evaluation/diagnose.ts"
import { brought, loaded } from "../evaluate/local/modelAtHand.ts"
import { respond } from "../evaluate/local/respond.ts"
import { atHand, letGo } from "../model/checkpoint/atHand.ts"
import type { Parameters } from "../model/Parameters.ts"
import { scoreSequences } from "../score/scoreSequences.ts"
import { makeReplica } from "../team/Replica.ts"
import { settingOf } from "./Assignment.ts"
import type { Answers, Job, Progress } from "./Job.ts"

/** This thread's place in a team. */
const replica = makeReplica()

/** Does the job; `tell` hears of its progress. */
export const perform = (
  job: Job,
  tell: (progress: Progress) => void,
): Effect.Effect<
  Answers[keyof Answers],
  CheckpointError | RunFolderError,
  FileSystem.FileSystem | Path.Path
> => {
  switch (job._tag) {
    case "Count":
      return Effect.map(atHand(job.policy), (parts) =>
        countCorrect(
          settingOf(job.assignment, job.model),
          together(parts),
          job.problems,
          job.samples,
          job.temperature,
          job.seed,
          (count) => tell({ _tag: "Samples", count }),
        ),
      )
    case "Diagnose":
      return Effect.map(atHand([...job.policy, job.base]), (parts) =>
        diagnose(
          settingOf(job.assignment, job.model),
          together(parts.slice(0, -1)),
          together(parts.slice(-1)),
          job.problems,
          job.samples,
          job.temperature,
          job.seed,
        ),
      )
    case "Respond":
      return Effect.map(brought(job.request.model), () => {
        respond(loaded(job.request.model), job.request, (drawn) => tell({ _tag: "Responded", drawn }))
        return undefined
      })
    case "Score":
      return Effect.map(brought(job.model), () => {
        const { config, parameters } = loaded(job.model)
        return scoreSequences(config, parameters, job.sequences)
      })
    case "Join":
    case "Begin":
      return Effect.suspend(() => {
        letGo()
        return replica(job)
      })
    case "Pretrain":
    case "Step":
    case "Collect":
    case "Recall":
    case "Differentiate":
    case "Contribute":
    case "Descend":
    case "MoveReference":
    case "Save":
    case "Keep":
    case "Leave":
      return replica(job)
  }
}

/** A base and what stands beside it, as one model. */
const together = (parts: ReadonlyArray<Parameters>): Parameters => Object.assign({}, ...parts) as Parameters
