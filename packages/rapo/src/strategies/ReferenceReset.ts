/**
 * Reference resets: when the reference becomes a copy of the policy, and the optimiser forgets.
 *
 *     reset at step n  ⇔  n - last reset >= every   ∨   KL > maximum   ∨   no better score for `patience` steps
 *
 * A KL to a fixed reference grows until it outweighs the reward; a reset of the reference to a recent policy lets training
 * go on. A pure state machine: `observe` takes what a step measured and says what to do after it.
 *
 * | default | value | from |
 * |---|---|---|
 * | that there are resets, of the reference and of the optimiser's state | | [secondary]; the optimiser [recalled] |
 * | every, KL maximum, patience, least gain | 500 steps, 0.1 nats a token, 200 steps, 1e-3 | [ours]; the paper's were not found |
 *
 * Law (`StrategyLaws`): after a reset the state is as at the start but for the step; two resets by period are `every` steps apart.
 *
 * Source: ProRL, arXiv 2505.24864.
 */

// model

/**
 * `Infinity` turns a trigger off.
 *
 * @category models
 * @since 0.1.0
 */
export interface Config {
  readonly every: number
  /** Nats a token. */
  readonly maximumKL: number
  /** Steps without a better score. */
  readonly patience: number
  /** What a score must exceed the best one by to be better. */
  readonly leastGain: number
  readonly resetsOptimiser: boolean
}

/**
 * @category models
 * @since 0.1.0
 */
export interface State {
  readonly stepsSinceReset: number
  readonly stepsSinceBest: number
  readonly bestScore: number
}

/**
 * What a step measured: the KL to the reference, in nats a token, and a validation score, if it was taken.
 *
 * @category models
 * @since 0.1.0
 */
export interface Measured {
  readonly kl: number
  readonly score: number | undefined
}

/**
 * @category models
 * @since 0.1.0
 */
export type Decision =
  | { readonly _tag: "Keep" }
  | {
      readonly _tag: "Reset"
      readonly reason: "Period" | "KL" | "Stagnation"
      readonly resetsOptimiser: boolean
    }

/**
 * @category constants
 * @since 0.1.0
 */
export const defaults: Config = {
  every: 500,
  maximumKL: 0.1,
  patience: 200,
  leastGain: 1e-3,
  resetsOptimiser: true,
}

// constructors

/**
 * At the start, and after a reset.
 *
 * @category constructors
 * @since 0.1.0
 */
export const initial: State = { stepsSinceReset: 0, stepsSinceBest: 0, bestScore: -Infinity }

// combinators

/**
 * What to do after a step, and the state for the next.
 *
 * ```ts import.meta.vitest
 * import { ReferenceReset } from "@rapo/rapo"
 * const observe = ReferenceReset.observe({ ...ReferenceReset.defaults, every: 2 })
 * const first = observe(ReferenceReset.initial, { kl: 0.01, score: undefined })
 * first.decision // => { _tag: "Keep" }
 * observe(first.state, { kl: 0.01, score: undefined }).decision // => { _tag: "Reset", reason: "Period", resetsOptimiser: true }
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const observe =
  (config: Config) =>
  (previous: State, measured: Measured): { readonly decision: Decision; readonly state: State } => {
    const state = after(config, previous, measured)
    const reason = reasonOf(config, state, measured)
    return reason === undefined
      ? { decision: { _tag: "Keep" }, state }
      : { decision: { _tag: "Reset", reason, resetsOptimiser: config.resetsOptimiser }, state: initial }
  }

// numerics

const after = (
  { leastGain }: Config,
  { stepsSinceReset, stepsSinceBest, bestScore }: State,
  { score }: Measured,
): State => {
  const isBetter = score !== undefined && (bestScore === -Infinity || score > bestScore + leastGain)
  return {
    stepsSinceReset: stepsSinceReset + 1,
    stepsSinceBest: isBetter ? 0 : stepsSinceBest + 1,
    bestScore: isBetter ? score : bestScore,
  }
}

const reasonOf = (
  { every, maximumKL, patience }: Config,
  { stepsSinceReset, stepsSinceBest }: State,
  { kl }: Measured,
): "Period" | "KL" | "Stagnation" | undefined => {
  if (stepsSinceReset >= every) return "Period"
  if (kl > maximumKL) return "KL"
  return stepsSinceBest >= patience ? "Stagnation" : undefined
}
