/**
 * The engine under the tests: wasm, as in the default run; tfjs's plain `cpu` backend is the reference beside it.
 *
 * Importing this module starts wasm before any test of the file runs.
 */
import * as tf from "@tensorflow/tfjs-core"
import { startWasm } from "../src/engine/wasm/start.ts"

await startWasm()

/** The backends whose kernels are compared. */
export type Backend = "wasm" | "cpu"

/** Runs `f` on a backend, then returns to wasm. Tensors of `f` are freed. */
export const onBackend = async <A>(backend: Backend, f: () => A): Promise<A> => {
  await tf.setBackend(backend)
  try {
    return freeing(f)
  } finally {
    await tf.setBackend("wasm")
  }
}

/** Runs `f` and frees its tensors: its result is plain data. */
export const freeing = <A>(f: () => A): A => {
  tf.engine().startScope()
  try {
    return f()
  } finally {
    tf.engine().endScope()
  }
}

/** How many tensors `f` leaves behind. */
export const leakOf = (f: () => void): number => {
  const before = tf.memory().numTensors
  f()
  return tf.memory().numTensors - before
}

/** The tensor's numbers on the host. */
export const numbersOf = (tensor: tf.Tensor): Float32Array => Float32Array.from(tensor.dataSync())
