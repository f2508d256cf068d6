/**
 * The tables that every experiment file has, whatever its problems are: seed, base model, training, evaluation, arms.
 */
import { Schema } from "effect"
import { engineChoices } from "../engine/EngineName.ts"
import { LoraTable } from "./lora.ts"
import { type System, systems } from "./systems.ts"

// scalars

/** A whole number of at least 1. */
export const Count = Schema.Int.pipe(Schema.check(Schema.isGreaterThan(0)))
/** A whole number of at least 0. */
export const Natural = Schema.Int.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(0)))
/** A finite number above 0. */
export const Positive = Schema.Finite.pipe(Schema.check(Schema.isGreaterThan(0)))
/** A finite number of at least 0. */
export const NonNegative = Schema.Finite.pipe(Schema.check(Schema.isGreaterThanOrEqualTo(0)))
/** A number in [0, 1]. */
export const Fraction = Schema.Finite.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 1 })))

// tables

/** The constants of AdamW and its schedule. */
export const Optimiser = {
  learning_rate: Positive,
  warmup_steps: Natural,
  beta1: Fraction,
  beta2: Fraction,
  epsilon: Positive,
  weight_decay: NonNegative,
  clip_norm: Positive,
}

/** The base model: a checkpoint folder, relative to the experiment file. */
const Base = Schema.Struct({ checkpoint: Schema.String })

/** The budget and constants of RLVR, the same for every arm. */
const Training = Schema.Struct({
  ...Optimiser,
  steps: Count,
  prompts_per_step: Count,
  group_size: Schema.Int.pipe(Schema.check(Schema.isGreaterThan(1))),
  updates_per_batch: Count,
  temperature: Positive,
  /** How memory is spent (`training/Memory.ts`); `rapo plan` says what fits. Left out, everything is held at once. */
  micro_batch: Schema.optionalKey(Count),
  checkpoint_layers: Schema.optionalKey(Schema.Boolean),
  logit_rows: Schema.optionalKey(Count),
  sampling_places: Schema.optionalKey(Count),
  sampling_batch: Schema.optionalKey(Count),
  /**
   * Learning is saved every so many steps, to be gone on from by `--resume`; 0: at an interruption alone. Left out: about every 10
   * minutes (`training/save/due.ts`). A save has 12 bytes for each number that is trained.
   */
  save_every: Schema.optionalKey(Natural),
})

/** `[training]` of an experiment. */
export type Training = (typeof Training)["Type"]

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

/** What `--quick` replaces in every experiment: the same stages, smaller. */
export const quickFields = {
  steps: Count,
  samples: Count,
  validation_samples: Count,
  /** Keep only the first coefficient of each arm. */
  first_coefficient_only: Schema.Boolean,
}

/** The fields of every experiment. */
export const commonFields = {
  name: Schema.String.pipe(
    Schema.check(
      Schema.isPattern(/^[a-z0-9][a-z0-9.-]*$/, { message: "Expected letters a-z, digits, '-' and '.'" }),
    ),
  ),
  description: Schema.String,
  seed: Schema.Int,
  /** What computes, unless `--engine` says: figures are equal for equal seeds on one engine only. Left out: auto. */
  engine: Schema.optionalKey(Schema.Literals(engineChoices)),
  base: Base,
  /** Left out: the whole model is trained. */
  lora: Schema.optionalKey(LoraTable),
  training: Training,
  evaluation: Evaluation,
  arms: Schema.NonEmptyArray(Arm),
}

const Common = Schema.Struct(commonFields)

/** What every experiment says. */
export type CommonExperiment = (typeof Common)["Type"]

/** One arm as the file writes it. */
export type ArmConfig = (typeof Arm)["Type"]

/** Whether an arm names a system that has no coefficients to choose. */
export const isSystem = (arm: ArmConfig): arm is ArmConfig & { readonly objective: System } =>
  (systems as ReadonlyArray<string>).includes(arm.objective)
