/**
 * What is kept of the samples of a problem while they pass by: counts, answers, lengths, and the beginnings of the first texts.
 */
import type { StoredSample } from "../EvaluationRecord.ts"

// constants

/**
 * Texts of a problem that are compared with each other, and how many characters of each (some 250 words). More would not change a mean over
 * problems by much, and a run has a million texts.
 */
export const keptTexts = 16
/** See `keptTexts`. */
export const keptCharacters = 1500

// model

/** The samples of one problem, so far. Filled in place: a run has a million of them. */
export interface Accumulated {
  readonly id: string
  /** Samples by the text of their answer; correct ones are not among them. */
  readonly answers: Map<string, number>
  /** Of the first samples. */
  readonly texts: Array<string>
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
  texts: [],
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
  if (self.texts.length < keptTexts) self.texts.push(sample.text.slice(0, keptCharacters))
  const answer = sample.verdict === "Correct" ? undefined : sample.answer?.trim()
  if (answer !== undefined) self.answers.set(answer, (self.answers.get(answer) ?? 0) + 1)
}
