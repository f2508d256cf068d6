/**
 * One descent step on any scalar loss of the parameters: gradient, clipping by the global norm, AdamW.
 *
 *     g ← g · min(1, c / ‖g‖₂)
 *
 * A loss or gradient that is not finite is reported, not applied: no NaN reaches the parameters.
 */
import * as tf from "@tensorflow/tfjs-core"
import { asGraph } from "../engine/native/graph/asGraph.ts"
import { none, scoped } from "../engine/scoped.ts"
import { type Parameters, parameter } from "../model/Parameters.ts"
import { type AdamWOptions, type AdamWState, stateTensors, update } from "./AdamW.ts"
import { parameterGroups } from "./parameterGroups.ts"
import { valueAndGradient } from "./valueAndGradient.ts"

// model

/** A model of which a part is trained. */
export interface Policy {
  /** What is trained. */
  readonly parameters: Parameters
  /** The rest of the model, which training leaves alone, as under LoRA; owned by who made it. */
  readonly frozen?: Parameters
}

/** A policy with its optimiser's moments: everything that training changes. Owned by whoever holds it, but for what is frozen. */
export interface Trained extends Policy {
  readonly optimiser: AdamWState
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
export const policyOf = ({ parameters, frozen }: Policy): Parameters =>
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
  const at = scoped(
    () => {
      const { value, gradients } = valueAndGradient(trained.parameters, (parameters) =>
        loss(policyOf({ ...trained, parameters })),
      )
      return { loss: value.dataSync()[0] ?? NaN, gradients }
    },
    ({ gradients }) => Object.values(gradients),
  )
  return descendAlong(options, learningRate, trained, at)
}

/**
 * Descends once along a gradient that is known, with the loss that it is of; the gradient's tensors are disposed, and on
 * success those of `trained`, one by one as their successors come to be: no second copy of the model is held.
 */
export const descendAlong = (
  options: OptimiserOptions,
  learningRate: number,
  trained: Trained,
  { loss, gradients }: { readonly loss: number; readonly gradients: Parameters },
): Descent => {
  const gradientNorm = normOf(trained.parameters, gradients)
  if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
    tf.dispose(Object.values(gradients))
    return { _tag: "NotFinite", loss, gradientNorm }
  }
  const scale = Math.min(1, options.clipNorm / gradientNorm)
  const { parameters, optimiser } = trained
  const next = update(options, learningRate, parameters, gradients, scale, optimiser, tf.dispose)
  return {
    _tag: "Descended",
    trained: { ...trained, parameters: next.parameters, optimiser: next.state },
    loss,
    gradientNorm,
  }
}

// numerics

/** ‖g‖₂ over all parameters, in their order, however the gradient came to be: sums of other orders round otherwise. */
const normOf = (parameters: Parameters, gradients: Parameters): number =>
  scoped(() => {
    const squares = parameterGroups(parameters).flatMap((names) => {
      const group = names.map((name) => parameter(gradients, name))
      return asGraph("squares", { group }, ({ group }) => group.map(squareSum))
    })
    return Math.sqrt(tf.addN(squares).dataSync()[0] ?? NaN)
  }, none)

/** ‖x‖₂² */
const squareSum = (x: tf.Tensor): tf.Scalar => tf.tidy(() => tf.sum(tf.square(x)))

const tensorsOf = ({ parameters, optimiser }: Trained): Array<tf.Tensor> => [
  ...Object.values(parameters),
  ...stateTensors(optimiser),
]
