/**
 * A differentiable operation given by its value and its gradient, with the types that tfjs's own declaration lacks.
 */
import * as tf from "@tensorflow/tfjs-core"

/**
 * `forward` maps the inputs to the value and to what the gradient needs of them;
 * `backward` maps the value's gradient `dy` and those saved tensors to the gradients of the inputs, in order.
 */
export const customGradient = <Inputs extends ReadonlyArray<tf.Tensor>, Value extends tf.Tensor>(
  forward: (...inputs: Inputs) => { readonly value: Value; readonly save: ReadonlyArray<tf.Tensor> },
  backward: (dy: Value, saved: ReadonlyArray<tf.Tensor>) => { readonly [K in keyof Inputs]: tf.Tensor },
): ((...inputs: Inputs) => Value) => {
  const operation = tf.customGrad((...all) => {
    const save = all[all.length - 1] as (tensors: Array<tf.Tensor>) => void
    const inputs = all.slice(0, -1) as unknown as Inputs
    const { value, save: saved } = forward(...inputs)
    save([...saved])
    return {
      value,
      gradFunc: (dy: tf.Tensor, kept: Array<tf.Tensor>) => [...backward(dy as Value, kept)],
    }
  })
  return (...inputs) => operation(...inputs)
}
