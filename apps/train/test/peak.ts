/**
 * How much memory a computation takes on wasm: the bytes of the buffers that its backend has allocated and not freed.
 *
 * Not `tf.memory().numBytes`, which counts views as copies: every buffer in the wasm heap is counted once, from the moment when
 * the backend registers it until it frees it, kernels' own temporaries that are tensors included.
 */
import * as tf from "@tensorflow/tfjs-core"

interface Buffer {
  readonly shape: ReadonlyArray<number>
  readonly dtype: string
}

interface Buffers {
  set: (id: object, buffer: Buffer) => void
  delete: (id: object) => boolean
}

const bytesOf = ({ shape, dtype }: Buffer): number =>
  shape.reduce((a, b) => a * b, 1) * (dtype === "bool" ? 1 : 4)

/** The most bytes that are live during `f` beyond those live before it. */
export const peakOf = (f: () => void): number => {
  const buffers = (tf.backend() as unknown as { readonly dataIdMap: Buffers }).dataIdMap
  const [set, remove] = [buffers.set, buffers.delete]
  // Buffers from before `f` that it frees count negatively: what `f` replaces does not add up.
  const sizes = new WeakMap<object, number>()
  const before = (id: object): number =>
    bytesOf((buffers as unknown as { readonly get: (id: object) => Buffer }).get(id))
  let live = 0
  let peak = 0
  buffers.set = (id, buffer) => {
    sizes.set(id, bytesOf(buffer))
    live += bytesOf(buffer)
    peak = Math.max(peak, live)
    set.call(buffers, id, buffer)
  }
  buffers.delete = (id) => {
    live -= sizes.get(id) ?? before(id)
    return remove.call(buffers, id)
  }
  try {
    f()
  } finally {
    buffers.set = set
    buffers.delete = remove
  }
  return peak
}
