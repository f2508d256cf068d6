/**
 * `summary.json`: what a run found, with everything needed to judge it. Equal for equal seeds on one engine, but for
 * `times`.
 *
 * Proportions are in [0, 1]; intervals are 95%, over problems, as `PassCurve` makes them; entropies and KLs in nats a token.
 */
import { Schema } from "effect"

/** A mean with its interval. */
export const Interval = Schema.Struct({
  mean: Schema.Finite,
  low: Schema.Finite,
  high: Schema.Finite,
  level: Schema.Finite,
})

/** Unbiased pass@k, or a difference of it, for rising k. */
export const PassCurve = Schema.Struct({ k: Schema.Array(Schema.Int), points: Schema.Array(Interval) })

/** A set of problems that arms are judged on. */
export const ProblemSet = Schema.Struct({
  set: Schema.String,
  title: Schema.String,
  description: Schema.String,
  problems: Schema.Int,
  /** n of pass@k. */
  samples: Schema.Int,
})

/** One arm on one set. */
export const SetScore = Schema.Struct({
  set: Schema.String,
  pass: PassCurve,
  /** Paired by problem, to the base; on Hard to a fresh draw of the base. Null for the base itself. */
  difference: Schema.NullOr(PassCurve),
  /** n, and c by problem id: the raw material. */
  counts: Schema.Array(Schema.Struct({ id: Schema.String, correct: Schema.Int })),
})

/** A policy: the base, or a trained arm. */
export const Arm = Schema.Struct({
  name: Schema.String,
  family: Schema.String,
  label: Schema.String,
  objective: Schema.String,
  /** Whether validation chose it among its family. */
  chosen: Schema.Boolean,
  /** Mean pass@k over k = 1, 2, 4, … on the validation problems: the figure that chooses. */
  validation: Schema.Finite,
  /** The step at which a number was not finite; training stopped there. */
  divergedAt: Schema.NullOr(Schema.Int),
  sets: Schema.Array(SetScore),
  diagnostics: Schema.Struct({
    entropy: Schema.Finite,
    klPolicyBase: Schema.Finite,
    klBasePolicy: Schema.Finite,
    legalRate: Schema.Finite,
    meanLength: Schema.Finite,
  }),
})

/** A chosen arm against another, paired by problem. */
export const Comparison = Schema.Struct({
  set: Schema.String,
  k: Schema.Int,
  arm: Schema.String,
  against: Schema.String,
  difference: Interval,
})

/** See the module header. */
export class Summary extends Schema.Class<Summary>("Summary")({
  schema: Schema.Literal("rapo-summary-1"),
  /** "interrupted": the arms that were not finished are missing. */
  status: Schema.Literals(["complete", "interrupted"]),
  name: Schema.String,
  description: Schema.String,
  quick: Schema.Boolean,
  seed: Schema.Int,
  base: Schema.Struct({
    source: Schema.Literals(["checkpoint", "pretrained"]),
    path: Schema.String,
    parameters: Schema.Int,
  }),
  engine: Schema.Struct({ name: Schema.String, workers: Schema.Int }),
  versions: Schema.Struct({ rapo: Schema.String, tfjs: Schema.String, node: Schema.String }),
  times: Schema.Struct({ started: Schema.String, wallSeconds: Schema.Finite }),
  sets: Schema.Array(ProblemSet),
  /** How Hard came to be. Null when the experiment has none, or the base solves every candidate. */
  hard: Schema.NullOr(
    Schema.Struct({
      candidates: Schema.Int,
      problems: Schema.Int,
      samples: Schema.Int,
      solvedByFreshBase: Schema.Int,
    }),
  ),
  /** The base first, then arms in the order of the experiment file. */
  arms: Schema.Array(Arm),
  comparisons: Schema.Array(Comparison),
  settings: Schema.Array(Schema.Tuple([Schema.String, Schema.String])),
  findings: Schema.Array(Schema.String),
}) {}
