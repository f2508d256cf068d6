/**
 * What a worker thread can be asked to do, and what it answers: plain data, since it crosses a thread's border.
 */
import type { Seed } from "@rapo/distributions"
import type { Diagnostics } from "../evaluation/diagnose.ts"
import type { ModelCopy } from "../evaluate/local/modelAtHand.ts"
import type { Drawn, RespondRequest } from "../evaluate/local/respond.ts"
import type { ProblemCount } from "../evaluation/countCorrect.ts"
import type { Details } from "../errors.ts"
import type { ModelDescription } from "../model/Checkpoint.ts"
import type { KeyedSource } from "../model/checkpoint/atHand.ts"
import type { MemberAnswers, MemberJob } from "../team/MemberJob.ts"
import type { Scorable, Scored } from "../score/scoreSequences.ts"
import type { Problem } from "../tasks/Task.ts"
import type { Assignment } from "./Assignment.ts"

/** A model and what it is asked. */
interface About {
  readonly assignment: Assignment
  readonly model: ModelDescription
}

/** A policy: a whole model, or a base and an adapter's entries. */
export type Policy = readonly [KeyedSource, ...ReadonlyArray<KeyedSource>]

/** Work for one worker. */
export type Job =
  | (About & {
      readonly _tag: "Count"
      readonly policy: Policy
      readonly problems: ReadonlyArray<Problem>
      readonly samples: number
      readonly temperature: number
      readonly seed: Seed.Seed
    })
  | (About & {
      readonly _tag: "Diagnose"
      readonly policy: Policy
      readonly base: KeyedSource
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
  readonly Count: ReadonlyArray<ProblemCount>
  readonly Diagnose: Diagnostics
  /** The samples have been told one by one. */
  readonly Respond: undefined
  readonly Score: ReadonlyArray<Scored>
}

/** What a worker tells while it works. */
export type Progress =
  { readonly _tag: "Samples"; readonly count: number } | { readonly _tag: "Responded"; readonly drawn: Drawn }

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
  | { readonly _tag: "Failed"; readonly id: number; readonly problem: string; readonly refusal?: Details }
