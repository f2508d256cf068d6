/**
 * What the report of an evaluation adds to that of an experiment: every problem, and what changed from the first model
 * to the second. Finished numbers: nothing here computes.
 */
import type { Interval } from "../Interval.ts"
import type { Counts } from "../Support.ts"
import type { ReportData } from "./Model.ts"

// model

/**
 * One problem as one model solves it.
 *
 * @category models
 * @since 0.1.0
 */
export interface ProblemCell {
  readonly samples: number
  readonly correct: number
  /** The posterior of the problem's rate. */
  readonly rate: Interval
  /** Where answers were kept: how many different ones, and their entropy in nats. */
  readonly answers: number | undefined
  readonly entropy: number | undefined
}

/**
 * One problem, in each model: `cells[m]` belongs to `models[m]`.
 *
 * @category models
 * @since 0.1.0
 */
export interface ProblemRow {
  readonly id: string
  readonly cells: ReadonlyArray<ProblemCell>
}

/**
 * Support dynamics from the first model to the second.
 *
 * @category models
 * @since 0.1.0
 */
export interface SupportResult {
  readonly counts: Counts
  /** Name, meaning, value; undefined where the ratio has no denominator. */
  readonly ratios: ReadonlyArray<readonly [string, string, Interval | undefined]>
  readonly solved: ReadonlyArray<string>
  readonly lost: ReadonlyArray<string>
}

/**
 * A table of finished texts, the heading of each row first.
 *
 * @category models
 * @since 0.1.0
 */
export interface TextTable {
  readonly caption: string
  readonly head: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
}

/**
 * Everything that the report of an evaluation says: one model, or two beside each other.
 *
 * @category models
 * @since 0.1.0
 */
export interface EvaluationData {
  /** The curves, the models being arms; the front is not drawn. */
  readonly report: ReportData
  readonly models: ReadonlyArray<string>
  readonly problems: ReadonlyArray<ProblemRow>
  readonly support: SupportResult | undefined
  readonly tables: ReadonlyArray<TextTable>
}
