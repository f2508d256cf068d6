/**
 * Distribution matching (DPG, GDC): the policy is moved towards a stated distribution p* = P/Z over whole responses, by
 * the forward KL(p* ‖ π_θ).
 *
 *     P(y) = π_ref(y) b(y),     b = e^{r/β} (Tilted: the optimum of reward with a reverse KL)  or  b = r (Filtered)
 *     ∇J = E_{y ~ q} [ P(y)/q(y) - Z π_θ(y)/q(y) ] ∇ ln π_θ(y)
 *
 * q is the policy that sampled; the second term is a baseline, of mean 0. The batch carries b as its credit and Z, which
 * is the mean of P/q over samples (a running mean of it in the code).
 *
 * Laws (`Laws.ts`)
 * 1. By enumeration: ∇J = -Z ∇KL(p* ‖ π_θ), with the baseline or without it, for every full-support q.
 * 2. At π_θ = p* it vanishes sample by sample with the baseline, and only in the mean without it.
 *
 * Source: GDC++/DPG, code naver/gdc `pointwise_gdc.py`; why p* is the tilted reference: Korbak, Perez, Buckley (2022), RL
 * with KL penalties is better viewed as Bayesian inference, arXiv 2205.11275.
 */
import { Estimator } from "@rapo/divergences"
import type { Observed } from "../Observed.ts"
import * as Ratio from "../Ratio.ts"
import type { Tokenwise } from "../Tokenwise.ts"

// model

/**
 * b: what the target multiplies the reference by, for a reward.
 *
 * @category models
 * @since 0.1.0
 */
export type Target = { readonly _tag: "Tilted"; readonly temperature: number } | { readonly _tag: "Filtered" }

/**
 * @category models
 * @since 0.1.0
 */
export interface DistributionMatching {
  readonly _tag: "DistributionMatching"
  readonly target: Target
  /** Whether the baseline Z π/q is taken off. */
  readonly hasBaseline: boolean
}

// combinators

/**
 * sg[P/q - Z π/q] ln π_θ of each response, given to each of its tokens. Log-ratios of whole responses are held within
 * ±`Ratio.maximumLogRatio`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const gain =
  <A>(W: Tokenwise<A>) =>
  ({ hasBaseline }: DistributionMatching, observed: Observed<A>): A => {
    const { logWeight, logCorrection, logRatio, logProb, advantage, partition } = observed
    const held = Estimator.clampLogRatio(Ratio.maximumLogRatio)(W)
    const toSampler = logCorrection === undefined ? logWeight : W.add(logWeight, logCorrection)
    const overSampler = (logarithm: A): A => W.exp(held(W.total(W.stopGradient(logarithm))))
    const target = W.mul(advantage, overSampler(W.add(logRatio({ _tag: "Plain" }), toSampler)))
    const weight = hasBaseline ? W.sub(target, W.mul(partition(), overSampler(toSampler))) : target
    return W.mul(weight, W.total(logProb))
  }

/**
 * b of a reward.
 *
 * ```ts import.meta.vitest
 * import { DistributionMatching } from "@rapo/rapo"
 * DistributionMatching.multiplier({ _tag: "Tilted", temperature: 0.5 }, 1) // ≈ 7.389056
 * DistributionMatching.multiplier({ _tag: "Filtered" }, 0) // => 0
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const multiplier = (target: Target, reward: number): number =>
  target._tag === "Tilted" ? Math.exp(reward / target.temperature) : reward
