/**
 * The lifetime of tensors: those made inside a scope are freed at its end, but for the ones that the result names.
 */
import * as tf from "@tensorflow/tfjs-core"

/**
 * Runs `f`; frees every tensor that it made, except `survivors(result)`, which the caller owns.
 * When `f` throws, everything is freed.
 */
export const scoped = <A>(f: () => A, survivors: (result: A) => ReadonlyArray<tf.Tensor>): A => {
  const engine = tf.engine()
  engine.startScope()
  try {
    const result = f()
    for (const tensor of survivors(result)) tf.keep(tensor)
    return result
  } finally {
    engine.endScope()
  }
}

/** Nothing survives: the result holds no tensors. */
export const none = (): ReadonlyArray<tf.Tensor> => []
