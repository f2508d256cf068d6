/**
 * Rewards on top of verdicts, as small functions that add up.
 *
 *     R(response) = Σ_i w_i R_i(response)
 *
 * A `Reward<A>` is a function from what is judged to a number. Three families say what RLVR rewards: whether the answer is right
 * (`Verdict` to number), whether the response has the form that was asked for (text to number), and how long it is (length
 * to number). `contramap` lets each look at its part, `weighted` adds them, `gated` gives one only where another condition
 * holds. Nothing is clipped or normalised behind your back: the range of a sum is the sum of the ranges.
 *
 * Laws (`laws/rewarding.ts`)
 * 1. `weighted` is linear: its value is Σ w_i R_i, and `weighted([])` is 0.
 * 2. The form is 0 or 1, and surrounding prose without a box does not change `oneBox`.
 * 3. `overlong` is 0, then falls linearly, then is -1: nonincreasing, within [-1, 0].
 * 4. `cosine` goes monotonically from its first value to its second.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { boxes } from "./extract/boxes.ts"
import * as Verdict from "./Verdict.ts"

// model

/**
 * What something is worth.
 *
 * @category models
 * @since 0.2.0
 */
export type Reward<A> = (judged: A) => number

/**
 * Lengths that make no shape: each must be a finite number, `buffer` above 0 and at most `limit`.
 *
 * @category models
 */
export interface InvalidLength {
  readonly _tag: "InvalidLength"
  readonly name: "limit" | "buffer"
  readonly value: number
}

/** @category models */
export type RewardError = InvalidLength

// constructors

/**
 * 1 for a right answer, 0 for everything else: an answer that could not be read earns nothing, and neither does one that
 * could not be compared.
 *
 * ```ts import.meta.vitest
 * import { Reward, Verify } from "@rapo/verifier"
 * Reward.correctness(Verify.verify("1/2", "\\boxed{0.5}")) // => 1
 * Reward.correctness(Verify.verify("1/2", "I do not know.")) // => 0
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const correctness: Reward<Verdict.Verdict> = (verdict) => (Verdict.isCorrect(verdict) ? 1 : 0)

/**
 * 1 for a right answer, -1 for everything else, as in DAPO.
 *
 * **Source** Yu et al. (2025), section 2.4, arXiv 2503.14476.
 *
 * ```ts import.meta.vitest
 * import { Reward, Verify } from "@rapo/verifier"
 * Reward.signedCorrectness(Verify.verify("1/2", "\\boxed{0.4}")) // => -1
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const signedCorrectness: Reward<Verdict.Verdict> = (verdict) => 2 * correctness(verdict) - 1

/**
 * 1 if the response boxes its answer exactly once, and closes the box; 0 otherwise. Two boxes let a model hedge; empty ones
 * do not count, they are quotations of the task.
 *
 * ```ts import.meta.vitest
 * import { Reward } from "@rapo/verifier"
 * Reward.oneBox("so \\boxed{\\frac{1}{2}}") // => 1
 * Reward.oneBox("\\boxed{1} or \\boxed{2}") // => 0
 * Reward.oneBox("\\boxed{1") // => 0
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const oneBox: Reward<string> = (response) => {
  const found = boxes(response)
  return found.closed === 1 && found.unclosed === 0 ? 1 : 0
}

/**
 * 1 if the response is its thoughts and then its answer, each once in its tags and nothing but white space around; 0
 * otherwise.
 *
 *     <think> … </think> <answer> … </answer>
 *
 * **Source** the format of DeepSeek-R1-Zero, DeepSeek-AI (2025), table 1, arXiv 2501.12948; that each tag occurs once is ours.
 *
 * ```ts import.meta.vitest
 * import { Reward } from "@rapo/verifier"
 * Reward.thinkThenAnswer("<think>1 + 1</think>\n<answer>2</answer>") // => 1
 * Reward.thinkThenAnswer("<think>1 + 1</think> It is 2.") // => 0
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const thinkThenAnswer: Reward<string> = (response) => {
  const [before, afterThink, ...thinks] = response.split("<think>")
  const [, middleOn, ...ends] = (afterThink ?? "").split("</think>")
  const [middle, afterAnswer, ...answers] = (middleOn ?? "").split("<answer>")
  const [, after, ...closings] = (afterAnswer ?? "").split("</answer>")
  const [outside, once] = [
    [before, middle, after],
    [thinks, ends, answers, closings].every((more) => more.length === 0),
  ]
  return once && outside.every((text) => text !== undefined && text.trim() === "") ? 1 : 0
}

/**
 * The soft punishment of responses that come close to the limit of their length.
 *
 *     0                              |y| <= limit - buffer
 *     (limit - buffer - |y|)/buffer  limit - buffer < |y| <= limit
 *     -1                             limit < |y|
 *
 * **Units** tokens, or whatever both are counted in.
 * **Fails with** `InvalidLength` unless 0 < buffer <= limit < ∞.
 * **Source** DAPO, Yu et al. (2025), equation 13, arXiv 2503.14476, with limit 20480 and buffer 4096.
 *
 * ```ts import.meta.vitest
 * import { Reward } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * const at = (length: number) => E.map((r: Reward.Reward<number>) => r(length))(Reward.overlong(100, 20))
 * [at(80), at(85), at(101)] // => [E.right(0), E.right(-0.25), E.right(-1)]
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const overlong = (limit: number, buffer: number): Either<RewardError, Reward<number>> =>
  !Number.isFinite(limit)
    ? invalid("limit", limit)
    : !(buffer > 0 && buffer <= limit)
      ? invalid("buffer", buffer)
      : E.right((length) =>
          length <= limit - buffer ? 0 : length > limit ? -1 : (limit - buffer - length) / buffer,
        )

/**
 * A value that goes from `short` at length 0 to `long` at the limit along half a cosine, and stays there.
 *
 *     R(|y|) = long + (short - long)(1 + cos(π min(|y|, limit)/limit))/2
 *
 * Right answers with `short` above `long` are asked to be brief; wrong ones with `short` below `long`, to think longer.
 *
 * **Fails with** `InvalidLength` unless 0 < limit < ∞.
 * **Source** the interpolation of Yeo et al. (2025), section 4.2, arXiv 2502.03373. Their separate penalty past the limit is
 * `overlong`'s business.
 *
 * ```ts import.meta.vitest
 * import { Reward } from "@rapo/verifier"
 * import * as E from "fp-ts/lib/Either.js"
 * const at = (length: number) => E.map((r: Reward.Reward<number>) => r(length))(Reward.cosine(100, { short: 1, long: 0.5 }))
 * [at(0), at(100), at(1000)] // => [E.right(1), E.right(0.5), E.right(0.5)]
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const cosine = (
  limit: number,
  { short, long }: { readonly short: number; readonly long: number },
): Either<RewardError, Reward<number>> =>
  Number.isFinite(limit) && limit > 0
    ? E.right((length) => {
        const weight = (1 + Math.cos((Math.PI * Math.min(Math.max(length, 0), limit)) / limit)) / 2
        // The mean of both ends, so that each is hit exactly.
        return weight * short + (1 - weight) * long
      })
    : invalid("limit", limit)

// combinators

/**
 * A reward of a part, as a reward of the whole.
 *
 * @category combinators
 * @since 0.2.0
 */
export const contramap =
  <A, B>(part: (whole: B) => A) =>
  (reward: Reward<A>): Reward<B> =>
  (whole) =>
    reward(part(whole))

/**
 * The weighted sum of rewards: Σ w_i R_i.
 *
 * ```ts import.meta.vitest
 * import { Reward, Verify } from "@rapo/verifier"
 * const reward = Reward.weighted<string>([
 *   [1, Reward.contramap((response: string) => Verify.verify("1/2", response))(Reward.correctness)],
 *   [0.25, Reward.oneBox],
 * ])
 * reward("\\boxed{0.5}") // => 1.25
 * reward("\\boxed{0.4}") // => 0.25
 * reward("The answer is 0.5.") // => 1
 * ```
 *
 * @category combinators
 * @since 0.2.0
 */
export const weighted =
  <A>(parts: ReadonlyArray<readonly [number, Reward<A>]>): Reward<A> =>
  (judged) =>
    parts.reduce((total, [weight, reward]) => total + weight * reward(judged), 0)

/**
 * A reward where a condition holds, and another value where it does not: a bonus for brevity only for right answers.
 *
 * @category combinators
 * @since 0.2.0
 */
export const gated =
  <A>(condition: (judged: A) => boolean, otherwise: number) =>
  (reward: Reward<A>): Reward<A> =>
  (judged) =>
    condition(judged) ? reward(judged) : otherwise

// destructors

/**
 * A sentence about an error.
 *
 * @category destructors
 * @since 0.2.0
 */
export const showError = ({ name, value }: RewardError): string =>
  name === "limit"
    ? `the limit is ${value}, and should be a finite number above 0`
    : `the buffer is ${value}, and should be above 0 and at most the limit`

const invalid = (name: InvalidLength["name"], value: number): Either<RewardError, never> =>
  E.left({ _tag: "InvalidLength", name, value })
