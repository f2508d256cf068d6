/** The loop of RLVR as one thread would write it, on the host's copy of a base: what teams of every size must equal. */
import { Seed } from "@rapo/distributions"
import { Objective } from "@rapo/rapo"
import type { HostParameters } from "../../src/model/Checkpoint.ts"
import { toDevice, toHost } from "../../src/model/DeviceParameters.ts"
import type { Setting } from "../../src/rollout/collect.ts"
import type { Problem } from "../../src/tasks/Task.ts"
import type { StepMetrics } from "../../src/training/Judged.ts"
import { type ArmOptions, type Divergence, problemsOfStep } from "../../src/training/reinforce.ts"
import { reinforceStep } from "../../src/training/ReinforceStep.ts"
import { disposeLearning, learntOf, startFrom, withMovedReference } from "../../src/training/start.ts"

/** A trained policy, as what differs from the base: the whole model, or an adapter's entries. */
export interface Reinforced {
  readonly parameters: HostParameters
  readonly diverged: Divergence | undefined
}

export const reinforce = (
  setting: Setting,
  objective: Objective.Objective,
  options: ArmOptions,
  base: HostParameters,
  pool: ReadonlyArray<Problem>,
  seed: Seed.Seed,
  onStep: (metrics: StepMetrics) => void,
): Reinforced => {
  let learning = startFrom(setting.config, toDevice(base), options.lora, Seed.child(seed, "adapter"))
  const anchor = Objective.anchorOf(objective)
  let diverged: Reinforced["diverged"]
  for (let step = 0; step < options.schedule.steps && diverged === undefined; step++) {
    const problems = problemsOfStep(pool, options.promptsPerStep, step, Seed.child(seed, "order"))
    const own = Seed.child(Seed.child(seed, "rollouts"), step)
    const { trained, reference } = learning
    const result = reinforceStep(
      setting,
      objective,
      options,
      trained,
      reference.parameters,
      problems,
      step,
      own,
    )
    learning = { ...learning, trained: result.trained }
    if (result._tag === "Diverged") {
      diverged = { step: result.step, loss: result.loss, gradientNorm: result.gradientNorm }
    } else {
      onStep(result.metrics)
      if (anchor._tag === "Moving" && (step + 1) % anchor.every === 0)
        learning = withMovedReference(learning, anchor.resetsOptimiser)
    }
  }
  const result = { parameters: toHost(learntOf(learning)), diverged }
  disposeLearning(learning)
  return result
}
