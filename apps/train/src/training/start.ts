/**
 * Where an arm starts: what of the base model is trained, what stays as it is, and the reference.
 *
 *     full:  policy = θ, a copy of the base;         reference = another copy
 *     LoRA:  policy = base + adapter, A and B in θ;  reference = the base itself, its adapters off: one copy of the weights
 */
import type { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs-core"
import { toDevice } from "../model/DeviceParameters.ts"
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

/** The start of an arm from a base on the device, whose tensors are the arm's from here on. With `lora`, its adapter is drawn from `seed`. */
export const startFrom = (
  config: Qwen2Config,
  base: Parameters,
  lora: Lora | undefined,
  seed: Seed.Seed,
): Learning => {
  if (lora === undefined) {
    const copy = copyOf(base)
    return {
      trained: { parameters: base, optimiser: initialState(base) },
      reference: { parameters: copy, own: copy },
    }
  }
  const adapter = splitBy(initialAdapter(config, lora, seed), isTrained)
  const parameters = toDevice(adapter.those)
  return {
    trained: {
      parameters,
      optimiser: initialState(parameters),
      frozen: { ...base, ...toDevice(adapter.others) },
    },
    reference: { parameters: base, own: {} },
  }
}

// combinators

/** The policy as it is now becomes the reference; the old one's own tensors are disposed. */
export const withMovedReference = ({ trained, reference }: Learning, resetsOptimiser: boolean): Learning => {
  disposeParameters(reference.own)
  return {
    trained: resetsOptimiser ? withFreshMoments(trained) : trained,
    reference: referenceOf(trained, copyOf(trained.parameters)),
  }
}

/** The model of which `own` are the trained parameters, and which shares the rest with the policy. */
export const referenceOf = ({ frozen }: Trained, own: Parameters): Reference => ({
  parameters: { ...frozen, ...own },
  own,
})

/** The same parameters with an optimiser that has seen nothing; the old one's moments are disposed. */
const withFreshMoments = (trained: Trained): Trained => {
  tf.dispose(stateTensors(trained.optimiser))
  return { ...trained, optimiser: initialState(trained.parameters) }
}

/** The same numbers, in the same memory until one of the two is disposed. */
const copyOf = (parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]))

// destructors

/** What was learnt: the whole model, or an adapter with its scales. The tensors stay the learning's. */
export const learntOf = ({ trained: { parameters, frozen = {} } }: Learning): Parameters => ({
  ...parameters,
  ...Object.fromEntries(splitBy(Object.entries(frozen), isOfAdapter).those),
})

/** Frees everything. */
export const disposeLearning = ({ trained, reference }: Learning): void => {
  disposeTrained(trained)
  disposeParameters(reference.own)
  disposeParameters(trained.frozen ?? {})
}
