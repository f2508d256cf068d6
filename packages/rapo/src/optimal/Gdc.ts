/**
 * KL-regularised reinforcement learning is distribution matching (T14): the target of GDC, and the identity behind it.
 *
 *     p*(y) = p(y) e^{r(y)/β} / Z
 *     E_π[r] - β KL(π ‖ p) = β ln Z - β KL(π ‖ p*)      for every π
 *
 * So the reverse-KL objective is a divergence from one fixed target, and maximising it is to match that target. Nothing of
 * the sort holds for forward KL, whose λ depends on the whole problem.
 *
 * Source: Korbak et al. (2022), arXiv 2206.00761 and 2205.11275; GDC: Khalifa, Elsahar & Dymetman (2021), arXiv 2012.11635.
 */
import type { Categorical } from "@rapo/distributions"
import type { Either } from "fp-ts/lib/Either.js"
import type { Problem, ProblemError } from "./Optimal.ts"
import { klOf } from "./internal/values.ts"
import type { ReverseOptimum } from "./ReverseKL.ts"
import * as Reverse from "./ReverseKL.ts"

// constructors

/**
 * The target p*, with ln Z and a certificate: T1's optimum with its α called β.
 *
 * **Fails with** `CoefficientNotPositive`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const target = (problem: Problem, beta: number): Either<ProblemError, ReverseOptimum> =>
  Reverse.optimum(problem, beta)

// destructors

/**
 * The two sides of the identity, for a policy on the reference's support.
 *
 * **Units** those of the reward.
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { pipe } from "fp-ts/lib/function.js"
 * import { Categorical } from "@rapo/distributions"
 * import { Optimal, OptimalGdc } from "@rapo/rapo"
 * const sides = pipe(
 *   E.Do,
 *   E.bind("reference", () => Categorical.fromProbabilities([0.5, 0.5])),
 *   E.bindW("problem", ({ reference }) => Optimal.problem(reference, [1, 0])),
 *   E.bindW("target", ({ problem }) => OptimalGdc.target(problem, 1)),
 *   E.match(() => [], ({ problem, target, reference }) => OptimalGdc.identity(problem, 1, target, reference)),
 * )
 * sides[0] // ≈ 0.5
 * sides[1] // ≈ 0.5
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const identity = (
  problem: Problem,
  beta: number,
  target: ReverseOptimum,
  policy: Categorical.Categorical,
): readonly [objective: number, matching: number] => [
  Reverse.objective(problem, beta, 0, policy),
  beta * target.logPartition - beta * klOf(policy, target.policy),
]
