/**
 * What the fields of an experiment cannot say one by one, for every kind of experiment.
 */
import { loraContradictions } from "./lora.ts"
import { lackOf } from "./systems.ts"
import { type CommonExperiment, isSystem } from "./tables.ts"

/** A field of the file and what is wrong with it in view of the others. */
export interface Contradiction {
  readonly field: string
  readonly problem: string
  readonly remedy: string
}

/** The contradiction, if it holds. */
export const when = (
  holds: boolean,
  field: string,
  problem: string,
  remedy: string,
): ReadonlyArray<Contradiction> => (holds ? [{ field, problem, remedy }] : [])

/** Those between the tables that every experiment has. Empty when all is well. */
export const commonContradictions = ({
  arms,
  training,
  lora,
}: CommonExperiment): ReadonlyArray<Contradiction> => [
  ...loraContradictions(lora),
  ...arms.flatMap((arm, i) => {
    const lack = isSystem(arm) ? lackOf(arm.objective) : undefined
    return when(
      lack !== undefined,
      `arms[${i}].objective`,
      `"${arm.objective}" trains on ${lack}, which this experiment does not have`,
      'Name another objective, for instance "grpo" or "dapo"; or use it as a library, from @rapo/rapo.',
    )
  }),
  ...when(
    training.warmup_steps > training.steps,
    "training.warmup_steps",
    `is more than training.steps, ${training.steps}`,
    "Lower it.",
  ),
]
