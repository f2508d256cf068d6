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
import { parameterGroups } from "./parameterGroups.ts"

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
 * One update, group by group of parameters (`parameterGroups.ts`). The caller owns the result's tensors.
 *
 * `scale` multiplies the gradients (for clipping). `release` is given the tensors that a group's update has replaced or used
 * up, its gradients among them: to dispose of them at once keeps the peak of memory at one copy of everything, gradients
 * included, and of one group its successors and temporaries.
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
    for (const names of parameterGroups(parameters)) {
      const group = names.map((name): Before => {
        const value = at(parameters, name)
        return {
          value,
          gradient: at(gradients, name),
          m: at(state.first, name),
          v: at(state.second, name),
          decays: weightDecay > 0 && value.rank > 1,
        }
      })
      // Without names, so that layers of the same shapes are one graph.
      const made = scoped(
        () => asGraph("adamw", { group, scalars }, updatedGroup),
        (after) => after.flatMap(({ parameter, first, second }) => [parameter, first, second]),
      )
      release(group.flatMap(({ value, gradient, m, v }) => [value, gradient, m, v]))
      names.forEach((name, i) => {
        const { parameter, first, second } = made[i] as After
        next.parameters[name] = parameter
        next.first[name] = first
        next.second[name] = second
      })
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

/** A parameter with its gradient and moments; whether its weights decay. */
interface Before {
  readonly value: tf.Tensor
  readonly gradient: tf.Tensor
  readonly m: tf.Tensor
  readonly v: tf.Tensor
  readonly decays: boolean
}

/** What becomes of it. A type and not an interface: a container of tensors, to tfjs. */
type After = {
  readonly parameter: tf.Tensor
  readonly first: tf.Tensor
  readonly second: tf.Tensor
}

/** The update of a group: one after the other, the temporaries of each freed at its end where there are no graphs. */
const updatedGroup = ({
  group,
  scalars,
}: {
  readonly group: ReadonlyArray<Before>
  readonly scalars: Scalars
}): ReadonlyArray<After> => group.map((each) => tf.tidy(() => updated(each, scalars)))

/** The update of one parameter. */
const updated = ({ value, gradient, m, v, decays }: Before, scalars: Scalars): After => {
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
