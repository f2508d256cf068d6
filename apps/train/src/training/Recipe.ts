/**
 * All that a base model which is made from nothing depends on, beside the engine: plain data.
 */
import type { GeneratedExperiment } from "../config/GeneratedExperiment.ts"

/** See the module header: fields of the experiment, by their names there. */
export interface Recipe extends Pick<GeneratedExperiment, "seed" | "model"> {
  readonly task: Pick<GeneratedExperiment["task"], "name">
  readonly pretraining: Omit<GeneratedExperiment["pretraining"], "save_every">
}

/** The recipe of an experiment's base. */
export const recipeOf = ({ seed, task, model, pretraining }: GeneratedExperiment): Recipe => {
  const { save_every: _, ...own } = pretraining
  return { seed, task: { name: task.name }, model, pretraining: own }
}
