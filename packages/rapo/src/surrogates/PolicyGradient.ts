/**
 * The surrogate of nearly all systems: an advantage, times an importance ratio, inside a trust region.
 *
 *     own response         w_t · min( r A, clip(r, 1 - low, 1 + high) A )          r a token's or a response's ratio
 *     demonstration γ      A (1 - sg π_θ)^γ · 2 π_θ / (π_old + ½ (π_old + 1))      at each token, unclipped
 *
 * w is the sampler's correction (`Correction`), A the shaped advantage (`Shaping`). A demonstration's π_old is the old
 * policy's probability of the demonstrated token: the denominator averages it with ω = ½ (π_old + 1), for the policy that
 * wrote the demonstration is unknown.
 *
 * Laws (`Laws.ts`)
 * 1. On-policy the value is A and the gradient that of A ln π, whatever the trust region (a response's ratio: of A times
 *    the mean of ln π over its tokens).
 * 2. A response of one token: both levels agree.
 *
 * Source: see `Ratio`, `TrustRegion`; demonstrations: RL-PLUS, arXiv 2508.00222, code `rlplus_core_alg.py`, γ = ½ there.
 * That π_old in it is the old model's probability of the demonstrated token is inferred from the code's names.
 */
import { Real } from "@rapo/distributions"
import type { Advantage } from "../Advantage.ts"
import * as Correction from "../Correction.ts"
import type { Observed } from "../Observed.ts"
import * as Ratio from "../Ratio.ts"
import * as Shaping from "../Shaping.ts"
import * as Tokenwise from "../Tokenwise.ts"
import * as TrustRegion from "../TrustRegion.ts"

// model

/**
 * Whether the group may hold responses of another policy, and the exponent γ by which tokens already learnt fade.
 *
 * @category models
 * @since 0.1.0
 */
export type Demonstrations = { readonly _tag: "None" } | { readonly _tag: "Mixed"; readonly gamma: number }

/**
 * The ratio's level. Demonstrations are weighted token by token, so that they go with a token's ratio alone.
 *
 * @category models
 * @since 0.1.0
 */
export type Leveled =
  | { readonly ratio: "token"; readonly demonstrations: Demonstrations }
  | { readonly ratio: "sequence"; readonly demonstrations: { readonly _tag: "None" } }

/**
 * @category models
 * @since 0.1.0
 */
export type PolicyGradient = Leveled & {
  readonly _tag: "PolicyGradient"
  readonly advantage: Advantage
  readonly shaping: Shaping.Shaping
  readonly trustRegion: TrustRegion.TrustRegion
  readonly correction: Correction.Correction
}

// constructors

/**
 * The common case: token ratios of one's own responses, as sampled, advantages unshaped.
 *
 * @category constructors
 * @since 0.1.0
 */
export const of = (
  advantage: Advantage,
  trustRegion: TrustRegion.TrustRegion,
): PolicyGradient & { readonly ratio: "token" } => ({
  _tag: "PolicyGradient",
  advantage,
  shaping: Shaping.none,
  ratio: "token",
  trustRegion,
  correction: Correction.none,
  demonstrations: { _tag: "None" },
})

// combinators

/**
 * What is maximised, one number a token, and by how much clipping lowered it (before corrections).
 *
 * @category combinators
 * @since 0.1.0
 */
export const gain =
  <A>(W: Tokenwise.Tokenwise<A>) =>
  (
    surrogate: PolicyGradient,
    observed: Observed<A>,
    advantage: A,
  ): { readonly gain: A; readonly clipped: A | undefined } => {
    // on-policy no trust region can bind (`TrustRegion`, law 3): leaving it out saves its operations
    const region = observed.isOnPolicy ? TrustRegion.none : surrogate.trustRegion
    const ratio = ratioOf(W)(surrogate, observed)
    const own = corrected(W)(surrogate, observed, TrustRegion.surrogate(W)(region, ratio, advantage))
    return {
      gain: withDemonstrations(W)(surrogate, observed, advantage, own),
      clipped:
        region._tag === "None"
          ? undefined
          : W.sub(W.mul(ratio, advantage), W.mul(TrustRegion.clipRatio(W)(region, ratio), advantage)),
    }
  }

/**
 * The advantage that a response's tokens get, once its over-confidence counts.
 *
 * @category combinators
 * @since 0.1.0
 */
export const shaped =
  <A>(W: Tokenwise.Tokenwise<A>) =>
  ({ shaping }: PolicyGradient, observed: Observed<A>): A => {
    if (shaping._tag !== "OverConfidence") return observed.advantage
    const toReference = W.total(Real.neg(W)(W.stopGradient(observed.logRatio({ _tag: "Plain" }))))
    return Shaping.overConfident(W)(shaping.strength, observed.advantage, toReference)
  }

// numerics

/** On-policy ln r = 0, which needs no guard against overflow. */
const ratioOf =
  <A>(W: Tokenwise.Tokenwise<A>) =>
  ({ ratio }: PolicyGradient, { isOnPolicy, logWeight }: Observed<A>): A => {
    const logRatio = ratio === "token" ? logWeight : Tokenwise.mean(W)(logWeight)
    return isOnPolicy ? W.exp(logRatio) : Ratio.fromLog(W)(logRatio)
  }

const corrected =
  <A>(W: Tokenwise.Tokenwise<A>) =>
  ({ correction }: PolicyGradient, { logCorrection }: Observed<A>, own: A): A =>
    correction._tag === "None" || logCorrection === undefined
      ? own
      : W.mul(Correction.factor(W)(correction)(Ratio.fromLog(W)(logCorrection)), own)

const withDemonstrations =
  <A>(W: Tokenwise.Tokenwise<A>) =>
  ({ demonstrations }: PolicyGradient, observed: Observed<A>, advantage: A, own: A): A => {
    const { isDemonstration } = observed
    if (demonstrations._tag === "None" || isDemonstration === undefined) return own
    const shown = W.mul(
      fadingFactor(W)(demonstrations.gamma, observed.logProb),
      W.mul(demonstrationRatio(W)(observed.logProb, observed.logWeight), advantage),
    )
    return W.add(W.mul(isDemonstration, shown), W.mul(W.sub(W.one, isDemonstration), own))
  }

/** 2 π_θ / (π_old + ½ (π_old + 1)). */
const demonstrationRatio =
  <A>(R: Real.Real<A>) =>
  (logProb: A, logWeight: A): A => {
    const old = R.exp(R.stopGradient(R.sub(logProb, logWeight)))
    const omega = R.mul(R.of(0.5), R.add(old, R.one))
    return R.div(R.mul(R.of(2), R.exp(logProb)), R.add(old, omega))
  }

/** (1 - sg π_θ)^γ. */
const fadingFactor =
  <A>(R: Real.Real<A>) =>
  (gamma: number, logProb: A): A => {
    const left = R.max(R.sub(R.one, R.exp(R.stopGradient(logProb))), R.of(smallestRemainder))
    return R.exp(R.mul(R.of(gamma), R.log(left)))
  }

/** Keeps ln(1 - π) finite where π rounds to 1; at γ = ½ the factor is then 1e-6 instead of 0. */
const smallestRemainder = 1e-12
