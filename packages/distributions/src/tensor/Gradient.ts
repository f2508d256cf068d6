/**
 * Functions of one tensor with a gradient in closed form, where the engine's own would be slow, unstable or missing.
 */
import * as tf from "@tensorflow/tfjs-core"

// model

/**
 * The value of a function, and the tensors that its gradient will need.
 *
 * @category models
 * @since 0.1.0
 */
export interface Forward<S extends ReadonlyArray<tf.Tensor>> {
  readonly value: tf.Tensor
  readonly saved: S
}

// constructors

/**
 * A function of one tensor from its value and its pullback: dy, of the value's shape, and what was saved, to dx.
 *
 * Tensors that `forward` closes over are constants: no gradient flows to them. `pullback` must take what it needs from
 * `saved`, because the engine disposes of the rest.
 *
 * @category constructors
 * @since 0.1.0
 */
export const withPullback =
  <S extends ReadonlyArray<tf.Tensor>>(
    forward: (x: tf.Tensor) => Forward<S>,
    pullback: (dy: tf.Tensor, saved: S) => tf.Tensor,
  ) =>
  (x: tf.Tensor): tf.Tensor =>
    tf.customGrad((input, save) => {
      const { value, saved } = forward(input as tf.Tensor)
      // The engine's types do not tell the last argument, the saver, from the tensors before it.
      ;(save as (tensors: Array<tf.Tensor>) => void)([...saved])
      return {
        value,
        gradFunc: (dy: tf.Tensor, kept: Array<tf.Tensor>) => pullback(dy, kept as unknown as S),
      }
    })(x)
