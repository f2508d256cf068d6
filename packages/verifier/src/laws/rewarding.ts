/**
 * The laws of rewards.
 */
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as Reward from "../Reward.ts"

/** A sum of a handful of products rounds in the last few bits. */
const closeTo = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-12 * (1 + Math.abs(a) + Math.abs(b))

/** weighted([...a, ...b]) = weighted(a) + weighted(b), and a factor comes out. */
export const weightedIsLinear = (
  a: ReadonlyArray<readonly [number, number]>,
  b: ReadonlyArray<readonly [number, number]>,
  factor: number,
): boolean => {
  const value = (parts: ReadonlyArray<readonly [number, number]>): number =>
    Reward.weighted(parts.map(([weight, worth]) => [weight, () => worth] as const))(undefined)
  return (
    closeTo(value([...a, ...b]), value(a) + value(b)) &&
    closeTo(value(a.map(([weight, worth]) => [factor * weight, worth])), factor * value(a)) &&
    value([]) === 0
  )
}

/** A form is kept or not. */
export const formIsZeroOrOne = (response: string): boolean =>
  [Reward.oneBox(response), Reward.thinkThenAnswer(response)].every((worth) => worth === 0 || worth === 1)

/** What stands around a box, without a brace or a backslash, changes nothing. */
export const proseKeepsOneBox = (before: string, response: string, after: string): boolean =>
  /[\\{}]/.test(before + after) || Reward.oneBox(before + response + after) === Reward.oneBox(response)

/** 0 up to limit - buffer, -1 above the limit, and never larger for the longer of two responses. */
export const overlongFalls = (limit: number, buffer: number, a: number, b: number): boolean =>
  pipe(
    Reward.overlong(limit, buffer),
    E.fold(
      () => !(buffer > 0 && buffer <= limit),
      (reward) => {
        const [short, long] = [reward(Math.min(a, b)), reward(Math.max(a, b))]
        return (
          -1 <= long &&
          long <= short &&
          short <= 0 &&
          reward(limit - buffer) === 0 &&
          reward(limit + 1) === -1
        )
      },
    ),
  )

/** From `short` to `long` without turning back, and exactly both at the ends. */
export const cosineIsMonotone = (limit: number, short: number, long: number, a: number, b: number): boolean =>
  pipe(
    Reward.cosine(limit, { short, long }),
    E.fold(
      () => !(limit > 0),
      (reward) => {
        const step = reward(Math.max(a, b)) - reward(Math.min(a, b))
        return (
          reward(0) === short && reward(limit) === long && (closeTo(step, 0) || step > 0 === long - short > 0)
        )
      },
    ),
  )
