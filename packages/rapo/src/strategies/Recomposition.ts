/**
 * Recomposition: responses that teach to be right and brief come first, and the rest are made up for later.
 *
 *     priority      = the shorter of the right responses, and the longer of the wrong ones
 *     compensation  = all others, kept in a replay buffer for a batch of their own now and then
 *
 * Within a group of c right and w wrong responses the ⌈share·c⌉ shortest and the ⌈share·w⌉ longest have priority. Advantages
 * belong to the whole group and are computed before it is divided: otherwise short right answers would be
 * compared with long wrong ones alone. Compensation is trained on later, by a newer policy: with the stored log-probabilities as
 * ln π_old, the objective's ratio is one to the policy that sampled it.
 *
 * | default | value | from |
 * |---|---|---|
 * | what has priority | short right, long wrong | [paper], abstract |
 * | share | 0.5 | [ours]; not found |
 * | a compensation batch every | 4 steps | [ours]; the paper's schedule was not found |
 * | lengths that are equal | in order of sampling | [ours] |
 *
 * Laws (`StrategyLaws`): a partition of the group's positions; in priority no right response is longer, and no wrong one shorter,
 * than one left out; share 1 leaves nothing to compensate.
 *
 * Source: RoRecomp, arXiv 2509.25958, abstract.
 */
import * as Ranking from "../internal/ranking.ts"
import type { JudgedGroup } from "./JudgedGroup.ts"
import { isRight } from "./JudgedGroup.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export interface Config {
  /** Of the right, and of the wrong responses: how many have priority, in (0, 1]. */
  readonly share: number
  /** Every so many steps the batch is a compensation batch. */
  readonly compensationEvery: number
}

/**
 * Positions g of a group's responses, ascending; each is in one of the two.
 *
 * @category models
 * @since 0.1.0
 */
export interface Recomposed {
  readonly priority: ReadonlyArray<number>
  readonly compensation: ReadonlyArray<number>
}

/**
 * @category constants
 * @since 0.1.0
 */
export const defaults: Config = { share: 0.5, compensationEvery: 4 }

// combinators

/**
 * A group's responses, divided.
 *
 * ```ts import.meta.vitest
 * import { Recomposition } from "@rapo/rapo"
 * const member = (reward: number, length: number) => ({ response: "", reward, length })
 * const group = { id: "p", members: [member(1, 9), member(1, 3), member(0, 2), member(0, 8)] }
 * Recomposition.recompose(Recomposition.defaults)(group) // => { priority: [1, 3], compensation: [0, 2] }
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const recompose =
  ({ share }: Pick<Config, "share">) =>
  <R>({ members }: JudgedGroup<R>): Recomposed => {
    const positions = [...members.keys()]
    const wasRight = members.map(isRight)
    const chosen = (among: ReadonlyArray<number>, sign: number): ReadonlyArray<number> =>
      Ranking.largest(
        among.map((g) => sign * (members[g]?.length ?? NaN)),
        Math.ceil(share * among.length),
      ).flatMap((i) => among.slice(i, i + 1))
    const priority = new Set([
      ...chosen(
        positions.filter((g) => wasRight[g] === true),
        -1,
      ),
      ...chosen(
        positions.filter((g) => wasRight[g] !== true),
        1,
      ),
    ])
    return {
      priority: positions.filter((g) => priority.has(g)),
      compensation: positions.filter((g) => !priority.has(g)),
    }
  }

/**
 * What a step, counted from 0, trains on.
 *
 * ```ts import.meta.vitest
 * import { Recomposition } from "@rapo/rapo"
 * Recomposition.turn(Recomposition.defaults)(2) // => "Priority"
 * Recomposition.turn(Recomposition.defaults)(3) // => "Compensation"
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const turn =
  ({ compensationEvery }: Pick<Config, "compensationEvery">) =>
  (step: number): "Priority" | "Compensation" =>
    (step + 1) % compensationEvery === 0 ? "Compensation" : "Priority"
