/**
 * What a run is about: which problems there are, what they are for, and how they are put to a model.
 *
 * All of it is known before a weight is read: a wrong path, or a tokenizer that does not fit, is named at once.
 */
import type { Effect } from "effect"
import type { ContentOf } from "../../storage/RunStart.ts"
import type { Splits } from "../../tasks/Problems.ts"
import type { Assignment } from "../../workers/Assignment.ts"
import type { Base } from "../base.ts"
import type { TestSet } from "../outcome.ts"

/** See the module header. */
export interface Course {
  readonly assignment: Assignment
  readonly splits: Splits
  /** The test sets, but for Hard, which the base decides on. */
  readonly sets: ReadonlyArray<TestSet>
  /** What Hard's problems are, in a sentence. */
  readonly hardDescription: string
  /** The files that the problems came from; none where a task generates them. */
  readonly files: ReadonlyArray<ContentOf>
  /** What the report says of the problems, name by name. */
  readonly settings: ReadonlyArray<readonly [string, string]>
}

/** A course, and how its base model is had. */
export interface Prospect<E, R> {
  readonly course: Course
  /** The base model that the experiment names; undefined where it is not there and can be made. */
  readonly givenBase: Effect.Effect<Base | undefined, E, R>
  /** Makes it, or goes on making it, in the run's folder. */
  readonly makeBase: (runFolder: string) => Effect.Effect<Base, E, R>
}
