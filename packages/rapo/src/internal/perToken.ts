/** What a response's tokens earn and cost under an objective, one number a token: the pointwise part of `Loss`. */
import { Float64, Real } from "@rapo/distributions"
import { Estimator } from "@rapo/divergences"
import * as Objective from "../Objective.ts"
import * as Ratio from "../Ratio.ts"
import * as Regulariser from "../Regulariser.ts"
import * as TrustRegion from "../TrustRegion.ts"
import type { Response } from "./response.ts"
import { at } from "./response.ts"
import * as Vocabulary from "./vocabulary.ts"

/** Ratios at the objective's level, one a token. */
const ratios =
  <A>(R: Real.Real<A>) =>
  (objective: Objective.Objective, response: Response<A>): ReadonlyArray<A> =>
    Ratio.atLevel(R)(
      objective.ratio,
      response.tokens.map(({ logWeight }) => logWeight),
    ).map(Ratio.fromLog(R))

const advantages =
  <A>(R: Real.Real<A>) =>
  ({ regulariser }: Objective.Objective, response: Response<A>): ReadonlyArray<A> => {
    const advantage = R.of(response.advantage)
    if (regulariser._tag !== "Sampled") return response.tokens.map(() => advantage)
    return boundedLogRatios(R)(regulariser, response).map((logRatio) =>
      Regulariser.shapedAdvantage(R)(regulariser, advantage, logRatio),
    )
  }

export const surrogates =
  <A>(R: Real.Real<A>) =>
  (objective: Objective.Objective, response: Response<A>): ReadonlyArray<A> => {
    const shaped = advantages(R)(objective, response)
    return ratios(R)(objective, response).map((ratio, t) =>
      TrustRegion.surrogate(R)(objective.trustRegion, ratio, at(shaped, t)),
    )
  }

/** The KL's cost, one a token. A response's cost is shared equally by its tokens, so that their sum counts it once. */
export const costs =
  <A>(R: Real.Real<A>) =>
  (objective: Objective.Objective, response: Response<A>): ReadonlyArray<A> => {
    const { regulariser } = objective
    if (regulariser._tag === "None" || !Objective.needsReference(objective)) {
      return response.tokens.map(() => R.zero)
    }
    if (regulariser._tag === "ExactVocabulary") {
      const kl = regulariser.direction === "forward" ? Vocabulary.forwardKL : Vocabulary.reverseKL
      return response.tokens.map(({ referenceLogProbs, logProbs }) => kl(R)(referenceLogProbs, logProbs))
    }
    const logRatios = boundedLogRatios(R)(regulariser, response)
    const logWeights = response.tokens.map(({ logWeight }) => logWeight)
    const cost = Estimator.losses[regulariser.estimator](R)
    const held = Estimator.clampLogRatio(Ratio.maximumLogRatio)(R)
    if (regulariser.level !== "sequence") {
      return logRatios.map((logRatio, t) => cost(held(at(logWeights, t)), logRatio))
    }
    const weight = held(Real.sum(R)(logWeights))
    const share = R.of(1 / Math.max(response.tokens.length, 1))
    return logRatios.map((logRatio) => R.mul(share, cost(weight, logRatio)))
  }

/** ln ρ at the regulariser's level, one a token, before its bound. */
const logRatiosOf =
  <A>(R: Real.Real<A>) =>
  (regulariser: Regulariser.Sampled, response: Response<A>): ReadonlyArray<A> => {
    const logRatios = response.tokens.map(({ logRatio }) => logRatio)
    return regulariser.level === "sequence" ? logRatios.map(() => Real.sum(R)(logRatios)) : logRatios
  }

const boundedLogRatios =
  <A>(R: Real.Real<A>) =>
  (regulariser: Regulariser.Sampled, response: Response<A>): ReadonlyArray<A> =>
    logRatiosOf(R)(regulariser, response).map(Estimator.clampLogRatio(regulariser.logRatioBound)(R))

export const clippedTokens = (
  objective: Objective.Objective,
  response: Response<number>,
): ReadonlyArray<boolean> => {
  const shaped = advantages(Float64.Real)(objective, response)
  return ratios(Float64.Real)(objective, response).map((ratio, t) =>
    TrustRegion.isClipped(objective.trustRegion, ratio, at(shaped, t)),
  )
}

export const clampedTokens = (
  { regulariser }: Objective.Objective,
  response: Response<number>,
): ReadonlyArray<boolean> =>
  regulariser._tag === "Sampled"
    ? logRatiosOf(Float64.Real)(regulariser, response).map((x) => Math.abs(x) > regulariser.logRatioBound)
    : []
