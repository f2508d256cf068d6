/**
 * One descent step on any scalar loss of the parameters: gradient, clipping by the global norm, AdamW.
 *
 *     g ← g · min(1, c / ‖g‖₂)
 *
 * A loss or gradient that is not finite is reported, not applied: no NaN reaches the parameters.
 */
import * as tf from "@tensorflow/tfjs-core"
import { scoped } from "../engine/scoped.ts"
import type { Parameters } from "../model/Parameters.ts"
import { type AdamWOptions, type AdamWState, stateTensors, update } from "./AdamW.ts"

// model

/** Parameters with their optimiser's moments: everything that training changes. Owned by whoever holds it. */
export interface Trained {
  readonly parameters: Parameters
  readonly optimiser: AdamWState
  /** The rest of the model, which training leaves alone, as under LoRA; owned by who made it. */
  readonly frozen?: Parameters
}

/** The constants of a step. */
export interface OptimiserOptions extends AdamWOptions {
  /** c: the largest norm of a gradient. */
  readonly clipNorm: number
}

/** A step that was made, or could not be. */
export type Descent =
  | {
      readonly _tag: "Descended"
      readonly trained: Trained
      readonly loss: number
      readonly gradientNorm: number
    }
  | { readonly _tag: "NotFinite"; readonly loss: number; readonly gradientNorm: number }

// combinators

/** The whole model: what is trained with what is frozen. */
export const policyOf = ({ parameters, frozen }: Trained): Parameters =>
  frozen === undefined ? parameters : { ...frozen, ...parameters }

/** Frees what `trained` holds. */
export const disposeTrained = (trained: Trained): void => tf.dispose(tensorsOf(trained))

/**
 * Descends once on `loss`, a function of the whole model, in what is trained of it; on success the tensors of `trained` are
 * disposed and the result's are the caller's.
 */
export const descend = (
  options: OptimiserOptions,
  learningRate: number,
  trained: Trained,
  loss: (parameters: Parameters) => tf.Scalar,
): Descent => {
  const names = Object.keys(trained.parameters)
  const named = (tensors: ReadonlyArray<tf.Tensor>): Parameters =>
    Object.fromEntries(names.map((name, i) => [name, tensors[i] as tf.Tensor]))
  const result = scoped((): Descent => {
    const { value, grads } = tf.valueAndGrads((...tensors: Array<tf.Tensor>) =>
      loss(policyOf({ ...trained, parameters: named(tensors) })),
    )(Object.values(trained.parameters))
    const squares = grads.map((gradient) => tf.sum(tf.square(gradient)))
    const gradientNorm = Math.sqrt(tf.addN(squares).dataSync()[0] ?? NaN)
    const lossValue = value.dataSync()[0] ?? NaN
    if (!Number.isFinite(lossValue) || !Number.isFinite(gradientNorm))
      return { _tag: "NotFinite", loss: lossValue, gradientNorm }
    const scale = Math.min(1, options.clipNorm / gradientNorm)
    const next = update(options, learningRate, trained.parameters, named(grads), scale, trained.optimiser)
    return {
      _tag: "Descended",
      trained: { ...trained, parameters: next.parameters, optimiser: next.state },
      loss: lossValue,
      gradientNorm,
    }
  }, trainedTensors)
  if (result._tag === "Descended") disposeTrained(trained)
  return result
}

// numerics

const tensorsOf = ({ parameters, optimiser }: Trained): Array<tf.Tensor> => [
  ...Object.values(parameters),
  ...stateTensors(optimiser),
]

const trainedTensors = (descent: Descent): ReadonlyArray<tf.Tensor> =>
  descent._tag === "Descended" ? tensorsOf(descent.trained) : []
