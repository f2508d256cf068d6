/**
 * AdamW (Loshchilov & Hutter, 2019, arXiv 1711.05101, algorithm 2) as a pair of pure functions.
 *
 *     m ← β₁ m + (1−β₁) g,   v ← β₂ v + (1−β₂) g²
 *     θ ← θ − lr (m̂ / (√v̂ + ε) + wd θ),   m̂ = m/(1−β₁ᵗ),  v̂ = v/(1−β₂ᵗ)
 *
 * Golden: trajectories of torch.optim.AdamW. Weight decay acts on matrices only, as is usual for language models.
 */
import * as tf from "@tensorflow/tfjs-core"
import { asGraph } from "../engine/native/graph/asGraph.ts"
import { none, scoped } from "../engine/scoped.ts"
import type { Parameters } from "../model/Parameters.ts"

// model

/** The constants of the algorithm. */
export interface AdamWOptions {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly weightDecay: number
}

/** Moments by parameter, and how many updates have been made. */
export interface AdamWState {
  readonly first: Parameters
  readonly second: Parameters
  readonly updates: number
}

// constructors

/** Zero moments. */
export const initialState = (parameters: Parameters): AdamWState => ({
  first: mapParameters(parameters, (tensor) => tf.zerosLike(tensor)),
  second: mapParameters(parameters, (tensor) => tf.zerosLike(tensor)),
  updates: 0,
})

// combinators

/**
 * One update, parameter by parameter. The caller owns the result's tensors.
 *
 * `scale` multiplies the gradients (for clipping). `release` is given the tensors that a parameter's update has replaced or
 * used up, its gradient among them: to dispose of them at once keeps the peak of memory at one copy of everything and
 * the temporaries of one parameter.
 */
export const update = (
  options: AdamWOptions,
  learningRate: number,
  parameters: Parameters,
  gradients: Parameters,
  scale: number,
  state: AdamWState,
  release: (replaced: Array<tf.Tensor>) => void = () => undefined,
): { readonly parameters: Parameters; readonly state: AdamWState } => {
  const { beta1, beta2, epsilon, weightDecay } = options
  const updates = state.updates + 1
  // The bias corrections, folded into one step size and one ε.
  const root = Math.sqrt(1 - beta2 ** updates)
  const stepSize = (learningRate * root) / (1 - beta1 ** updates)
  const next: { [K in "parameters" | "first" | "second"]: Record<string, tf.Tensor> } = {
    parameters: {},
    first: {},
    second: {},
  }
  scoped(() => {
    const scalars: Scalars = {
      beta1: tf.scalar(beta1),
      beta2: tf.scalar(beta2),
      gradient: tf.scalar((1 - beta1) * scale),
      square: tf.scalar((1 - beta2) * scale * scale),
      stepSize: tf.scalar(stepSize),
      epsilon: tf.scalar(epsilon * root),
      decay: tf.scalar(1 - learningRate * weightDecay),
    }
    for (const [name, value] of Object.entries(parameters)) {
      const before = {
        value,
        gradient: at(gradients, name),
        m: at(state.first, name),
        v: at(state.second, name),
      }
      const decays = weightDecay > 0 && value.rank > 1
      const made = scoped(() => asGraph("adamw", { ...before, scalars, decays }, updated), Object.values)
      release(Object.values(before))
      next.parameters[name] = made.parameter
      next.first[name] = made.first
      next.second[name] = made.second
    }
  }, none)
  return { parameters: next.parameters, state: { first: next.first, second: next.second, updates } }
}

// destructors

/** The tensors of a state, for `tf.keep` and `tf.dispose`. */
export const stateTensors = ({ first, second }: AdamWState): Array<tf.Tensor> => [
  ...Object.values(first),
  ...Object.values(second),
]

// numerics

/** The constants of one update, as tensors, since some differ from update to update. */
interface Scalars {
  readonly beta1: tf.Scalar
  readonly beta2: tf.Scalar
  readonly gradient: tf.Scalar
  readonly square: tf.Scalar
  readonly stepSize: tf.Scalar
  readonly epsilon: tf.Scalar
  readonly decay: tf.Scalar
}

/** The update of one parameter. */
const updated = ({
  value,
  gradient,
  m,
  v,
  scalars,
  decays,
}: {
  readonly value: tf.Tensor
  readonly gradient: tf.Tensor
  readonly m: tf.Tensor
  readonly v: tf.Tensor
  readonly scalars: Scalars
  readonly decays: boolean
}): { readonly parameter: tf.Tensor; readonly first: tf.Tensor; readonly second: tf.Tensor } => {
  const first = tf.add(tf.mul(m, scalars.beta1), tf.mul(gradient, scalars.gradient))
  const second = tf.add(tf.mul(v, scalars.beta2), tf.mul(tf.square(gradient), scalars.square))
  const change = tf.div(tf.mul(first, scalars.stepSize), tf.add(tf.sqrt(second), scalars.epsilon))
  const decayed = decays ? tf.mul(value, scalars.decay) : value
  return { parameter: tf.sub(decayed, change), first, second }
}

const mapParameters = (parameters: Parameters, f: (tensor: tf.Tensor) => tf.Tensor): Parameters =>
  Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [name, f(tensor)]))

const at = (parameters: Parameters, name: string): tf.Tensor => {
  const found = parameters[name]
  if (found === undefined) throw new Error(`bug: no tensor for parameter ${name}`)
  return found
}
