/** Every number of an objective, by its name, with the range that it must be in. */
import type { Objective } from "../Objective.ts"
import type { Regulariser } from "../Regulariser.ts"
import type { Surrogate } from "../Surrogate.ts"
import type { PolicyGradient } from "../surrogates/PolicyGradient.ts"
import type { Advantage } from "../Advantage.ts"

export interface Range {
  readonly name: string
  readonly contains: (x: number) => boolean
}

export interface NumericField {
  readonly field: string
  readonly value: number
  readonly range: Range
}

type Fields = ReadonlyArray<NumericField>

export const fieldsOf = ({ surrogate, regulariser, entropy, aggregation }: Objective): Fields => [
  field("entropy", entropy, nonNegative),
  ...fieldsOfSurrogate(surrogate),
  ...fieldsOfRegulariser(regulariser),
  ...(aggregation._tag === "Constant" ? [field("aggregation.length", aggregation.length, positive)] : []),
]

const fieldsOfSurrogate = (surrogate: Surrogate): Fields => {
  switch (surrogate._tag) {
    case "PolicyGradient":
      return fieldsOfGradient(surrogate)
    case "Classification":
      return [field("surrogate.beta", surrogate.beta, positive)]
    case "BellmanRegression":
      return [
        ...fieldsOfAdvantage(surrogate.advantage),
        field("surrogate.temperature", surrogate.temperature, positive),
      ]
    case "DistributionMatching":
      return surrogate.target._tag === "Tilted"
        ? [field("surrogate.target.temperature", surrogate.target.temperature, positive)]
        : []
  }
}

const fieldsOfGradient = (surrogate: PolicyGradient): Fields => {
  const { advantage, shaping, trustRegion, correction, demonstrations } = surrogate
  return [
    ...fieldsOfAdvantage(advantage),
    ...(shaping._tag === "OverConfidence"
      ? [field("surrogate.shaping.strength", shaping.strength, nonNegative)]
      : []),
    ...(shaping._tag === "LongWrong" ? [field("surrogate.shaping.base", shaping.base, aboveOne)] : []),
    ...(trustRegion._tag === "Clip"
      ? [
          field("surrogate.trustRegion.low", trustRegion.low, nonNegative),
          field("surrogate.trustRegion.high", trustRegion.high, nonNegative),
          ...(trustRegion.dual === undefined
            ? []
            : [field("surrogate.trustRegion.dual", trustRegion.dual, aboveOne)]),
        ]
      : []),
    ...(correction._tag === "Masked"
      ? [
          field("surrogate.correction.low", correction.low, atMostOne),
          field("surrogate.correction.high", correction.high, atLeastOne),
        ]
      : []),
    ...(correction._tag === "Truncated"
      ? [field("surrogate.correction.maximum", correction.maximum, atLeastOne)]
      : []),
    ...(demonstrations._tag === "Mixed"
      ? [field("surrogate.demonstrations.gamma", demonstrations.gamma, nonNegative)]
      : []),
  ]
}

const fieldsOfAdvantage = ({ scale }: Advantage): Fields =>
  scale._tag === "None" ? [] : [field("surrogate.advantage.scale.epsilon", scale.epsilon, nonNegative)]

const fieldsOfRegulariser = (regulariser: Regulariser): Fields =>
  regulariser._tag === "None"
    ? []
    : [
        field("regulariser.coefficient", regulariser.coefficient, nonNegative),
        ...(regulariser.anchor._tag === "Moving"
          ? [field("regulariser.anchor.every", regulariser.anchor.every, wholePositive)]
          : []),
        ...(regulariser._tag === "Sampled"
          ? [field("regulariser.logRatioBound", regulariser.logRatioBound, positiveOrInfinite)]
          : []),
      ]

const field = (name: string, value: number, range: Range): NumericField => ({ field: name, value, range })

const nonNegative: Range = { name: "finite and at least 0", contains: (x) => x >= 0 && x < Infinity }
const positive: Range = { name: "finite and above 0", contains: (x) => x > 0 && x < Infinity }
const positiveOrInfinite: Range = { name: "above 0", contains: (x) => x > 0 }
const wholePositive: Range = {
  name: "a whole number above 0",
  contains: (x) => Number.isSafeInteger(x) && x > 0,
}
/** With c <= 1 the dual clip would bind on-policy, at r = 1, and stop the gradient of every negative advantage. */
const aboveOne: Range = { name: "finite and above 1", contains: (x) => x > 1 && x < Infinity }
/** A correction lets a sampler that is π_old pass: w = 1 is inside. */
const atMostOne: Range = { name: "between 0 and 1", contains: (x) => x >= 0 && x <= 1 }
const atLeastOne: Range = { name: "finite and at least 1", contains: (x) => x >= 1 && x < Infinity }
