/**
 * Combinations that mean nothing do not type-check: each stands under an expectation of an error, which the compiler
 * fulfils (`tsc -b` checks this file) or reports. Beside each stands the nearest combination that has a meaning.
 */
import { isRight } from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import type { Advantage, Objective } from "../src/index.ts"
import {
  Aggregation,
  Arms,
  Gspo,
  Objective as Objectives,
  Pacs,
  PolicyGradient,
  Regulariser,
  RlPlus,
  Rover,
  TrustRegion,
} from "../src/index.ts"

const moving: Regulariser.Anchor = { _tag: "Moving", every: 10, resetsOptimiser: true }
const inReward = Regulariser.sampled("rkl-k1-reward", 0.1)

/** Without a KL there is no reference that could move. */
export const movingWithoutKL: Objective.Objective = {
  ...Arms.unregularised,
  // @ts-expect-error -- an anchor belongs to a KL
  regulariser: { _tag: "None", anchor: moving },
}
const movingKL: Objective.Objective = {
  ...Arms.unregularised,
  regulariser: Regulariser.exact("forward", 0.1, { anchor: moving }),
}

/** A classifier has no advantage that a KL could be added to. */
// @ts-expect-error -- k1 in the reward goes with a policy gradient alone
export const rewardKLOfClassifier: Objective.Objective = { ...Pacs.pacs, regulariser: inReward }
const lossKLOfClassifier: Objective.Objective = {
  ...Pacs.pacs,
  regulariser: Regulariser.sampled("rkl-k2-loss", 0.1),
}

/** A regression has none that is a reward either. */
// @ts-expect-error -- the advantage is a target here
export const rewardKLOfRegression: Objective.Objective = { ...Rover.rover, regulariser: inReward }
const rewardKLOfGradient: Objective.Objective = { ...Arms.unregularised, regulariser: inReward }

/** A classifier has no ratio to trust. */
export const trustedClassifier: Objective.Objective = {
  ...Pacs.pacs,
  // @ts-expect-error -- a trust region is a policy gradient's
  surrogate: { ...Pacs.pacs.surrogate, trustRegion: TrustRegion.clip(0.2) },
}

/** A dual clip is a clip's. */
export const dualOfNothing: TrustRegion.TrustRegion = {
  _tag: "None",
  // @ts-expect-error -- nothing is clipped
  dual: 10,
}

/** One number a response is averaged over responses. */
// @ts-expect-error -- a token mean would weigh it by length
export const tokenMeanOfResponses: Objective.Objective = { ...Pacs.pacs, aggregation: Aggregation.tokenMean }
const tokenMeanOfTokens: Objective.Objective = { ...Rover.rover, aggregation: Aggregation.tokenMean }

/** Demonstrations are weighed token by token. */
export const demonstratedSequences: PolicyGradient.PolicyGradient = {
  ...PolicyGradient.of(RlPlus.rlPlus.surrogate.advantage, TrustRegion.none),
  ratio: "sequence",
  // @ts-expect-error -- they have no response's ratio
  demonstrations: { _tag: "Mixed", gamma: 0.5 },
}

/** A group's deviation is 0 where its rewards are equal, which only a group's centre makes harmless. */
// @ts-expect-error -- the group's deviation goes with the group's centre
export const foreignCentre: Advantage.Advantage = {
  centre: "BatchMean",
  scale: { _tag: "GroupStd", epsilon: 1e-6 },
}
const ownCentre: Objective.Objective = {
  ...Arms.unregularised,
  surrogate: PolicyGradient.of(
    { centre: "LeaveOneOut", scale: { _tag: "GroupStd", epsilon: 1e-6 } },
    TrustRegion.none,
  ),
}

test("what stands beside the impossible is possible", () => {
  const possible = [
    movingKL,
    lossKLOfClassifier,
    rewardKLOfGradient,
    tokenMeanOfTokens,
    ownCentre,
    Gspo.gspo,
    RlPlus.rlPlus,
  ]
  for (const objective of possible) expect(isRight(Objectives.validate(objective))).toBe(true)
})
