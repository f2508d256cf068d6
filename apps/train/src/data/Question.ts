/**
 * A problem that a model is asked, with its reference answer.
 */

/** Ids are distinct within a set, and so are problems. */
export interface Question {
  readonly id: string
  readonly problem: string
  readonly answer: string
}

/** What two wordings of a problem have in common that differ in white space only. */
export const problemKey = (problem: string): string => problem.trim().split(/\s+/u).join(" ")
