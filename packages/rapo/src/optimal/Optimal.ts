/**
 * Optimal policies on a finite set of outcomes: the problem, and what can be wrong with it.
 *
 * | module | max_π | theory |
 * |---|---|---|
 * | `OptimalReverse` | E_π[r] - α KL(π ‖ p) + β H(π) | T1 |
 * | `OptimalForward` | E_π[r] - α KL(p ‖ π) | T2, T3 |
 * | `OptimalForwardEntropy` | E_π[r] - α KL(p ‖ π) + β H(π) | T5 |
 * | `OptimalFDivergence` | E_π[r] - α D_f(π ‖ p), f strictly convex | T10 |
 * | `OptimalTotalVariation` | E_π[r] - α TV(π, p) | ours |
 *
 * All are concave in π, so that the Karush-Kuhn-Tucker conditions are necessary and sufficient: a policy whose
 * residuals are 0 *is* the optimum, however it was found. Each answer carries its own `Certificate`.
 *
 * | symbol | meaning |
 * |---|---|
 * | y in [0, N) | an outcome |
 * | p, r | the reference distribution and the reward of each outcome |
 * | S | the support of p |
 * | r_S, r_N | the best reward on S and off S |
 * | α, β | the coefficients of the divergence and of the entropy |
 *
 * Source: *derived* for this project; the reverse case is also in Korbak et al. (2022), arXiv 2205.11275.
 */
import { Categorical } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { expected } from "./internal/values.ts"

// model

/**
 * A reference distribution and a reward for each of its outcomes, [N] both.
 *
 * @category models
 * @since 0.1.0
 */
export interface Problem {
  readonly reference: Categorical.Categorical
  readonly rewards: ReadonlyArray<number>
}

/**
 * @category errors
 * @since 0.1.0
 */
export type ProblemError =
  | { readonly _tag: "SizeMismatch"; readonly outcomes: number; readonly rewards: number }
  | { readonly _tag: "RewardNotFinite"; readonly index: number; readonly reward: number }
  | { readonly _tag: "CoefficientNotPositive"; readonly coefficient: number }
  | { readonly _tag: "EntropyCoefficientNegative"; readonly coefficient: number }
  | { readonly _tag: "DivergenceNotStrictlyConvex"; readonly name: string }
  | { readonly _tag: "DrawsFewerThanOne"; readonly draws: number }

// constructors

/**
 * A problem, if there is one finite reward for each outcome.
 *
 * **Fails with** `SizeMismatch`, `RewardNotFinite`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const problem = (
  reference: Categorical.Categorical,
  rewards: ReadonlyArray<number>,
): E.Either<ProblemError, Problem> => {
  const outcomes = Categorical.size(reference)
  if (rewards.length !== outcomes) return E.left({ _tag: "SizeMismatch", outcomes, rewards: rewards.length })
  const index = rewards.findIndex((reward) => !Number.isFinite(reward))
  const reward = rewards[index]
  return reward === undefined
    ? E.right({ reference, rewards })
    : E.left({ _tag: "RewardNotFinite", index, reward })
}

/**
 * A coefficient α that makes the problem strictly concave on the support: finite and above 0.
 *
 * **Fails with** `CoefficientNotPositive`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const positiveCoefficient = (coefficient: number): E.Either<ProblemError, number> =>
  coefficient > 0 && coefficient < Infinity
    ? E.right(coefficient)
    : E.left({ _tag: "CoefficientNotPositive", coefficient })

/**
 * A coefficient β of the entropy: finite and not below 0.
 *
 * **Fails with** `EntropyCoefficientNegative`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const entropyCoefficient = (coefficient: number): E.Either<ProblemError, number> =>
  coefficient >= 0 && coefficient < Infinity
    ? E.right(coefficient)
    : E.left({ _tag: "EntropyCoefficientNegative", coefficient })

// destructors

/**
 * E_π[r], where outcomes of probability 0 count nothing.
 *
 * @category destructors
 * @since 0.1.0
 */
export const expectedReward = (policy: Categorical.Categorical, rewards: ReadonlyArray<number>): number =>
  expected(policy, rewards)

/**
 * An error as a sentence.
 *
 * @category destructors
 * @since 0.1.0
 */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, and the compiler checks it
export const showError = (error: ProblemError): string => {
  switch (error._tag) {
    case "SizeMismatch":
      return `There are ${error.outcomes} outcomes and ${error.rewards} rewards: each outcome needs one.`
    case "RewardNotFinite":
      return `The reward of outcome ${error.index} must be finite, and is ${error.reward}.`
    case "CoefficientNotPositive":
      return `The divergence's coefficient must be finite and above 0, and is ${error.coefficient}.`
    case "EntropyCoefficientNegative":
      return `The entropy's coefficient must be finite and at least 0, and is ${error.coefficient}.`
    case "DivergenceNotStrictlyConvex":
      return `The divergence "${error.name}" is not strictly convex, so that its dual does not determine the policy; for total variation there is OptimalTotalVariation.`
    case "DrawsFewerThanOne":
      return `The number of draws must be finite and at least 1, and is ${error.draws}.`
  }
}
