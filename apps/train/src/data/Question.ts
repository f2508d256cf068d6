/**
 * A problem that a model is asked, with its reference answer.
 */

/** Ids are distinct within a set. */
export interface Question {
  readonly id: string
  readonly problem: string
  readonly answer: string
}
