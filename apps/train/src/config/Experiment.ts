/**
 * An experiment, as written in a TOML file (`apps/train/experiments/`): one value that says everything a run does.
 *
 * Every number has a range; what the fields cannot say one by one is checked by `contradictions`. Unknown keys are
 * refused. Where a value is not the paper's, the file says whose it is.
 */
import { Schema } from "effect"
import { type System, lackOf, systems } from "./systems.ts"

const Count = Schema.Int.pipe(Schema.check(Schema.isGreaterThan(0)))
const Natural = Schema.Int.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(0)))
const Positive = Schema.Finite.pipe(Schema.check(Schema.isGreaterThan(0)))
const NonNegative = Schema.Finite.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(0)))
const Fraction = Schema.Finite.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 1 })))

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

const Optimiser = {
  learning_rate: Positive,
  warmup_steps: Natural,
  beta1: Fraction,
  beta2: Fraction,
  epsilon: Positive,
  weight_decay: NonNegative,
  clip_norm: Positive,
}

/** How the base model is made, when there is no checkpoint of it. */
const Pretraining = Schema.Struct({
  ...Optimiser,
  steps: Count,
  batch_size: Count,
  final_fraction: Fraction,
  noise: Fraction,
  mixture: Schema.NonEmptyArray(Schema.Struct({ level: Schema.String, weight: Positive })),
})

/** The base model: a checkpoint folder, relative to the experiment file; made by pre-training if it is not there. */
const Base = Schema.Struct({ checkpoint: Schema.String })

/** The budget and constants of RLVR, the same for every arm. */
const Training = Schema.Struct({
  ...Optimiser,
  steps: Count,
  prompts_per_step: Count,
  group_size: Schema.Int.pipe(Schema.check(Schema.isGreaterThan(1))),
  updates_per_batch: Count,
  temperature: Positive,
})

/** How base and arms are judged. */
const Evaluation = Schema.Struct({
  /** n of pass@k: samples a problem. */
  samples: Count,
  validation_samples: Count,
  temperature: Positive,
  bootstrap_resamples: Count,
  /** Samples a problem from which entropy and KL are measured. */
  diagnostic_samples: Count,
})

/**
 * One kind of objective with its candidate coefficients; the candidate with the best validation figure is chosen.
 *
 * Each member has one literal: by it the decoder finds the member that is meant, and complains about that one alone.
 */
const Arm = Schema.Union([
  Schema.Struct({ objective: Schema.Literal("no-kl") }),
  Schema.Struct({ objective: Schema.Literal("reverse-kl"), alpha: Schema.NonEmptyArray(Positive) }),
  Schema.Struct({ objective: Schema.Literal("forward-kl"), alpha: Schema.NonEmptyArray(Positive) }),
  Schema.Struct({
    objective: Schema.Literal("rapo"),
    alpha: Schema.NonEmptyArray(Positive),
    /** φ of a wrong answer; φ of a right one is 1. */
    phi_min: Schema.NonEmptyArray(Fraction),
    beta: Schema.optionalKey(NonNegative),
  }),
  Schema.Struct({ objective: Schema.Literal("grpo"), alpha: Schema.NonEmptyArray(Positive) }),
  /** Systems with their own defaults: see `systems.ts`. */
  ...systems.map((name) => Schema.Struct({ objective: Schema.Literal(name) })),
]).annotate({
  expected: `an objective out of "no-kl", "reverse-kl", "forward-kl", "rapo", "grpo", ${systems.map((name) => `"${name}"`).join(", ")}`,
})

/** What `--quick` replaces: the same stages, smaller. */
const Quick = Schema.Struct({
  steps: Count,
  samples: Count,
  validation_samples: Count,
  problems_per_level: Count,
  /** Keep only the first coefficient of each arm. */
  first_coefficient_only: Schema.Boolean,
})

/** See the module header. */
export class Experiment extends Schema.Class<Experiment>("Experiment")({
  name: Schema.String.pipe(
    Schema.check(
      Schema.isPattern(/^[a-z0-9][a-z0-9.-]*$/, { message: "Expected letters a-z, digits, '-' and '.'" }),
    ),
  ),
  description: Schema.String,
  seed: Schema.Int,
  task: Problems,
  base: Base,
  model: Model,
  pretraining: Pretraining,
  training: Training,
  evaluation: Evaluation,
  arms: Schema.NonEmptyArray(Arm),
  quick: Quick,
}) {}

/** One arm as the file writes it. */
export type ArmConfig = (typeof Arm)["Type"]

/** Whether an arm names a system that has no coefficients to choose. */
export const isSystem = (arm: ArmConfig): arm is ArmConfig & { readonly objective: System } =>
  (systems as ReadonlyArray<string>).includes(arm.objective)

/** A field of the file and what is wrong with it in view of the others. */
export interface Contradiction {
  readonly field: string
  readonly problem: string
  readonly remedy: string
}

/** What the fields cannot say one by one. `levels` are those that the task has. Empty when all is well. */
export const contradictions = (
  experiment: Experiment,
  levels: ReadonlyArray<string>,
): ReadonlyArray<Contradiction> => {
  const { task, model, pretraining, training } = experiment
  const used: ReadonlyArray<readonly [string, string]> = [
    ...(["train", "validation", "test", "hard"] as const).flatMap((set) =>
      task[set].map(({ level }, i) => [`task.${set}[${i}].level`, level] as const),
    ),
    ...pretraining.mixture.map(({ level }, i) => [`pretraining.mixture[${i}].level`, level] as const),
  ]
  const when = (
    holds: boolean,
    field: string,
    problem: string,
    remedy: string,
  ): ReadonlyArray<Contradiction> => (holds ? [{ field, problem, remedy }] : [])
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
    ...experiment.arms.flatMap((arm, i) => {
      const lack = isSystem(arm) ? lackOf(arm.objective) : undefined
      return when(
        lack !== undefined,
        `arms[${i}].objective`,
        `"${arm.objective}" trains on ${lack}, which this experiment does not have`,
        'Name another objective, for instance "grpo" or "dapo"; or use it as a library, from @rapo/rapo.',
      )
    }),
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
      training.warmup_steps > training.steps,
      "training.warmup_steps",
      `is more than training.steps, ${training.steps}`,
      "Lower it.",
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
export const quickened = (experiment: Experiment): Experiment => {
  const { quick, task, training, evaluation, arms } = experiment
  const fewer = <L extends { readonly count: number }>(level: L): L => ({
    ...level,
    count: Math.min(level.count, quick.problems_per_level),
  })
  const first = <A>([head]: readonly [A, ...ReadonlyArray<A>]): readonly [A] => [head]
  const [firstArm, ...otherArms] = arms.map((arm): ArmConfig => {
    if (!quick.first_coefficient_only || arm.objective === "no-kl" || isSystem(arm)) return arm
    if (arm.objective === "rapo") return { ...arm, alpha: first(arm.alpha), phi_min: first(arm.phi_min) }
    return { ...arm, alpha: first(arm.alpha) }
  })
  return new Experiment({
    ...experiment,
    task: {
      ...task,
      validation: mapLevels(task.validation, fewer),
      test: mapLevels(task.test, fewer),
      hard: task.hard.map(fewer),
    },
    training: { ...training, steps: quick.steps, warmup_steps: Math.min(training.warmup_steps, quick.steps) },
    evaluation: {
      ...evaluation,
      samples: quick.samples,
      validation_samples: quick.validation_samples,
      diagnostic_samples: Math.min(evaluation.diagnostic_samples, quick.samples),
    },
    arms: firstArm === undefined ? arms : [firstArm, ...otherArms],
  })
}

const mapLevels = <L>(
  [head, ...rest]: readonly [L, ...ReadonlyArray<L>],
  f: (level: L) => L,
): readonly [L, ...Array<L>] => [f(head), ...rest.map(f)]
