/**
 * `summary.json` of an evaluation or of a comparison: what was found, with everything needed to judge it. Equal for equal
 * samples and bootstrap settings.
 *
 * Proportions are in [0, 1], entropies in nats. Intervals over problems are those of `PassCurve`: BCa bootstraps, of differences no shorter than
 * Student's, grown by what problems not drawn could add; those of one problem are posteriors with a uniform prior.
 */
import { Schema } from "effect"
import { Interval, PassCurve } from "../storage/Summary.ts"
import { Evaluation } from "./EvaluationRecord.ts"

// model

/** How intervals over problems were made. */
export const BootstrapSettings = Schema.Struct({
  level: Schema.Finite,
  resamples: Schema.Int,
  seed: Schema.Int,
})
/** See the value of the same name. */
export type BootstrapSettings = (typeof BootstrapSettings)["Type"]

/** What the answers of one problem look like. */
const AnswerCounts = Schema.Struct({
  distinct: Schema.Int,
  entropy: Schema.Finite,
  unparseable: Schema.Int,
})

/** One problem: c of n, and what that says of its rate. */
export const ProblemScore = Schema.Struct({
  id: Schema.String,
  samples: Schema.Int,
  correct: Schema.Int,
  rate: Interval,
  /** Null where only counts are known. */
  answers: Schema.NullOr(AnswerCounts),
})

/** What only the samples know: null where only counts are. */
export const SampleDetails = Schema.Struct({
  /** maj@k over samples with an answer, at most all of them; correct answers are one answer, others differ by their value. */
  majority: PassCurve,
  /** Means over problems. */
  distinctAnswers: Schema.Finite,
  answerEntropy: Schema.Finite,
  /** Of the words of the first `texts` samples of a problem, `characters` of each; self-BLEU is null of single samples. */
  diversity: Schema.Struct({
    texts: Schema.Int,
    characters: Schema.Int,
    distinctWords: Schema.Finite,
    distinctPairs: Schema.Finite,
    selfBleu: Schema.NullOr(Schema.Finite),
  }),
  verdicts: Schema.Struct({
    Correct: Schema.Int,
    Wrong: Schema.Int,
    Unparseable: Schema.Int,
    TimedOut: Schema.Int,
  }),
  finish: Schema.Struct({ stop: Schema.Int, length: Schema.Int, other: Schema.Int }),
  /** Means over samples; tokens are null where they are not known of all. */
  characters: Schema.Finite,
  tokens: Schema.NullOr(Schema.Finite),
  promptTokens: Schema.NullOr(Schema.Finite),
})

/** See the value of the same name. */
export type SampleDetails = (typeof SampleDetails)["Type"]

/** One model. */
export const ModelScore = Schema.Struct({
  name: Schema.String,
  problems: Schema.Array(ProblemScore),
  /** k = 1, 2, 4, … up to the fewest samples of a problem. */
  pass: PassCurve,
  /** How many problems the spread of pass@k rests on, at each k: an interval on fewer than 5 may not hold its level. */
  effective: Schema.Array(Schema.Finite),
  /** pass^k: all of k are correct. */
  allOfK: PassCurve,
  /** avg@n: the mean share of correct samples, which is pass@1. */
  average: Interval,
  details: Schema.NullOr(SampleDetails),
})
/** See the value of the same name. */
export type ModelScore = (typeof ModelScore)["Type"]

/** A ratio of support dynamics; null where it has no denominator. */
const Ratio = Schema.NullOr(Interval)

/** The second model against the first, paired by problem. */
export const Comparison = Schema.Struct({
  base: Schema.String,
  model: Schema.String,
  /** pass@k of the model minus that of the base. */
  difference: PassCurve,
  /** How many problems the spread of the difference rests on, at each k. */
  effective: Schema.Array(Schema.Finite),
  /** Two-sided, of the paired permutation test at each k of the difference. */
  pValues: Schema.Array(Schema.Finite),
  support: Schema.Struct({
    preserved: Schema.Int,
    expanded: Schema.Int,
    shrunk: Schema.Int,
    out: Schema.Int,
    srr: Ratio,
    ndr: Ratio,
    sds: Ratio,
    nscr: Ratio,
  }),
  newlySolved: Schema.Array(Schema.String),
  newlyLost: Schema.Array(Schema.String),
  hard: Schema.Struct({
    /** Problems that the base never solved. */
    problems: Schema.Array(Schema.String),
    /** The base's fewest samples of a problem. */
    samples: Schema.Int,
    solved: Schema.Int,
    /** How often a problem of that true rate lands in Hard by chance. */
    chances: Schema.Array(Schema.Struct({ rate: Schema.Finite, chance: Schema.Finite })),
    caveat: Schema.String,
  }),
})
/** See the value of the same name. */
export type Comparison = (typeof Comparison)["Type"]

/** See the module header. */
export class EvaluationSummary extends Schema.Class<EvaluationSummary>("EvaluationSummary")({
  schema: Schema.Literal("rapo-evaluation-1"),
  /** "incomplete": samples are missing that the settings ask for. */
  status: Schema.Literals(["complete", "incomplete"]),
  bootstrap: BootstrapSettings,
  /** Of each model in order; null where only counts are known. */
  evaluations: Schema.Array(Schema.NullOr(Evaluation)),
  /** One, or two that are compared, the base first. */
  models: Schema.Array(ModelScore),
  comparison: Schema.NullOr(Comparison),
  findings: Schema.Array(Schema.String),
}) {}

/** Resamples, level and seed unless a user asks for others. */
export const defaultBootstrap: BootstrapSettings = { level: 0.95, resamples: 10_000, seed: 0 }
