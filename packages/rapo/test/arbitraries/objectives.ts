/** Random objectives: every part drawn alone, and the registered systems among the wholes. */
import * as fc from "fast-check"
import type {
  Aggregation,
  Correction,
  Objective,
  Regulariser,
  Shaping,
  Surrogate,
  TrustRegion,
} from "../../src/index.ts"
import { Objectives, PolicyGradient } from "../../src/index.ts"
import { double, phi } from "./basics.ts"
import { advantage } from "./advantages.ts"

/** Clips of some width: one of width 0 has its kink at r = 1 itself, where rounding decides the branch. */
export const region: fc.Arbitrary<TrustRegion.TrustRegion> = fc.oneof(
  fc.constant({ _tag: "None" as const }),
  fc.record({ _tag: fc.constant("Clip" as const), low: double(0.01, 1.5), high: double(0.01, 1.5) }),
  fc.record({
    _tag: fc.constant("Clip" as const),
    low: double(0.01, 1),
    high: double(0.01, 1),
    dual: double(1.01, 10),
  }),
)

export const correction: fc.Arbitrary<Correction.Correction> = fc.oneof(
  fc.constantFrom({ _tag: "None" as const }, { _tag: "Weighted" as const }),
  double(1, 5).map((maximum) => ({ _tag: "Truncated" as const, maximum })),
  fc.record({ _tag: fc.constant("Masked" as const), low: double(0, 1), high: double(1, 5) }),
)

export const shaping: fc.Arbitrary<Shaping.Shaping> = fc.oneof(
  fc.constant({ _tag: "None" as const }),
  double(0, 2).map((strength) => ({ _tag: "OverConfidence" as const, strength })),
  double(1.001, 2).map((base) => ({ _tag: "LongWrong" as const, base })),
)

export const aggregation: fc.Arbitrary<Aggregation.Aggregation> = fc.oneof(
  fc.constantFrom({ _tag: "TokenMean" as const }, { _tag: "SequenceMean" as const }),
  fc.integer({ min: 1, max: 20 }).map((length) => ({ _tag: "Constant" as const, length })),
)

const leveled: fc.Arbitrary<PolicyGradient.Leveled> = fc.oneof(
  fc.constantFrom<PolicyGradient.Leveled>(
    { ratio: "token", demonstrations: { _tag: "None" } },
    { ratio: "sequence", demonstrations: { _tag: "None" } },
  ),
  double(0, 2).map((gamma): PolicyGradient.Leveled => ({
    ratio: "token",
    demonstrations: { _tag: "Mixed", gamma },
  })),
)

export const policyGradient: fc.Arbitrary<PolicyGradient.PolicyGradient> = fc
  .tuple(leveled, advantage, shaping, region, correction)
  .map(([levels, advantage, shaping, trustRegion, correction]) => ({
    ...PolicyGradient.of(advantage, trustRegion),
    ...levels,
    shaping,
    correction,
  }))

const reference: fc.Arbitrary<Regulariser.Reference> = fc.oneof(
  fc.constant({ _tag: "Plain" as const }),
  phi.map((phi) => ({ _tag: "Reweighted" as const, phi })),
)

const hold: fc.Arbitrary<Regulariser.Hold> = fc.record({
  coefficient: double(0.01, 2),
  reference,
  anchor: fc.constantFrom<Regulariser.Anchor>(
    { _tag: "Frozen" },
    { _tag: "Moving", every: 3, resetsOptimiser: true },
  ),
  weighting: fc.constantFrom("uniform" as const, "by-difficulty" as const),
})

const sampledOf = <Name extends Regulariser.Sampled["estimator"]>(
  ...names: Array<Name>
): fc.Arbitrary<Regulariser.Sampled<Name>> =>
  fc
    .tuple(
      hold,
      fc.constantFrom(...names),
      fc.constantFrom(0.5, 2, 5),
      fc.constantFrom("token" as const, "sequence" as const),
    )
    .map(([hold, estimator, logRatioBound, level]) => ({
      _tag: "Sampled",
      ...hold,
      estimator,
      logRatioBound,
      level,
    }))

export const asLoss: fc.Arbitrary<Regulariser.AsLoss> = fc.oneof(
  fc.constant({ _tag: "None" as const }),
  fc
    .tuple(hold, fc.constantFrom("forward" as const, "reverse" as const))
    .map(([hold, direction]) => ({ _tag: "ExactVocabulary" as const, ...hold, direction })),
  sampledOf("rkl-k2-loss", "k3-naive", "k3-weighted", "fkl-naive", "fkl-weighted"),
)

export const regulariser: fc.Arbitrary<Regulariser.Regulariser> = fc.oneof(
  { weight: 5, arbitrary: asLoss },
  { weight: 1, arbitrary: sampledOf("rkl-k1-reward") },
)

const entropy: fc.Arbitrary<number> = fc.oneof(fc.constant(0), double(0.01, 1))

const name = fc.constant("arbitrary")

export const policyGradientObjective: fc.Arbitrary<Objective.PolicyGradientObjective> = fc.record({
  name,
  surrogate: policyGradient,
  regulariser,
  entropy,
  aggregation,
})

const bellmanObjective: fc.Arbitrary<Objective.BellmanObjective> = fc.record({
  name,
  surrogate: fc.record({
    _tag: fc.constant("BellmanRegression" as const),
    advantage,
    temperature: double(0.1, 2),
  }),
  regulariser: asLoss,
  entropy,
  aggregation,
})

const ofResponses: fc.Arbitrary<Surrogate.OfResponses> = fc.oneof(
  double(0.1, 2).map((beta) => ({ _tag: "Classification" as const, beta })),
  fc.record({
    _tag: fc.constant("DistributionMatching" as const),
    target: fc.oneof(
      fc.constant({ _tag: "Filtered" as const }),
      double(0.3, 3).map((temperature) => ({ _tag: "Tilted" as const, temperature })),
    ),
    hasBaseline: fc.boolean(),
  }),
)

const responseObjective: fc.Arbitrary<Objective.ResponseObjective> = fc.record({
  name,
  surrogate: ofResponses,
  regulariser: asLoss,
  entropy,
  aggregation: fc.constant({ _tag: "SequenceMean" as const }),
})

/** The systems that have a file. */
export const system: fc.Arbitrary<Objective.Objective> = fc
  .constantFrom(...Objectives.names)
  .map((name) => Objectives.all[name])

/** Any objective: half of them policy gradients of any parts, the rest other surrogates and the registered systems. */
export const objective: fc.Arbitrary<Objective.Objective> = fc.oneof(
  { weight: 4, arbitrary: policyGradientObjective },
  { weight: 1, arbitrary: bellmanObjective },
  { weight: 2, arbitrary: responseObjective },
  { weight: 2, arbitrary: system },
)
