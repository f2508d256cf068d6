/**
 * The different answers of a problem's samples: what a majority votes on.
 *
 * All correct ones are one answer, however they are written; wrong ones are told apart by their value (`joinAnswers`).
 */
import type { Majority } from "@rapo/eval"
import type { Accumulated } from "./Accumulated.ts"
import { joinAnswers } from "./joinAnswers.ts"

// constructors

/** The votes for each answer; samples without one have none. */
export const votesOf = ({ answers, verdicts }: Accumulated): ReadonlyArray<Majority.Votes> => [
  ...(verdicts.Correct === 0 ? [] : [{ count: verdicts.Correct, correct: true }]),
  ...[...joinAnswers(answers).values()].map((count) => ({ count, correct: false })),
]

// destructors

/** -Σ p ln p over the answers, in nats. */
export const entropyOf = (votes: ReadonlyArray<Majority.Votes>): number => {
  const total = votes.reduce((sum, { count }) => sum + count, 0)
  return Math.max(0, -votes.reduce((sum, { count }) => sum + (count / total) * Math.log(count / total), 0))
}
