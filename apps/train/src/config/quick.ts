/**
 * What `--quick` does to the tables that every experiment has.
 */
import { type ArmConfig, type CommonExperiment, isSystem } from "./tables.ts"

/** The part of `[quick]` that every experiment has. */
interface CommonQuick {
  readonly steps: number
  readonly samples: number
  readonly validation_samples: number
  readonly first_coefficient_only: boolean
}

/** Fewer steps, samples and coefficients. Never more. */
export const quickTables = (
  { training, evaluation, arms }: CommonExperiment,
  quick: CommonQuick,
): Pick<CommonExperiment, "training" | "evaluation" | "arms"> => {
  const [firstArm, ...otherArms] = arms.map((arm) => (quick.first_coefficient_only ? fewer(arm) : arm))
  return {
    training: { ...training, steps: quick.steps, warmup_steps: Math.min(training.warmup_steps, quick.steps) },
    evaluation: {
      ...evaluation,
      samples: quick.samples,
      validation_samples: quick.validation_samples,
      diagnostic_samples: Math.min(evaluation.diagnostic_samples, quick.samples),
    },
    arms: firstArm === undefined ? arms : [firstArm, ...otherArms],
  }
}

const fewer = (arm: ArmConfig): ArmConfig => {
  if (arm.objective === "no-kl" || isSystem(arm)) return arm
  if (arm.objective === "rapo") return { ...arm, alpha: first(arm.alpha), phi_min: first(arm.phi_min) }
  return { ...arm, alpha: first(arm.alpha) }
}

const first = <A>([head]: readonly [A, ...ReadonlyArray<A>]): readonly [A] => [head]
