/**
 * What pushes a policy when it is trained: the worth of each outcome, in expectation over infinitely many samples.
 *
 *     dJ = E_π[a · d ln π],      ∇_z J = π ⊙ (a - E_π a)  for π = softmax z
 *
 * | regulariser, coefficient α | a(y) | the gradient of |
 * |---|---|---|
 * | none | r | E r |
 * | exact forward KL | r + α ρ | E r - α KL(p‖π) |
 * | exact reverse KL | r + α l | E r - α KL(π‖p) |
 * | an estimator's loss k(ln w, l) | r - α (∂/∂ln w - ∂/∂l) k at w = 1 | what theory's table says (E2-E6) |
 * | entropy, coefficient β | - β ln π | β H(π) |
 *
 * with l = ln p - ln π, ρ = e^l. A loss is differentiated as automatic differentiation does it on samples of π: through
 * ln w and l, and not through the samples' own distribution. Its derivative is taken with dual numbers from the estimator
 * itself, so that nothing here knows which divergence it is said to descend. Terms constant in y change nothing.
 *
 * Source: *derived* (theory §3, T11-T13).
 */
import { Categorical, Dual } from "@rapo/distributions"
import { Estimator } from "@rapo/divergences"
import type { Problem } from "../optimal/Optimal.ts"

// model

/**
 * What a policy is regularised with, besides entropy.
 *
 * @category models
 * @since 0.1.0
 */
export type Penalty =
  | { readonly _tag: "Exact"; readonly direction: "forward" | "reverse"; readonly coefficient: number }
  | {
      readonly _tag: "Estimated"
      readonly estimator: Estimator.EstimatorName
      readonly coefficient: number
    }

/**
 * @category models
 * @since 0.1.0
 */
export interface Training {
  readonly penalty: Penalty
  /** β >= 0 */
  readonly entropy: number
}

// constructors

/** @category constructors */
export const exact = (
  direction: "forward" | "reverse",
  coefficient: number,
  entropy: number = 0,
): Training => ({
  penalty: { _tag: "Exact", direction, coefficient },
  entropy,
})

/** @category constructors */
export const estimated = (
  estimator: Estimator.EstimatorName,
  coefficient: number,
  entropy: number = 0,
): Training => ({ penalty: { _tag: "Estimated", estimator, coefficient }, entropy })

// destructors

/**
 * The worth a(y) of each outcome under a training, at a policy given by its log-probabilities.
 *
 * **Shapes**  logPolicy: [N];  result: [N].
 * **Domain**  reference and policy of full support.
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { pipe } from "fp-ts/lib/function.js"
 * import { Categorical } from "@rapo/distributions"
 * import { Drift, Optimal } from "@rapo/rapo"
 * const worths = (training: Drift.Training) =>
 *   pipe(
 *     Categorical.fromProbabilities([0.25, 0.75]),
 *     E.flatMap((reference): E.Either<unknown, Optimal.Problem> => Optimal.problem(reference, [1, 0])),
 *     E.match(() => [], (problem) => Drift.worths(training)(problem, [Math.log(0.5), Math.log(0.5)])),
 *   )
 * worths(Drift.exact("forward", 2))[0] // ≈ 2
 * // back-propagated k3, GRPO's "reverse KL", pushes like the forward KL: a constant apart
 * worths(Drift.estimated("k3-naive", 2))[0] // ≈ 0
 * worths(Drift.estimated("k3-naive", 2))[1] // ≈ 1
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const worths =
  ({ penalty, entropy }: Training) =>
  ({ reference, rewards }: Problem, logPolicy: ReadonlyArray<number>): ReadonlyArray<number> => {
    const push = pushOf(penalty)
    return logPolicy.map(
      (l, y) =>
        (rewards[y] ?? NaN) + penalty.coefficient * push(Categorical.logProb(reference, y) - l) - entropy * l,
    )
  }

// numerics

const pushOf = (penalty: Penalty): ((logRatio: number) => number) =>
  penalty._tag === "Exact"
    ? penalty.direction === "forward"
      ? Math.exp
      : (logRatio) => logRatio
    : pullOfLoss(Estimator.losses[penalty.estimator])

/** -(∂/∂ ln π) of a sample's loss: ln π moves ln w up and l down. */
const pullOfLoss =
  (loss: Estimator.WeightedEstimator) =>
  (logRatio: number): number =>
    -Dual.derivative((logPolicy) =>
      loss(Dual.Real)(logPolicy, Dual.Real.sub(Dual.Real.of(logRatio), logPolicy)),
    )(0)
