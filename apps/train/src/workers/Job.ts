/**
 * What a worker thread can be asked to do, and what it answers: plain data, since it crosses a thread's border.
 */
import type { Objective } from "@rapo/rapo"
import type { Seed } from "@rapo/distributions"
import type { GeneratedExperiment } from "../config/GeneratedExperiment.ts"
import type { Diagnostics } from "../evaluation/diagnose.ts"
import type { ModelCopy } from "../evaluate/local/modelAtHand.ts"
import type { Drawn, RespondRequest } from "../evaluate/local/respond.ts"
import type { ProblemCount } from "../evaluation/countCorrect.ts"
import type { Checkpoint, HostParameters } from "../model/Checkpoint.ts"
import type { MemberAnswers, MemberJob } from "../team/MemberJob.ts"
import type { Scorable, Scored } from "../score/scoreSequences.ts"
import type { Problem } from "../tasks/Task.ts"
import type { MadeBase } from "../training/makeBase.ts"
import type { StepMetrics } from "../training/Judged.ts"
import type { ArmOptions, Reinforced } from "../training/reinforce.ts"
import type { Assignment } from "./Assignment.ts"

/** A model and what it is asked. */
interface About {
  readonly assignment: Assignment
  readonly checkpoint: Checkpoint
}

/** A policy as what differs from the checkpoint: nothing, an adapter's entries, or every parameter. */
type PolicyParameters = HostParameters

/** Work for one worker. */
export type Job =
  | {
      readonly _tag: "Pretrain"
      readonly experiment: typeof GeneratedExperiment.Encoded
      readonly steps: number
    }
  | (About & {
      readonly _tag: "Reinforce"
      readonly objective: Objective.Objective
      readonly options: ArmOptions
      readonly problems: ReadonlyArray<Problem>
      readonly seed: Seed.Seed
    })
  | (About & {
      readonly _tag: "Count"
      readonly policy: PolicyParameters
      readonly problems: ReadonlyArray<Problem>
      readonly samples: number
      readonly temperature: number
      readonly seed: Seed.Seed
    })
  | (About & {
      readonly _tag: "Diagnose"
      readonly policy: PolicyParameters
      readonly problems: ReadonlyArray<Problem>
      readonly samples: number
      readonly temperature: number
      readonly seed: Seed.Seed
    })
  | { readonly _tag: "Respond"; readonly request: RespondRequest }
  | { readonly _tag: "Score"; readonly model: ModelCopy; readonly sequences: ReadonlyArray<Scorable> }
  | MemberJob

/** The answer to each kind of job. */
export interface Answers extends MemberAnswers {
  readonly Pretrain: MadeBase
  readonly Reinforce: Reinforced
  readonly Count: ReadonlyArray<ProblemCount>
  readonly Diagnose: Diagnostics
  /** The samples have been told one by one. */
  readonly Respond: undefined
  readonly Score: ReadonlyArray<Scored>
}

/** What a worker tells while it works. */
export type Progress =
  | { readonly _tag: "PretrainStep"; readonly step: number; readonly loss: number }
  | { readonly _tag: "ReinforceStep"; readonly metrics: StepMetrics }
  | { readonly _tag: "Samples"; readonly count: number }
  | { readonly _tag: "Responded"; readonly drawn: Drawn }

/** What a worker is sent. Replies carry the number of the job that they are about. */
export interface ToWorker {
  readonly id: number
  readonly job: Job
}

/** What a worker sends. `Ready` (or `Unfit`) comes once, before any job. */
export type FromWorker =
  | { readonly _tag: "Ready" }
  | { readonly _tag: "Unfit"; readonly problem: string }
  | { readonly _tag: "Progress"; readonly id: number; readonly progress: Progress }
  | { readonly _tag: "Done"; readonly id: number; readonly answer: Answers[keyof Answers] }
  | { readonly _tag: "Failed"; readonly id: number; readonly problem: string }
