/**
 * What is kept of the samples of a problem while they pass by: counts, answers, lengths; no texts.
 */
import type { Majority } from "@rapo/eval"
import type { StoredSample } from "../EvaluationRecord.ts"

// model

/** The samples of one problem, so far. Filled in place: a run has a million of them. */
export interface Accumulated {
  readonly id: string
  readonly answers: Map<string, number>
  readonly verdicts: Record<StoredSample["verdict"], number>
  readonly finish: Record<StoredSample["finish"], number>
  samples: number
  characters: number
  /** NaN once a sample does not know them. */
  tokens: number
  promptTokens: number
}

// constructors

/** No samples yet. */
export const nothing = (id: string): Accumulated => ({
  id,
  answers: new Map(),
  verdicts: { Correct: 0, Wrong: 0, Unparseable: 0, TimedOut: 0 },
  finish: { stop: 0, length: 0, other: 0 },
  samples: 0,
  characters: 0,
  tokens: 0,
  promptTokens: 0,
})

/** One more sample, added in place. */
export const add = (self: Accumulated, sample: StoredSample): void => {
  self.samples++
  self.characters += sample.text.length
  self.tokens += sample.tokens ?? Number.NaN
  self.promptTokens += sample.promptTokens ?? Number.NaN
  self.verdicts[sample.verdict]++
  self.finish[sample.finish]++
  const name = nameOf(sample)
  if (name !== undefined) self.answers.set(name, (self.answers.get(name) ?? 0) + 1)
}

// destructors

/**
 * The votes for each answer. All correct ones are one answer, however they are written; wrong ones are told apart by
 * their text, so that a wrong value in two spellings has two smaller votes.
 */
export const votesOf = ({ answers }: Accumulated): ReadonlyArray<Majority.Votes> =>
  [...answers].map(([name, count]) => ({ count, correct: name === right }))

/** -Σ p ln p over the answers, in nats. */
export const answerEntropy = ({ answers }: Accumulated): number => {
  const counts = [...answers.values()]
  const total = counts.reduce((sum, count) => sum + count, 0)
  return Math.max(0, -counts.reduce((sum, count) => sum + (count / total) * Math.log(count / total), 0))
}

// numerics

/** No text of an answer begins so. */
const right = "\u0000correct"

const nameOf = ({ verdict, answer }: StoredSample): string | undefined =>
  verdict === "Correct" ? right : (answer?.trim() ?? undefined)
