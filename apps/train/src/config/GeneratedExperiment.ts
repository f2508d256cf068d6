/**
 * An experiment on problems that a task generates, with a base model that can be made here.
 */
import { Schema } from "effect"
import { type Contradiction, commonContradictions, when } from "./contradictions.ts"
import { quickTables } from "./quick.ts"
import { Count, Fraction, Natural, Optimiser, Positive, commonFields, quickFields } from "./tables.ts"

/** How many problems of a level. */
export const LevelCount = Schema.Struct({ level: Schema.String, count: Count })

/** Which problems there are. The sets are disjoint by construction. */
const Problems = Schema.Struct({
  name: Schema.String,
  train: Schema.NonEmptyArray(LevelCount),
  validation: Schema.NonEmptyArray(LevelCount),
  test: Schema.NonEmptyArray(LevelCount),
  /** Candidates for the Hard set: it keeps those that the base solves in none of `evaluation.samples` samples. */
  hard: Schema.Array(LevelCount),
})

/** The architecture of a model to be made (a checkpoint brings its own). */
const Model = Schema.Struct({
  hidden_size: Count,
  intermediate_size: Count,
  num_hidden_layers: Count,
  num_attention_heads: Count,
  num_key_value_heads: Count,
  rope_theta: Positive,
  rms_norm_eps: Positive,
  tie_word_embeddings: Schema.Boolean,
})

/** How the base model is made, when its folder is not there. */
const Pretraining = Schema.Struct({
  ...Optimiser,
  steps: Count,
  batch_size: Count,
  final_fraction: Fraction,
  noise: Fraction,
  mixture: Schema.NonEmptyArray(Schema.Struct({ level: Schema.String, weight: Positive })),
  /** As in [training]. */
  save_every: Schema.optionalKey(Natural),
})

/** See the module header. */
export class GeneratedExperiment extends Schema.Class<GeneratedExperiment>("GeneratedExperiment")({
  ...commonFields,
  task: Problems,
  model: Model,
  pretraining: Pretraining,
  quick: Schema.Struct({ ...quickFields, problems_per_level: Count }),
}) {}

/** What the fields cannot say one by one. `levels` are those that the task has. Empty when all is well. */
export const contradictions = (
  experiment: GeneratedExperiment,
  levels: ReadonlyArray<string>,
): ReadonlyArray<Contradiction> => {
  const { task, model, pretraining, training } = experiment
  const used: ReadonlyArray<readonly [string, string]> = [
    ...(["train", "validation", "test", "hard"] as const).flatMap((set) =>
      task[set].map(({ level }, i) => [`task.${set}[${i}].level`, level] as const),
    ),
    ...pretraining.mixture.map(({ level }, i) => [`pretraining.mixture[${i}].level`, level] as const),
  ]
  const trainSize = task.train.reduce((sum, { count }) => sum + count, 0)
  return [
    ...used.flatMap(([field, level]) =>
      when(
        !levels.includes(level),
        field,
        `the task has no level "${level}"`,
        `Its levels are ${levels.join(", ")}.`,
      ),
    ),
    ...(["train", "validation", "test", "hard"] as const).flatMap((set) =>
      when(
        new Set(task[set].map(({ level }) => level)).size < task[set].length,
        `task.${set}`,
        "a level stands twice",
        "Write each level once, with the whole count.",
      ),
    ),
    ...commonContradictions(experiment),
    ...when(
      model.hidden_size % model.num_attention_heads !== 0 ||
        (model.hidden_size / model.num_attention_heads) % 2 !== 0,
      "model.num_attention_heads",
      `hidden_size ${model.hidden_size} does not divide into ${model.num_attention_heads} heads of even size`,
      "Choose a divisor of hidden_size that leaves an even head size.",
    ),
    ...when(
      model.num_attention_heads % model.num_key_value_heads !== 0,
      "model.num_key_value_heads",
      `${model.num_key_value_heads} does not divide num_attention_heads ${model.num_attention_heads}`,
      "Choose a divisor of num_attention_heads.",
    ),
    ...when(
      training.prompts_per_step > trainSize,
      "training.prompts_per_step",
      `is ${training.prompts_per_step}, but there are ${trainSize} training problems`,
      "Lower it, or raise the counts in task.train.",
    ),
    ...when(
      pretraining.warmup_steps > pretraining.steps,
      "pretraining.warmup_steps",
      `is more than pretraining.steps, ${pretraining.steps}`,
      "Lower it.",
    ),
  ]
}

/** The smaller experiment of `--quick`: the same stages, in under a minute. */
export const quickened = (experiment: GeneratedExperiment): GeneratedExperiment => {
  const { quick, task } = experiment
  const fewer = <L extends { readonly count: number }>(level: L): L => ({
    ...level,
    count: Math.min(level.count, quick.problems_per_level),
  })
  return new GeneratedExperiment({
    ...experiment,
    ...quickTables(experiment, quick),
    task: {
      ...task,
      validation: mapLevels(task.validation, fewer),
      test: mapLevels(task.test, fewer),
      hard: task.hard.map(fewer),
    },
  })
}

const mapLevels = <L>(
  [head, ...rest]: readonly [L, ...ReadonlyArray<L>],
  f: (level: L) => L,
): readonly [L, ...Array<L>] => [f(head), ...rest.map(f)]
