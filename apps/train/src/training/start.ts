/**
 * Where an arm starts: what of the base model is trained, what stays as it is, and the reference.
 *
 *     full:  policy = θ, a copy of the base;         reference = another copy
 *     LoRA:  policy = base + adapter, A and B in θ;  reference = the base itself, its adapters off: one copy of the weights
 */
import type { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs-core"
import type { HostParameters } from "../model/Checkpoint.ts"
import { toDevice, toHost } from "../model/DeviceParameters.ts"
import { type Lora, initialAdapter } from "../model/lora/Lora.ts"
import { isOfAdapter, isTrained, splitBy } from "../model/lora/split.ts"
import { type Parameters, disposeParameters } from "../model/Parameters.ts"
import type { Qwen2Config } from "../model/Qwen2Config.ts"
import { initialState, stateTensors } from "./AdamW.ts"
import { type Trained, disposeTrained } from "./Optimise.ts"

// model

/** A policy on its way, with its reference. */
export interface Learning {
  readonly trained: Trained
  /** π_ref: a whole model. */
  readonly reference: Reference
}

/** A whole model that may share tensors with the policy. */
export interface Reference {
  readonly parameters: Parameters
  /** Those of its tensors that nobody else holds. */
  readonly own: Parameters
}

// constructors

/** The start of an arm. With `lora`, its adapter is drawn from `seed`. */
export const startFrom = (
  config: Qwen2Config,
  base: HostParameters,
  lora: Lora | undefined,
  seed: Seed.Seed,
): Learning => {
  const model = toDevice(base)
  if (lora === undefined) {
    const copy = toDevice(base)
    return {
      trained: { parameters: model, optimiser: initialState(model) },
      reference: { parameters: copy, own: copy },
    }
  }
  const adapter = splitBy(initialAdapter(config, lora, seed), isTrained)
  const parameters = toDevice(adapter.those)
  return {
    trained: {
      parameters,
      optimiser: initialState(parameters),
      frozen: { ...model, ...toDevice(adapter.others) },
    },
    reference: { parameters: model, own: {} },
  }
}

// combinators

/** The policy as it is now becomes the reference; the old one's own tensors are disposed. */
export const withMovedReference = ({ trained, reference }: Learning, resetsOptimiser: boolean): Learning => {
  disposeParameters(reference.own)
  const own = Object.fromEntries(
    Object.entries(trained.parameters).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]),
  )
  return {
    trained: resetsOptimiser ? withFreshMoments(trained) : trained,
    reference: { parameters: { ...trained.frozen, ...own }, own },
  }
}

/** The same parameters with an optimiser that has seen nothing; the old one's moments are disposed. */
const withFreshMoments = (trained: Trained): Trained => {
  tf.dispose(stateTensors(trained.optimiser))
  return { ...trained, optimiser: initialState(trained.parameters) }
}

// destructors

/** What was learnt, on the host: the whole model, or an adapter with its scales. */
export const learntOf = ({ trained: { parameters, frozen = {} } }: Learning): HostParameters => {
  const constants = splitBy(Object.entries(frozen), isOfAdapter).those
  return toHost({ ...parameters, ...Object.fromEntries(constants) })
}

/** Frees everything. */
export const disposeLearning = ({ trained, reference }: Learning): void => {
  disposeTrained(trained)
  disposeParameters(reference.own)
  disposeParameters(trained.frozen ?? {})
}
