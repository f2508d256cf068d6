/** What a regulariser costs, one number a token: the formula that both interpreters of a loss share. */
import { Estimator } from "@rapo/divergences"
import { Real } from "@rapo/distributions"
import type { Observed } from "../Observed.ts"
import * as Ratio from "../Ratio.ts"
import * as Regulariser from "../Regulariser.ts"
import type { Tokenwise } from "../Tokenwise.ts"

export interface Penalty<A> {
  /** The KL's cost, one a token. A response's cost is shared equally by its tokens, so that their sum counts it once. */
  readonly cost: A
  /** ln ρ within its bound and with its response's weight, where the KL is sampled. */
  readonly logRatio: A | undefined
  /** By how much |ln ρ| is outside its bound: above 0 where it is clamped. */
  readonly excess: A | undefined
}

/** Undefined where the regulariser does not count. */
export const penaltyOf =
  <A>(W: Tokenwise<A>) =>
  (regulariser: Regulariser.Regulariser, observed: Observed<A>): Penalty<A> | undefined => {
    if (!Regulariser.holds(regulariser)) return undefined
    const weighted = (cost: A): A => (observed.klWeight === undefined ? cost : W.mul(observed.klWeight, cost))
    if (regulariser._tag === "ExactVocabulary") {
      const cost = observed.divergence(regulariser.direction, regulariser.reference)
      return { cost: weighted(cost), logRatio: undefined, excess: undefined }
    }
    const perResponse = regulariser.level === "sequence"
    const lift = (perToken: A): A => (perResponse ? W.total(perToken) : perToken)
    const logRatio = lift(observed.logRatio(regulariser.reference))
    const bounded = Estimator.clampLogRatio(regulariser.logRatioBound)(W)(logRatio)
    const weight = Estimator.clampLogRatio(Ratio.maximumLogRatio)(W)(lift(toSampler(W)(observed)))
    const cost = Estimator.losses[regulariser.estimator](W)(weight, bounded)
    return {
      cost: weighted(perResponse ? W.share(cost) : cost),
      logRatio: weighted(bounded),
      excess: W.sub(W.max(logRatio, Real.neg(W)(logRatio)), W.of(regulariser.logRatioBound)),
    }
  }

/** ln π_θ - ln μ: what makes an average over samples one over the policy. */
const toSampler =
  <A>(W: Tokenwise<A>) =>
  ({ logWeight, logCorrection }: Observed<A>): A =>
    logCorrection === undefined ? logWeight : W.add(logWeight, logCorrection)
