/**
 * AdamW (Loshchilov & Hutter, 2019, arXiv 1711.05101, algorithm 2) as a pair of pure functions.
 *
 *     m ← β₁ m + (1−β₁) g,   v ← β₂ v + (1−β₂) g²
 *     θ ← θ − lr (m̂ / (√v̂ + ε) + wd θ),   m̂ = m/(1−β₁ᵗ),  v̂ = v/(1−β₂ᵗ)
 *
 * Golden: trajectories of torch.optim.AdamW. Weight decay acts on matrices only, as is usual for language models.
 */
import * as tf from "@tensorflow/tfjs-core"
import { scoped } from "../engine/scoped.ts"
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
  for (const [name, value] of Object.entries(parameters)) {
    const [gradient, m, v] = [at(gradients, name), at(state.first, name), at(state.second, name)]
    const made = scoped(
      () => {
        const first = tf.add(tf.mul(m, beta1), tf.mul(gradient, (1 - beta1) * scale))
        const second = tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), (1 - beta2) * scale * scale))
        const change = tf.div(tf.mul(first, stepSize), tf.add(tf.sqrt(second), epsilon * root))
        const decayed =
          weightDecay > 0 && value.rank > 1 ? tf.mul(value, 1 - learningRate * weightDecay) : value
        return { parameters: tf.sub(decayed, change), first, second }
      },
      (tensors) => Object.values(tensors),
    )
    release([value, gradient, m, v])
    next.parameters[name] = made.parameters
    next.first[name] = made.first
    next.second[name] = made.second
  }
  return { parameters: next.parameters, state: { first: next.first, second: next.second, updates } }
}

// destructors

/** The tensors of a state, for `tf.keep` and `tf.dispose`. */
export const stateTensors = ({ first, second }: AdamWState): Array<tf.Tensor> => [
  ...Object.values(first),
  ...Object.values(second),
]

// numerics

const mapParameters = (parameters: Parameters, f: (tensor: tf.Tensor) => tf.Tensor): Parameters =>
  Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [name, f(tensor)]))

const at = (parameters: Parameters, name: string): tf.Tensor => {
  const found = parameters[name]
  if (found === undefined) throw new Error(`bug: no tensor for parameter ${name}`)
  return found
}
