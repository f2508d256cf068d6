/**
 * Group advantages: how much better a response did than its siblings, the other responses to the same prompt.
 *
 *     standardised   A_g = (r_g - mean r) / (std r + ε)        std with Bessel's correction, 1/(G-1)
 *     centred        A_g = r_g - mean r
 *
 * A group whose rewards are all equal, or that has one member, says nothing about the policy. That is a named case
 * with zero advantages, not a number that happens to come out (verl gives a singleton its raw reward).
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. Σ_g A_g = 0.
 * 2. Shift: A(r + c) = A(r).
 * 3. Permutation: A(r ∘ σ) = A(r) ∘ σ.
 * 4. Scale, c > 0: centred A(c r) = c A(r);  standardised A_ε(c r) = A_{ε/c}(r), so A(c r) ≈ A(r) when ε ≪ std.
 *
 * | symbol | meaning |
 * |---|---|
 * | r_g | reward of response g in [0, G) |
 * | A_g | its advantage |
 *
 * Source: standardised, GRPO, Shao et al. (2024), section 4.1.2, arXiv 2402.03300; centred, Dr. GRPO, Liu et al.
 * (2025), arXiv 2503.20783. That RAPO uses the standardised one is the paper's (arXiv 2510.03865).
 */

// model

/**
 * Which advantage an objective uses, as data.
 *
 * @category models
 * @since 0.1.0
 */
export type Advantage =
  { readonly _tag: "Standardised"; readonly epsilon: number } | { readonly _tag: "Centred" }

/**
 * The advantages of one group, [G], and whether they carry information; in the two degenerate cases they are zeros.
 *
 * @category models
 * @since 0.1.0
 */
export interface GroupAdvantages {
  readonly _tag: "Informative" | "AllEqual" | "Singleton"
  readonly advantages: ReadonlyArray<number>
}

/**
 * What is added to the standard deviation so that nearly equal rewards are not blown up; 1e-6 as in verl and
 * SimpleRL-Zoo. Larger values shrink the advantages of groups with little spread.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaultEpsilon = 1e-6

// constructors

/**
 * Rewards less their mean, in units of their standard deviation.
 *
 *     A_g = (r_g - mean r) / (std r + ε)
 *
 * **Shapes**  rewards: [G];  result: [G].
 * **Domain**  finite rewards, ε >= 0; an empty group counts as `AllEqual`.
 *
 * ```ts import.meta.vitest
 * import { Advantage } from "@rapo/rapo"
 * Advantage.standardised([1, 0, 0, 1], 0).advantages[0] // ≈ 0.8660254
 * Advantage.standardised([1, 1, 1]) // => { _tag: "AllEqual", advantages: [0, 0, 0] }
 * Advantage.standardised([0.7]) // => { _tag: "Singleton", advantages: [0] }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const standardised = (
  rewards: ReadonlyArray<number>,
  epsilon: number = defaultEpsilon,
): GroupAdvantages => {
  const group = centred(rewards)
  if (group._tag !== "Informative") return group
  const squares = group.advantages.reduce((total, deviation) => total + deviation * deviation, 0)
  const scale = Math.sqrt(squares / (rewards.length - 1)) + epsilon
  return { _tag: "Informative", advantages: group.advantages.map((deviation) => deviation / scale) }
}

/**
 * Rewards less their mean.
 *
 *     A_g = r_g - mean r
 *
 * **Shapes**  rewards: [G];  result: [G].
 * **Domain**  finite rewards; an empty group counts as `AllEqual`.
 *
 * ```ts import.meta.vitest
 * import { Advantage } from "@rapo/rapo"
 * Advantage.centred([1, 0, 0, 0]) // => { _tag: "Informative", advantages: [0.75, -0.25, -0.25, -0.25] }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const centred = (rewards: ReadonlyArray<number>): GroupAdvantages => {
  if (rewards.length === 1) return { _tag: "Singleton", advantages: [0] }
  if (rewards.every((reward) => reward === rewards[0])) {
    return { _tag: "AllEqual", advantages: rewards.map(() => 0) }
  }
  const mean = rewards.reduce((total, reward) => total + reward, 0) / rewards.length
  return { _tag: "Informative", advantages: rewards.map((reward) => reward - mean) }
}

// destructors

/**
 * The function that an `Advantage` names.
 *
 * ```ts import.meta.vitest
 * import { Advantage } from "@rapo/rapo"
 * Advantage.ofGroup({ _tag: "Centred" })([2, 0]).advantages // => [1, -1]
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const ofGroup =
  (advantage: Advantage) =>
  (rewards: ReadonlyArray<number>): GroupAdvantages =>
    advantage._tag === "Standardised" ? standardised(rewards, advantage.epsilon) : centred(rewards)
