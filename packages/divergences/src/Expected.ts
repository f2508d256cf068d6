/**
 * What a sampled loss does on average and how noisy it is, exactly: sums over the outcomes in the place of samples.
 *
 *     value    = E_y[k],   variance         = E_y[k²] − (E_y k)²
 *     gradient = E_y[∇k],  gradientVariance = E_y|∇k|² − |E_y ∇k|²          y ~ π_old, ∇ in the logits of π
 *
 * The gradient of one sample's loss is s (e_y − π): the score ∇_z ln π(y) = e_y − π times s = ∂k/∂ ln π(y), which is
 *
 *     k1: 1,   k2: −l,   k3: 1 − ρ,   kF: −ρ l,   w·k: w (k + s_k)                  (l = ln ρ, ρ = p/π)
 *
 * Laws (`Laws.ts`), up to rounding: E1–E6, the table of `Estimator`; Σ_i gradient_i = 0; variances ≥ 0.
 *
 * Sources: as in `Estimator`. The variances are those of one sample; n independent ones divide them by n.
 */
import { Categorical, Dual, LogSpace } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import type { EstimatorName, WeightedEstimator } from "./Estimator.ts"
import { estimates, losses } from "./Estimator.ts"
import { onSameOutcomes } from "./internal/SameOutcomes.ts"
import * as KL from "./KL.ts"

// model

/**
 * The loss of one sample y, and its derivative in ln π(y).
 *
 * @category models
 * @since 0.1.0
 */
export interface Sample {
  readonly value: number
  readonly slope: number
}

/**
 * The first two moments of a loss and of its gradient in the policy's logits.
 *
 * @category models
 * @since 0.1.0
 */
export interface Moments {
  readonly value: number
  readonly variance: number
  readonly gradient: ReadonlyArray<number>
  /** The trace of the gradient's covariance. */
  readonly gradientVariance: number
}

// destructors

/**
 * One sample's loss and slope, by dual numbers: ln w moves with ln π, and ln ρ against it.
 *
 * ```ts import.meta.vitest
 * import { Estimator, Expected } from "@rapo/divergences"
 * Expected.perSample(Estimator.losses["rkl-k2-loss"])(0, 3) // => { value: 4.5, slope: -3 }
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const perSample =
  (loss: WeightedEstimator) =>
  (logWeight: number, logRatio: number): Sample => {
    const { value, derivative } = loss(Dual.Real)(
      { value: logWeight, derivative: 1 },
      { value: logRatio, derivative: -1 },
    )
    return { value, slope: derivative }
  }

/**
 * The moments of a loss under samples of a behaviour policy, which is the policy itself unless another is given.
 *
 * **Domain**     p, π and π_old of one common support.
 * **Fails with** `SupportMismatch` when the sizes differ.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import { Estimator, Expected } from "@rapo/divergences"
 * import * as E from "fp-ts/lib/Either.js"
 * const get = E.getOrElseW(() => { throw new Error() })
 * const [p, pi] = [get(Categorical.fromProbabilities([0.75, 0.25])), get(Categorical.uniform(2))]
 * const moments = get(Expected.moments(Estimator.losses["k3-naive"])(p, pi))
 * moments.value // ≈ 0.143841
 * moments.gradient[0] // ≈ -0.25
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const moments =
  (loss: WeightedEstimator) =>
  (
    reference: Categorical.Categorical,
    policy: Categorical.Categorical,
    behaviour: Categorical.Categorical = policy,
  ): Either<KL.SupportMismatch, Moments> =>
    E.flatMap(() => onSameOutcomes(policy, behaviour, () => enumerated(loss, reference, policy, behaviour)))(
      onSameOutcomes(reference, policy, () => undefined),
    )

/**
 * How far a variant's mean value is from the KL that it is for, on-policy: 0 except for k2.
 *
 * **Units**      nats.
 * **Fails with** `SupportMismatch` when the sizes differ.
 *
 * @category destructors
 * @since 0.1.0
 */
export const bias =
  (name: EstimatorName) =>
  (reference: Categorical.Categorical, policy: Categorical.Categorical): Either<KL.SupportMismatch, number> =>
    E.flatMap(({ value }: Moments) =>
      E.map((exact: number) => value - exact)(KL[estimates[name]](reference, policy)),
    )(moments(losses[name])(reference, policy))

// numerics

const enumerated = (
  loss: WeightedEstimator,
  reference: Categorical.Categorical,
  policy: Categorical.Categorical,
  behaviour: Categorical.Categorical,
): Moments => {
  const outcomes = Categorical.support(behaviour)
  const weights = outcomes.map((y) => Categorical.prob(behaviour, y))
  const mean = (xs: ReadonlyArray<number>): number => LogSpace.sum(xs.map((x, i) => x * (weights[i] ?? NaN)))
  const samples = outcomes.map((y) => {
    const lnPi = Categorical.logProb(policy, y)
    return perSample(loss)(lnPi - Categorical.logProb(behaviour, y), Categorical.logProb(reference, y) - lnPi)
  })
  const pi = Categorical.probabilities(policy)
  const gradients = samples.map(({ slope }, i) => pi.map((x, v) => slope * ((v === outcomes[i] ? 1 : 0) - x)))
  const value = mean(samples.map((sample) => sample.value))
  const gradient = pi.map((_, v) => mean(gradients.map((g) => g[v] ?? NaN)))
  return {
    value,
    variance: mean(samples.map((sample) => (sample.value - value) ** 2)),
    gradient,
    gradientVariance: mean(
      gradients.map((g) => LogSpace.sum(g.map((x, v) => (x - (gradient[v] ?? NaN)) ** 2))),
    ),
  }
}
