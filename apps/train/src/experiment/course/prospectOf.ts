/**
 * From an experiment to its course: the one place that tells the kinds of experiments apart.
 */
import type { Seed } from "@rapo/distributions"
import { Effect } from "effect"
import { type Experiment, isData } from "../../config/Experiment.ts"
import { taskNamed } from "../../workers/Assignment.ts"
import { dataProspect } from "./data.ts"
import { generatedProspect } from "./generated.ts"

/** See the module header. `seed` draws the problems. */
export const prospectOf = Effect.fn("prospectOf")(function* (
  experiment: Experiment,
  file: string,
  seed: Seed.Seed,
) {
  return isData(experiment)
    ? yield* dataProspect(experiment, file, seed)
    : yield* generatedProspect(experiment, taskNamed(experiment.task.name), file, seed)
})
