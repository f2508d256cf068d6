/**
 * The whole of RLVR for one arm: from the base model, step by step, to a trained policy.
 *
 * Problems come in epochs, each a fresh shuffle of the pool; order and sampling seeds do not depend on the objective,
 * so arms differ by their objective alone. The reference is the base, or what the objective's anchor says.
 */
import { Seed } from "@rapo/distributions"
import { Objective } from "@rapo/rapo"
import * as tf from "@tensorflow/tfjs-core"
import type { HostParameters } from "../model/Checkpoint.ts"
import { toDevice, toHost } from "../model/DeviceParameters.ts"
import { type Parameters, disposeParameters } from "../model/Parameters.ts"
import type { Setting } from "../rollout/collect.ts"
import type { Problem } from "../tasks/Task.ts"
import { initialState, stateTensors } from "./AdamW.ts"
import { type Trained, disposeTrained } from "./Optimise.ts"
import { type ReinforceOptions, type StepMetrics, reinforceStep } from "./ReinforceStep.ts"

/** A trained policy; `diverged` tells the step at which a number was not finite, and the policy is the one before it. */
export interface Reinforced {
  readonly parameters: HostParameters
  readonly diverged:
    { readonly step: number; readonly loss: number; readonly gradientNorm: number } | undefined
}

/** Trains one arm. `onStep` hears of every step. */
export const reinforce = (
  setting: Setting,
  objective: Objective.Objective,
  options: ReinforceOptions & { readonly promptsPerStep: number },
  base: HostParameters,
  pool: ReadonlyArray<Problem>,
  seed: Seed.Seed,
  onStep: (metrics: StepMetrics) => void,
): Reinforced => {
  const parameters = toDevice(base)
  let trained: Trained = { parameters, optimiser: initialState(parameters) }
  let reference: Parameters = toDevice(base)
  const anchor = Objective.anchorOf(objective)
  let diverged: Reinforced["diverged"]
  for (let step = 0; step < options.schedule.steps && diverged === undefined; step++) {
    const problems = problemsOfStep(pool, options.promptsPerStep, step, Seed.child(seed, "order"))
    const own = Seed.child(Seed.child(seed, "rollouts"), step)
    const result = reinforceStep(setting, objective, options, trained, reference, problems, step, own)
    trained = result.trained
    if (result._tag === "Diverged") {
      diverged = { step: result.step, loss: result.loss, gradientNorm: result.gradientNorm }
    } else {
      onStep(result.metrics)
      if (anchor._tag === "Moving" && (step + 1) % anchor.every === 0) {
        disposeParameters(reference)
        if (anchor.resetsOptimiser) trained = withFreshMoments(trained)
        reference = Object.fromEntries(
          Object.entries(trained.parameters).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]),
        )
      }
    }
  }
  const result = { parameters: toHost(trained.parameters), diverged }
  disposeTrained(trained)
  disposeParameters(reference)
  return result
}

/** The same parameters with an optimiser that has seen nothing; the old one's moments are disposed. */
const withFreshMoments = ({ parameters, optimiser }: Trained): Trained => {
  tf.dispose(stateTensors(optimiser))
  return { parameters, optimiser: initialState(parameters) }
}

/** The problems of a step: the next ones of an endless sequence of shuffled epochs. */
export const problemsOfStep = (
  pool: ReadonlyArray<Problem>,
  count: number,
  step: number,
  seed: Seed.Seed,
): ReadonlyArray<Problem> => {
  const shuffles = new Map<number, ReadonlyArray<Problem>>()
  return Array.from({ length: count }, (_, i) => {
    const at = step * count + i
    const epoch = Math.floor(at / pool.length)
    const shuffled = shuffles.get(epoch) ?? shuffle(pool, Seed.child(seed, epoch))
    shuffles.set(epoch, shuffled)
    return shuffled[at % pool.length] as Problem
  })
}

/** Fisher–Yates. */
const shuffle = <A>(values: ReadonlyArray<A>, seed: Seed.Seed): ReadonlyArray<A> => {
  const { integer } = Seed.generator(seed)
  const out = [...values]
  for (let i = out.length - 1; i > 0; i--) {
    const j = integer(0, i)
    const [a, b] = [out[i] as A, out[j] as A]
    out[i] = b
    out[j] = a
  }
  return out
}
