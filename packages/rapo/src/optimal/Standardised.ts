/**
 * Standardised advantages change the target (T6).
 *
 *     A = (r - E_π r)/σ_π,   fixed point:  π*(y) (1 - A(y)/α) = p(y)  on S
 *     binary r:  Q (1-Q) = α² (Q-q)²,   Q = [1 + 2α²q + √(1 + 4α²q(1-q))] / (2(1+α²))
 *
 * Dividing by σ multiplies α by it: the fixed point is T2's optimum with the coefficient α σ_π, where σ_π is its own. So a
 * rare success, q → 0⁺, ends at Q = 1/(1+α²) for every α, where with centred advantages α > 1 would leave it rare.
 *
 * Source: *derived* (theory T6), for GRPO's advantages in the limit of infinite groups.
 */
import { Categorical } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import type { ForwardOptimum } from "./ForwardKL.ts"
import * as Forward from "./ForwardKL.ts"
import { bisect } from "./internal/increasingRoot.ts"
import { expected } from "./internal/values.ts"
import * as Optimal from "./Optimal.ts"

// constructors

/**
 * The fixed point for any rewards: T2's optimum whose coefficient is α times its own σ.
 *
 * σ(π*(ασ)) - σ is positive at σ = 0⁺ and negative at half the range of r, more than which no σ is; its root is found by
 * bisection. Where rewards do not differ on the support, σ = 0 and A is not defined: the reference itself is returned.
 *
 * **Domain** the reference's support should have more than one reward; outcomes off the support count as in T2.
 * **Fails with** `CoefficientNotPositive`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fixedPoint = (
  problem: Optimal.Problem,
  alpha: number,
): E.Either<Optimal.ProblemError, Categorical.Categorical> =>
  E.map((alpha: number) => {
    const { reference, rewards } = problem
    if (deviation(reference, rewards) === 0) return reference
    const at = (logSigma: number): Categorical.Categorical =>
      unsafeOptimum(problem, alpha * Math.exp(logSigma)).policy
    const widest = Math.log((Math.max(...rewards) - Math.min(...rewards)) / 2)
    const falls = (logSigma: number): number => logSigma - Math.log(deviation(at(logSigma), rewards))
    return at(bisect(falls, { low: widest + smallestLogShare, high: widest }).high)
  })(Optimal.positiveCoefficient(alpha))

/**
 * One step of the iteration that a trainer with standardised advantages makes: σ of the policy at hand, then T2's optimum
 * with the coefficient α σ.
 *
 * **Domain** σ > 0.  **Fails with** `CoefficientNotPositive` otherwise.
 *
 * @category combinators
 * @since 0.1.0
 */
export const step = (
  problem: Optimal.Problem,
  alpha: number,
  policy: Categorical.Categorical,
): E.Either<Optimal.ProblemError, ForwardOptimum> =>
  Forward.optimum(problem, alpha * deviation(policy, problem.rewards))

// destructors

/**
 * The correct mass at the fixed point for binary rewards, in closed form.
 *
 * **Domain** q in (0, 1], α > 0.
 *
 * ```ts import.meta.vitest
 * import { Standardised } from "@rapo/rapo"
 * Standardised.binary(1e-12, 2) // ≈ 0.2
 * Standardised.binary(1, 2) // => 1
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const binary = (q: number, alpha: number): number => {
  const squared = alpha * alpha
  return (1 + 2 * squared * q + Math.sqrt(1 + 4 * squared * q * (1 - q))) / (2 * (1 + squared))
}

/**
 * σ_π of the reward.
 *
 * @category destructors
 * @since 0.1.0
 */
export const deviation = (policy: Categorical.Categorical, rewards: ReadonlyArray<number>): number => {
  const mean = expected(policy, rewards)
  return Math.sqrt(
    expected(
      policy,
      rewards.map((reward) => (reward - mean) ** 2),
    ),
  )
}

// numerics

/** σ is sought down to e⁻⁷⁰ of the range of rewards: far below what doubles can tell from a sure outcome. */
const smallestLogShare = -70

const unsafeOptimum = (problem: Optimal.Problem, alpha: number): ForwardOptimum => {
  const optimum = Forward.optimum(problem, alpha)
  if (E.isLeft(optimum)) throw new Error(Optimal.showError(optimum.left))
  return optimum.right
}
