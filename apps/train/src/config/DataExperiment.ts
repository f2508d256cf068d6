/**
 * An experiment on problems that stand in files, judged by the verifier of mathematics, from a checkpoint that is given.
 */
import { Schema } from "effect"
import { type Contradiction, commonContradictions, when } from "./contradictions.ts"
import { quickTables } from "./quick.ts"
import { Count, commonFields, quickFields } from "./tables.ts"

/** Paths are relative to the experiment file. */
const Data = Schema.Struct({
  train: Schema.NonEmptyArray(Schema.String),
  /**
   * The problems that choose among coefficients: files, or how many of the training problems are held out for it, drawn by the
   * experiment's seed.
   */
  validation: Schema.Union([Count, Schema.NonEmptyArray(Schema.String)]).annotate({
    expected: "a number of problems to hold out of training, or a list of files",
  }),
  /** Sets that are judged, each with its own curve. */
  test: Schema.NonEmptyArray(Schema.Struct({ name: Schema.String, file: Schema.String })),
  /** Candidates for the Hard set: it keeps those that the base solves in none of `evaluation.samples` samples. */
  hard: Schema.Array(Schema.String),
  /** Most problems of validation and of each test and Hard set; all, if nothing is said. */
  limit: Schema.optionalKey(Count),
  /** What the records call their fields, as `--fields` of `rapo eval` has it; usual names are found. */
  fields: Schema.optionalKey(Schema.String),
})

/** How a problem is put to the model, and how much it may say. */
const Prompt = Schema.Struct({
  /** qwen-boxed, plain, r1, chat, or a text file with {problem} in it, relative to the experiment file. */
  template: Schema.String,
  /** Problems whose prompt is longer are left out. */
  max_prompt_tokens: Count,
  /** The end token included. */
  max_response_tokens: Count,
})

/** See the module header. */
export class DataExperiment extends Schema.Class<DataExperiment>("DataExperiment")({
  ...commonFields,
  data: Data,
  prompt: Prompt,
  quick: Schema.Struct({
    ...quickFields,
    prompts_per_step: Count,
    group_size: Schema.Int.pipe(Schema.check(Schema.isGreaterThan(1))),
    max_response_tokens: Count,
    /** Of validation, and of each test set. */
    problems_per_set: Count,
  }),
}) {}

/** What the fields cannot say one by one. Empty when all is well. */
export const contradictions = (experiment: DataExperiment): ReadonlyArray<Contradiction> => {
  const names = experiment.data.test.map(({ name }) => name)
  return [
    ...names.flatMap((name, i) => [
      ...when(
        names.indexOf(name) < i,
        `data.test[${i}].name`,
        `"${name}" stands twice`,
        "Name each set once.",
      ),
      ...when(
        name === "hard",
        `data.test[${i}].name`,
        '"hard" is the name of the problems that the base never solves',
        "Choose another.",
      ),
    ]),
    ...commonContradictions(experiment),
  ]
}

/** The smaller experiment of `--quick`: the same stages. */
export const quickened = (experiment: DataExperiment): DataExperiment => {
  const { quick, data, prompt } = experiment
  const { training, ...tables } = quickTables(experiment, quick)
  return new DataExperiment({
    ...experiment,
    ...tables,
    training: {
      ...training,
      prompts_per_step: Math.min(training.prompts_per_step, quick.prompts_per_step),
      group_size: Math.min(training.group_size, quick.group_size),
    },
    data: { ...data, limit: Math.min(data.limit ?? quick.problems_per_set, quick.problems_per_set) },
    prompt: {
      ...prompt,
      max_response_tokens: Math.min(prompt.max_response_tokens, quick.max_response_tokens),
    },
  })
}
