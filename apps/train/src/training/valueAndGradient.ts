/**
 * The value of a scalar function of named tensors, with its gradient under the same names; and sums of gradients.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { Parameters } from "../model/Parameters.ts"

/** See the module header. Every tensor must have a part in the value. The results belong to the scope around. */
export const valueAndGradient = (
  at: Parameters,
  f: (parameters: Parameters) => tf.Scalar,
): { readonly value: tf.Scalar; readonly gradients: Parameters } => {
  const names = Object.keys(at)
  const named = (tensors: ReadonlyArray<tf.Tensor>): Parameters =>
    Object.fromEntries(names.map((name, i) => [name, tensors[i] as tf.Tensor]))
  const { value, grads } = tf.valueAndGrads((...tensors: Array<tf.Tensor>) => f(named(tensors)))(
    Object.values(at),
  )
  return { value, gradients: named(grads) }
}

/** The sum of gradients, of which each may lack some names; the tensors that were added are disposed. */
export const addTo = (sum: Parameters | undefined, gradients: Parameters): Parameters => {
  const total: Record<string, tf.Tensor> = { ...sum }
  for (const [name, gradient] of Object.entries(gradients)) {
    const before = total[name]
    total[name] = before === undefined ? gradient : tf.add(before, gradient)
    if (before !== undefined) tf.dispose([before, gradient])
  }
  return total
}
