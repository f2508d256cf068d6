/**
 * What a run learns about one policy, before any statistics.
 */
import type { Diagnostics } from "../evaluation/diagnose.ts"
import type { ProblemCount } from "../evaluation/countCorrect.ts"
import type { Problem } from "../tasks/Task.ts"
import type { Candidate } from "./arms.ts"

/** A set of problems that policies are judged on. */
export interface TestSet {
  readonly set: string
  readonly title: string
  readonly description: string
  readonly problems: ReadonlyArray<Problem>
}

/** One policy, judged. `candidate` is undefined for the base. */
export interface Outcome {
  readonly candidate: Candidate | undefined
  readonly divergedAt: number | undefined
  readonly validation: ReadonlyArray<ProblemCount>
  /** By set name. */
  readonly sets: ReadonlyMap<string, ReadonlyArray<ProblemCount>>
  readonly diagnostics: Diagnostics
}
