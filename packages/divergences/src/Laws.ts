/**
 * The laws of divergences and estimators as predicates, in `laws/`, one file a subject.
 *
 * A law of "every divergence" takes the divergence as a function of two distributions, so that it says the same of KL, of
 * each f-divergence and of Rényi's. Expectations are sums over the outcomes.
 */
export {
  bretagnolleHuber,
  dataProcessing,
  gibbs,
  infiniteOffSupport,
  jointConvexity,
  pinsker,
} from "./laws/Divergence.ts"
export type { Divergence } from "./laws/Divergence.ts"
export { dual, fenchelYoung, locallyChiSquared, variational } from "./laws/FDivergence.ts"
export { gradientInFirst, gradientInSecond, renyiGradients } from "./laws/Gradient.ts"
export { sandwiched, symmetric, triangle } from "./laws/Metric.ts"
export {
  renyiAtInfinity,
  renyiAtOne,
  renyiAtZero,
  renyiIncreases,
  renyiIsAlpha,
  renyiSkewSymmetry,
} from "./laws/Renyi.ts"
export { chainRule, perTokenWeights } from "./laws/SequenceKL.ts"
export { homogeneous, isKLOnDistributions, scaledCopy } from "./laws/UnnormalisedKL.ts"
export {
  descendsAsSaid,
  gradientOf,
  meanGradient,
  meanValue,
  momentsAgree,
  nonNegative,
  offPolicy,
  relativeDistance,
} from "./laws/Estimator.ts"
