/**
 * What a run is about: which problems there are, what they are for, and how they are put to a model.
 *
 * What can be found out without the model is found out first (`Prospect`): a wrong path is named before gigabytes are read.
 */
import type { Effect } from "effect"
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
  /** What the report says of the problems, name by name. */
  readonly settings: ReadonlyArray<readonly [string, string]>
}

/** A course whose model is not known yet. */
export interface Prospect<E, R> {
  /** The base model; one that is made is kept in the folder `keep`. */
  readonly obtainBase: (keep: string) => Effect.Effect<Base, E, R>
  /** The course with this base. */
  readonly courseWith: (base: Base) => Effect.Effect<Course, E, R>
}
