/**
 * The whole of RLVR for one arm: from the base model, step by step, to a trained policy.
 *
 * Problems come in epochs, each a fresh shuffle of the pool; order and sampling seeds do not depend on the objective,
 * so arms differ by their objective alone. The reference is the base, or what the objective's anchor says. With LoRA an
 * adapter is trained, and the frozen base is its own reference.
 */
import { Seed } from "@rapo/distributions"
import { Objective } from "@rapo/rapo"
import type { HostParameters } from "../model/Checkpoint.ts"
import type { Lora } from "../model/lora/Lora.ts"
import type { Setting } from "../rollout/collect.ts"
import { shuffled } from "../tasks/shuffled.ts"
import type { Problem } from "../tasks/Task.ts"
import { type ReinforceOptions, type StepMetrics, reinforceStep } from "./ReinforceStep.ts"
import { disposeLearning, learntOf, startFrom, withMovedReference } from "./start.ts"

/** A trained policy; `diverged` tells the step at which a number was not finite, and the policy is the one before it. */
export interface Reinforced {
  /** What differs from the base: the whole model, or under LoRA the adapter's entries beside the base's. */
  readonly parameters: HostParameters
  readonly diverged:
    { readonly step: number; readonly loss: number; readonly gradientNorm: number } | undefined
}

/** What training an arm is told, beside the objective. */
export interface ArmOptions extends ReinforceOptions {
  readonly promptsPerStep: number
  readonly lora?: Lora | undefined
}

/** Trains one arm. `onStep` hears of every step. */
export const reinforce = (
  setting: Setting,
  objective: Objective.Objective,
  options: ArmOptions,
  base: HostParameters,
  pool: ReadonlyArray<Problem>,
  seed: Seed.Seed,
  onStep: (metrics: StepMetrics) => void,
): Reinforced => {
  let learning = startFrom(setting.config, base, options.lora, Seed.child(seed, "adapter"))
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
  const result = { parameters: learntOf(learning), diverged }
  disposeLearning(learning)
  return result
}

/** The problems of a step: the next ones of an endless sequence of shuffled epochs. */
export const problemsOfStep = (
  pool: ReadonlyArray<Problem>,
  count: number,
  step: number,
  seed: Seed.Seed,
): ReadonlyArray<Problem> => {
  const orders = new Map<number, ReadonlyArray<Problem>>()
  return Array.from({ length: count }, (_, i) => {
    const at = step * count + i
    const epoch = Math.floor(at / pool.length)
    const order = orders.get(epoch) ?? shuffled(Seed.generator(Seed.child(seed, epoch)), pool)
    orders.set(epoch, order)
    return order[at % pool.length] as Problem
  })
}
