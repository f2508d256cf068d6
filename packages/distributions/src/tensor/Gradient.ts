/**
 * Functions of tensors with a gradient in closed form, where the engine's own would be slow, unstable or missing.
 */
import * as tf from "@tensorflow/tfjs-core"

// model

/**
 * The value of a function, and the tensors that its gradient will need.
 *
 * @category models
 * @since 0.1.0
 */
export interface Forward<Value extends tf.Tensor, S extends ReadonlyArray<tf.Tensor>> {
  readonly value: Value
  readonly saved: S
}

// constructors

/**
 * A function of several tensors from its value and its pullback: dy, of the value's shape, and what was saved, to the
 * gradients of the inputs, in order.
 *
 * Tensors that `forward` closes over are constants: no gradient flows to them. `pullback` must take what it needs from
 * `saved`, because the engine disposes of the rest.
 *
 * ```ts import.meta.vitest
 * import * as tf from "@tensorflow/tfjs"
 * import { Gradient } from "@rapo/distributions/tensor"
 * await tf.setBackend("cpu")
 * const product = Gradient.withPullbacks(
 *   (x: tf.Tensor, y: tf.Tensor) => ({ value: tf.mul(x, y), saved: [x, y] as const }),
 *   (dy, [x, y]) => [tf.mul(dy, y), tf.mul(dy, x)] as const,
 * )
 * tf.grads((x, y) => product(x, y))([tf.scalar(2), tf.scalar(3)]).map((g) => g.arraySync()) // => [3, 2]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const withPullbacks =
  <
    const Inputs extends ReadonlyArray<tf.Tensor>,
    Value extends tf.Tensor,
    const S extends ReadonlyArray<tf.Tensor>,
  >(
    forward: (...inputs: Inputs) => Forward<Value, S>,
    pullback: (dy: Value, saved: S) => { readonly [K in keyof Inputs]: tf.Tensor },
  ) =>
  (...inputs: Inputs): Value =>
    tf.customGrad((...all) => {
      // The engine's types do not tell the last argument, the saver, from the tensors before it.
      const save = all.at(-1) as unknown as (tensors: Array<tf.Tensor>) => void
      const { value, saved } = forward(...(all.slice(0, -1) as unknown as Inputs))
      save([...saved])
      return {
        value,
        // Tidied: the engine would hold what a pullback makes on its way until the whole gradient is there.
        gradFunc: (dy: tf.Tensor, kept: Array<tf.Tensor>) =>
          tf.tidy(() => [...pullback(dy as Value, kept as unknown as S)]),
      }
    })(...inputs)

/**
 * `withPullbacks` for a function of one tensor.
 *
 * @category constructors
 * @since 0.1.0
 */
export const withPullback = <S extends ReadonlyArray<tf.Tensor>>(
  forward: (x: tf.Tensor) => Forward<tf.Tensor, S>,
  pullback: (dy: tf.Tensor, saved: S) => tf.Tensor,
): ((x: tf.Tensor) => tf.Tensor) =>
  withPullbacks<readonly [tf.Tensor], tf.Tensor, S>(forward, (dy, saved) => [pullback(dy, saved)])

/**
 * `withPullbacks` with one pullback for each input, which is run only where that input's gradient is asked for.
 *
 * A product of activations with a frozen matrix then costs one product backwards, not two; and what a pullback makes on
 * its way is freed as soon as its gradient is there, not at the end of the whole backward pass.
 *
 * ```ts import.meta.vitest
 * import * as tf from "@tensorflow/tfjs"
 * import { Gradient } from "@rapo/distributions/tensor"
 * await tf.setBackend("cpu")
 * const product = Gradient.withPullbackEach(
 *   (x: tf.Tensor, y: tf.Tensor) => ({ value: tf.mul(x, y), saved: [x, y] as const }),
 *   [(dy, [, y]) => tf.mul(dy, y), (dy, [x]) => tf.mul(dy, x)],
 * )
 * tf.grads((x, y) => product(x, y))([tf.scalar(2), tf.scalar(3)]).map((g) => g.arraySync()) // => [3, 2]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const withPullbackEach =
  <
    const Inputs extends ReadonlyArray<tf.Tensor>,
    Value extends tf.Tensor,
    const S extends ReadonlyArray<tf.Tensor>,
  >(
    forward: (...inputs: Inputs) => Forward<Value, S>,
    pullbacks: { readonly [K in keyof Inputs]: (dy: Value, saved: S) => tf.Tensor },
  ) =>
  (...inputs: Inputs): Value =>
    (tf.engine() as unknown as CustomKernels).runKernelFunc({
      inputs: Object.fromEntries(inputs.map((input, i) => [i, input])),
      forwardFunc: (_, save) => {
        const { value, saved } = forward(...inputs)
        save([...saved])
        return value
      },
      backwardsFunc: (dy, saved) =>
        Object.fromEntries(
          pullbacks.map((pullback, i) => [i, () => pullback(dy as Value, saved as unknown as S)]),
        ),
    }) as Value

/**
 * What `tf.customGrad` itself calls, and the only way to a gradient that is not computed where nobody asks for it:
 * `customGrad` wants all of an operation's gradients at once. Private in the types of tfjs 4.22.
 */
interface CustomKernels {
  readonly runKernelFunc: (kernel: {
    readonly inputs: Readonly<Record<string, tf.Tensor>>
    readonly forwardFunc: (backend: unknown, save: (tensors: Array<tf.Tensor>) => void) => tf.Tensor
    readonly backwardsFunc: (
      dy: tf.Tensor,
      saved: ReadonlyArray<tf.Tensor>,
    ) => Readonly<Record<string, () => tf.Tensor>>
  }) => tf.Tensor
}
