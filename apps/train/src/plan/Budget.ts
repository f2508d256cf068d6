/**
 * The memory of a training step, by a dry run of the step's own code.
 *
 *     peak = between steps + max( sampling, gradient, update )
 *     between steps = weights + adapter + reference + moments
 *
 * Nothing here knows what a layer or a loss holds: the phases are run on a backend that holds shapes (`dry/backend.ts`), and what is live
 * at their peaks is counted. So a change of the model changes the plan; what the plan knows by itself is what engines do
 * differently (`dry/traits.ts`), what kernels make (`dry/kernels.ts`), and in which passes a phase is largest (`phases`).
 *
 * Laws (tests): monotone in every size; equal to a real step's peak on wasm, byte by byte.
 */
import { parameterCount } from "../model/Parameters.ts"
import { blankLearning } from "./blank.ts"
import type { Load } from "./Load.ts"
import { type Differentiated, type GradientPeak, gradientPeak } from "./phases/gradient.ts"
import { type Sampled, cacheBytes, samplingPeak } from "./phases/sampling.ts"
import { type Stage, bytesOf, bytesOfTrained } from "./phases/Stage.ts"
import { updatePeak } from "./phases/update.ts"

// model

/**
 * Bytes by part. The phases do not add up: the largest is the peak. `taken` is what the process may have taken for it. Within the
 * gradient, `gradients`, `activations` and `logits` are what is live at its peak: sums of gradients, all else, and logits.
 */
export interface Budget {
  readonly weights: number
  readonly adapter: number
  readonly reference: number
  readonly moments: number
  readonly gradients: number
  /** Keys and values while the last token is sampled: before it and after it. */
  readonly cache: number
  readonly activations: number
  readonly logits: number
  readonly sampling: number
  readonly gradient: number
  readonly update: number
  readonly peak: number
  readonly taken: number
}

/** A model's phases on an engine, each measured once for what it depends on. Bytes, all that is held between steps included. */
export interface Phases {
  readonly between: number
  readonly sampling: (sampled: Sampled) => number
  readonly gradient: (differentiated: Differentiated) => number
  readonly update: () => number
  readonly budget: (load: Load) => Budget
}

// constructors

/** See the module header. */
export const phasesOf = (stage: Stage): Phases => {
  const { dry, config, lora } = stage
  const { overhead } = dry.traits
  const between = bytesOf(stage, () => blankLearning(config, lora))
  const sampled = remembered((each: Sampled) => samplingPeak(stage, each))
  const differentiated = remembered((each: Differentiated): GradientPeak => gradientPeak(stage, each))
  const updated = remembered((_: object) => updatePeak(stage))

  const sampling = ({ prompt, response, groupSize, batch, places }: Sampled): number =>
    between + sampled({ prompt, response, groupSize, batch, places })
  const gradientOf = ({
    prompt,
    response,
    groupSize,
    batch,
    microBatch,
    checkpointsLayers,
    logitRows,
  }: Differentiated) =>
    differentiated({ prompt, response, groupSize, batch, microBatch, checkpointsLayers, logitRows })
  const update = (): number => between + updated({})

  return {
    between,
    sampling,
    gradient: (load) => between + gradientOf(load).bytes,
    update,
    budget: (load) => {
      const weights = 4 * parameterCount(config)
      const moments = 2 * bytesOfTrained(stage)
      const reference = lora === undefined ? weights : 0
      const gradient = gradientOf(load)
      const phases = { sampling: sampling(load), gradient: between + gradient.bytes, update: update() }
      const peak = Math.max(...Object.values(phases))
      return {
        weights,
        adapter: between - weights - moments - reference,
        reference,
        moments,
        gradients: gradient.sums,
        cache: cacheBytes(stage, load),
        activations: gradient.bytes - gradient.sums - gradient.logits,
        logits: gradient.logits,
        ...phases,
        peak,
        taken: Math.round(peak + overhead.own + overhead.ofPassing * (peak - between)),
      }
    },
  }
}

// numerics

/** A function that computes once what it is asked again. */
const remembered = <A extends object, B>(f: (a: A) => B): ((a: A) => B) => {
  const known = new Map<string, { readonly value: B }>()
  return (a) => {
    const key = JSON.stringify(a)
    const { value } = known.get(key) ?? { value: f(a) }
    known.set(key, { value })
    return value
  }
}
