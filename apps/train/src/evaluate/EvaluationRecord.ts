/**
 * What the folder of an evaluation holds, as schemas: `evaluation.json`, the settings, and the lines of `samples.ndjson`.
 *
 *     samples of a problem  =  |seeds| · n,   each named by (problem, seed, sample),  sample in [0, n)
 *
 * Equal settings give equal samples from a local model, so an evaluation is continued only under equal settings. Where
 * the model or the data lie, and the versions of programs, are recorded and may differ.
 */
import { Schema } from "effect"

// settings

/** What is asked: a file of problems, or problems of a task that makes its own. */
export const ProblemSource = Schema.Union([
  Schema.TaggedStruct("File", {
    path: Schema.String,
    sha256: Schema.String,
    /** What was left out, a sentence each. */
    skipped: Schema.Array(Schema.String),
  }),
  Schema.TaggedStruct("Task", { task: Schema.String, level: Schema.String, seed: Schema.Int }),
])
/** See the value of the same name. */
export type ProblemSource = (typeof ProblemSource)["Type"]

/** Who answers. Never holds a key. */
export const ModelSource = Schema.Union([
  Schema.TaggedStruct("Checkpoint", {
    name: Schema.String,
    path: Schema.String,
    /** Of model.safetensors. */
    sha256: Schema.String,
    /** Of adapter_config.json and adapter_model.safetensors, one after the other. */
    adapter: Schema.optionalKey(Schema.Struct({ path: Schema.String, sha256: Schema.String })),
  }),
  Schema.TaggedStruct("Endpoint", {
    name: Schema.String,
    url: Schema.String,
    api: Schema.Literals(["chat", "completions"]),
  }),
])
/** See the value of the same name. */
export type ModelSource = (typeof ModelSource)["Type"]

/** `evaluation.json`. */
export const Evaluation = Schema.Struct({
  schema: Schema.Literal("rapo-evaluation-settings-1"),
  model: ModelSource,
  source: ProblemSource,
  /** Every problem that is asked, in order. */
  problems: Schema.Array(Schema.Struct({ id: Schema.String, answer: Schema.String })),
  template: Schema.Struct({
    name: Schema.String,
    /** Of the model's own chat template, its source; empty where only the server knows it. */
    text: Schema.String,
    /** Control tokens that end a response besides those that the model's files name. */
    ends: Schema.optionalKey(Schema.Array(Schema.String)),
  }),
  sampling: Schema.Struct({
    temperature: Schema.Finite,
    topP: Schema.Finite,
    topK: Schema.NullOr(Schema.Int),
    /** Missing, no bound. */
    minP: Schema.optionalKey(Schema.Finite),
    maxTokens: Schema.Int,
    stop: Schema.Array(Schema.String),
  }),
  /** Samples of a problem for each seed. */
  n: Schema.Int,
  seeds: Schema.Array(Schema.Int),
  versions: Schema.Record(Schema.String, Schema.String),
})
/** See the value of the same name. */
export type Evaluation = (typeof Evaluation)["Type"]

// samples

/** A line of `samples.ndjson`: a finished and verified sample. */
export const StoredSample = Schema.Struct({
  problem: Schema.String,
  sample: Schema.Int,
  seed: Schema.Int,
  text: Schema.String,
  finish: Schema.Literals(["stop", "length", "other"]),
  tokens: Schema.NullOr(Schema.Int),
  promptTokens: Schema.NullOr(Schema.Int),
  logProb: Schema.NullOr(Schema.Finite),
  verdict: Schema.Literals(["Correct", "Wrong", "Unparseable", "TimedOut"]),
  /** The answer as the response writes it; null where none was found. */
  answer: Schema.NullOr(Schema.String),
})
/** See the value of the same name. */
export type StoredSample = (typeof StoredSample)["Type"]

/** The name of a sample, unique within an evaluation. */
export const keyOf = ({ problem, seed, sample }: Pick<StoredSample, "problem" | "seed" | "sample">): string =>
  `${seed} ${sample} ${problem}`
