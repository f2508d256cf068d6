/**
 * Rollouts in portions: which problems are sampled together, and the portions joined.
 *
 *     problems = portion₁ ∪ … ∪ portion_n        rollouts(problems) = rollouts(portion₁) ∪ … ∪ rollouts(portion_n)
 *
 * A response's random numbers are its own, so the portions' responses are the whole's, up to the rounding of differently padded
 * prompts. Because rounding could turn a draw, the experiment says how problems are portioned (`sampling_batch`), and not the
 * number of workers.
 *
 * Laws (tests): portions, joined, are the problems, in order; each has at most the asked number of responses, or one group.
 */
import type { Seed } from "@rapo/distributions"
import type { Parameters } from "../model/Parameters.ts"
import type { Problem } from "../tasks/Task.ts"
import { type Rollouts, type Setting, collectRollouts } from "./collect.ts"

// constructors

/** Problems in portions of at most `most` responses in whole groups; absent, all in one. **Domain** most ≥ 1. */
export const portionsOf = <A>(
  problems: ReadonlyArray<A>,
  groupSize: number,
  most: number = Infinity,
): ReadonlyArray<ReadonlyArray<A>> => {
  const size = Math.min(problems.length, Math.max(1, Math.floor(most / groupSize)))
  return Array.from({ length: portionCount(problems.length, groupSize, most) }, (_, i) =>
    problems.slice(i * size, (i + 1) * size),
  )
}

/** How many portions `portionsOf` makes of so many problems. */
export const portionCount = (problems: number, groupSize: number, most: number = Infinity): number =>
  problems === 0 ? 0 : Math.ceil(problems / Math.min(problems, Math.max(1, Math.floor(most / groupSize))))

// combinators

/** The rollouts of portions as those of all their problems. */
export const joinRollouts = (portions: ReadonlyArray<Rollouts>): Rollouts => {
  const [first] = portions
  if (first === undefined) throw new Error("bug: a step has a problem")
  if (portions.length === 1) return first
  return {
    batch: { ...first.batch, prompts: portions.flatMap(({ batch }) => batch.prompts) },
    responses: portions.flatMap(({ responses }) => responses),
    rewards: portions.flatMap(({ rewards }) => rewards),
    isLegal: portions.flatMap(({ isLegal }) => isLegal),
  }
}

/** `collectRollouts`, portion after portion. */
export const collectInPortions = (
  setting: Setting,
  parameters: Parameters,
  problems: ReadonlyArray<Problem>,
  groupSize: number,
  temperature: number,
  seed: Seed.Seed,
  most: number | undefined,
): Rollouts =>
  joinRollouts(
    portionsOf(problems, groupSize, most).map((portion) =>
      collectRollouts(setting, parameters, portion, groupSize, temperature, seed),
    ),
  )
