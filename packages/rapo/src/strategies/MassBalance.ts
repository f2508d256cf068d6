/**
 * Mass balance: how much probability of being right one policy-gradient step moves, and what N rollouts have to do with it.
 *
 * π = softmax z over finite Y, r ∈ {0, 1}, Q = π(right); y_1 … y_N ~ π, n_y times y, Q̂ their mean reward, baseline b. The step
 * z ← z + η · (1/N) Σ_i (r_i - b) ∇ ln π(y_i) moves z_y by η(n_y/N (r_y - b) - π_y S), S = Q̂ - b, and to first order in η
 *
 *     ΔQ/η = own + coupling
 *     own      = (1-Q)(1-b) Σ_right π_y n_y/N  +  Q b Σ_wrong π_y n_y/N
 *     coupling = S · ( Q Σ_wrong π_y² - (1-Q) Σ_right π_y² ),    split by whether n_y > 0 (sampled) or n_y = 0 (unsampled)
 *
 * Laws ([S1], *derived*; proofs in docs/theory.md)
 * 1. own >= 0 for every sample and every b in [0, 1]: what is sampled expands the right mass.
 * 2. Group mean, b = Q̂: S = 0, so the coupling vanishes, nothing unsampled is pushed, ΔQ >= 0 for every sample, and
 *        E ΔQ/η = (1 - 1/N) ‖∇_z Q‖²,   ‖∇_z Q‖² = (1-Q)² Σ_right π_y² + Q² Σ_wrong π_y².
 * 3. Fixed b: E own/η = (1-Q)(1-b) Σ_right π² + Q b Σ_wrong π², whatever N; and the unsampled coupling is
 *        Q Σ_wrong π² (1-π)^N (Q/(1-π) - b) - (1-Q) Σ_right π² (1-π)^N ((Q-π)/(1-π) - b),
 *    which goes to 0 geometrically in N.
 *
 * The decomposition into own, sampled and unsampled parts follows BroRL's abstract; the formulas for this step are ours.
 *
 * Source: BroRL, arXiv 2510.01180, abstract.
 */
import { Categorical } from "@rapo/distributions"

// model

/**
 * Whether each outcome is right, under a policy, [|Y|].
 *
 * @category models
 * @since 0.1.0
 */
export interface Situation {
  readonly policy: Categorical.Categorical
  readonly isRight: ReadonlyArray<boolean>
}

/**
 * What rewards are compared with: the mean of the rollouts, or a number in [0, 1] that was fixed before.
 *
 * @category models
 * @since 0.1.0
 */
export type Baseline = { readonly _tag: "GroupMean" } | { readonly _tag: "Fixed"; readonly value: number }

/**
 * ΔQ/η to first order, in its parts.
 *
 * @category models
 * @since 0.1.0
 */
export interface Balance {
  readonly own: number
  readonly sampledCoupling: number
  readonly unsampledCoupling: number
}

// constructors

/**
 * @category constructors
 * @since 0.1.0
 */
export const groupMean: Baseline = { _tag: "GroupMean" }

// destructors

/**
 * What one step moves, given how often each outcome was sampled.
 *
 * **Shapes**  counts: [|Y|], with a sum of at least 1.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * import { MassBalance } from "@rapo/rapo"
 * const half = Categorical.uniform(2)
 * const balance = E.isRight(half)
 *   ? MassBalance.ofSample({ policy: half.right, isRight: [true, false] }, MassBalance.groupMean)([1, 1])
 *   : undefined
 * balance // => { own: 0.125, sampledCoupling: 0, unsampledCoupling: 0 }
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const ofSample =
  (situation: Situation, baseline: Baseline) =>
  (counts: ReadonlyArray<number>): Balance => {
    const outcomes = outcomesOf(situation)
    const n = counts.reduce((total, count) => total + count, 0)
    const sampledRight = outcomes.reduce((total, { right }, y) => total + right * at(counts, y), 0) / n
    const b = baseline._tag === "GroupMean" ? sampledRight : baseline.value
    const q = mass(outcomes, 1)
    const wrong = mass(outcomes, 0)
    const own = total(outcomes, ({ prob, right }, y) => {
      const share = at(counts, y) / n
      return right === 1 ? wrong * (1 - b) * prob * share : q * b * prob * share
    })
    const coupled = (isSampled: boolean): number =>
      (sampledRight - b) *
      total(outcomes, (outcome, y) => (at(counts, y) > 0 === isSampled ? pull(q, wrong, outcome) : 0))
    return { own, sampledCoupling: coupled(true), unsampledCoupling: coupled(false) }
  }

/**
 * The expectation of `ofSample` over N rollouts, in closed form (laws 2 and 3).
 *
 * @category destructors
 * @since 0.1.0
 */
export const expected = (situation: Situation, baseline: Baseline, rollouts: number): Balance => {
  const outcomes = outcomesOf(situation)
  const q = mass(outcomes, 1)
  const wrong = mass(outcomes, 0)
  const squared = (want: 0 | 1): number =>
    total(outcomes, ({ prob, right }) => (right === want ? prob * prob : 0))
  if (baseline._tag === "GroupMean") {
    const own = (1 - 1 / rollouts) * (wrong ** 2 * squared(1) + q * q * squared(0))
    return { own, sampledCoupling: 0, unsampledCoupling: 0 }
  }
  const b = baseline.value
  const whole = (q - b) * total(outcomes, (outcome) => pull(q, wrong, outcome))
  const unsampledCoupling = total(outcomes, (outcome) => {
    const { prob, right } = outcome
    // E[S; n_y = 0] = (1-π)^N (E[r | not y] - b); in this form it needs no division by 1-π, which may be 0
    const missed = (1 - prob) ** (rollouts - 1) * (q - right * prob - b * (1 - prob))
    return missed * pull(q, wrong, outcome)
  })
  return {
    own: wrong * (1 - b) * squared(1) + q * b * squared(0),
    sampledCoupling: whole - unsampledCoupling,
    unsampledCoupling,
  }
}

/**
 * ΔQ/η.
 *
 * @category destructors
 * @since 0.1.0
 */
export const change = ({ own, sampledCoupling, unsampledCoupling }: Balance): number =>
  own + sampledCoupling + unsampledCoupling

// numerics

interface Outcome {
  readonly prob: number
  readonly right: 0 | 1
}

const outcomesOf = ({ policy, isRight }: Situation): ReadonlyArray<Outcome> =>
  Categorical.probabilities(policy).map((prob, y) => ({ prob, right: isRight[y] === true ? 1 : 0 }))

const at = (values: ReadonlyArray<number>, y: number): number => values[y] ?? NaN

const total = (outcomes: ReadonlyArray<Outcome>, term: (outcome: Outcome, y: number) => number): number =>
  outcomes.reduce((sum, outcome, y) => sum + term(outcome, y), 0)

/** Of right (1) or of wrong outcomes (0): each summed by itself, for 1 - Q may round below 0. */
const mass = (outcomes: ReadonlyArray<Outcome>, want: 0 | 1): number =>
  total(outcomes, ({ prob, right }) => (right === want ? prob : 0))

/** What a push of -π_y S on z_y does to Q, per S. */
const pull = (q: number, wrong: number, { prob, right }: Outcome): number =>
  right === 1 ? -wrong * prob * prob : q * prob * prob
