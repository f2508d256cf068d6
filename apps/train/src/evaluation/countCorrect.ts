/**
 * How often a policy solves each problem: n samples a problem, judged; the raw material of pass@k.
 */
import type { Seed } from "@rapo/distributions"
import { Schema } from "effect"
import type { Parameters } from "../model/Parameters.ts"
import { type Setting, collectRollouts } from "../rollout/collect.ts"
import type { Problem } from "../tasks/Task.ts"

/** Counts of one problem. */
export const ProblemCount = Schema.Struct({
  id: Schema.String,
  /** n. */
  samples: Schema.Int,
  /** c. */
  correct: Schema.Int,
  legal: Schema.Int,
  /** Tokens of all samples, `<eos>` included. */
  tokens: Schema.Int,
})
/** See the value of the same name. */
export type ProblemCount = (typeof ProblemCount)["Type"]

/** Sequences that are sampled side by side: enough to fill the vector units, few enough to stay in the cache. */
export const sequencesAtOnce = 1024

/** Counts for each problem, in order. `onSamples` hears of every finished batch. */
export const countCorrect = (
  setting: Setting,
  parameters: Parameters,
  problems: ReadonlyArray<Problem>,
  samples: number,
  temperature: number,
  seed: Seed.Seed,
  onSamples: (count: number) => void,
): ReadonlyArray<ProblemCount> => {
  const atOnce = Math.max(1, Math.floor(sequencesAtOnce / samples))
  return Array.from({ length: Math.ceil(problems.length / atOnce) }, (_, i) =>
    problems.slice(i * atOnce, (i + 1) * atOnce),
  ).flatMap((part) => {
    const { rewards, isLegal, responses } = collectRollouts(
      setting,
      parameters,
      part,
      samples,
      temperature,
      seed,
    )
    onSamples(responses.length)
    return part.map(({ id }, p): ProblemCount => {
      const own = <A>(values: ReadonlyArray<A>): ReadonlyArray<A> =>
        values.slice(p * samples, (p + 1) * samples)
      return {
        id,
        samples,
        correct: own(rewards).reduce((a, b) => a + b, 0),
        legal: own(isLegal).filter(Boolean).length,
        tokens: own(responses).reduce((sum, { length }) => sum + length, 0),
      }
    })
  })
}
