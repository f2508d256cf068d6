/**
 * A tfjs backend that holds shapes and no numbers: what runs on it takes no memory and little time, and tells how many bytes it would
 * have held on an engine.
 *
 *     live = Σ bytes of the buffers that some tensor is over,     peak = max live
 *
 * Tensors over one buffer on the engine are over one here, and it is counted once. Reading gives a zero, whatever the shape: what is
 * run must not depend on what it reads, but for its being finite.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { Traits } from "./traits.ts"

// model

/** See the module header. */
export interface DryBackend extends tf.KernelBackend, Ledger {
  readonly traits: Traits
}

/** What kernels make, and what is asked of a run. */
interface Ledger {
  /** A tensor over a buffer of its own. */
  readonly make: (shape: Shape, dtype: tf.DataType) => tf.TensorInfo
  /** Another tensor over the buffer of `x`. */
  readonly share: (x: tf.TensorInfo, shape: Shape) => tf.TensorInfo
  /** What comes from the host: see `Traits.uploadsWhenUsed`. */
  readonly fromHost: (shape: Shape, dtype: tf.DataType) => tf.TensorInfo
  /** Says that a kernel reads `x`. */
  readonly use: (x: tf.TensorInfo) => void
  /** Bytes that are live now. */
  readonly live: () => number
  /** The most that is live during `f`, and how much of it in tensors that `f` makes of a kind. */
  readonly peakOf: (f: () => void, isOfKind?: IsOfKind) => Peak
}

type Shape = ReadonlyArray<number>

/** A kind of tensors, by shape. */
export type IsOfKind = (shape: Shape) => boolean

/** Bytes at the peak: of all, and of those of a kind. */
export interface Peak {
  readonly bytes: number
  readonly ofKind: number
}

/** What tensors are over: how many, and whether it has been allocated. */
interface Buffer {
  readonly bytes: number
  readonly isOfKind: boolean
  tensors: number
  isThere: boolean
}

// constructors

/** See the module header. */
export const dryBackend = (traits: Traits): DryBackend => {
  const buffers = new Map<object, Buffer>()
  let [live, liveOfKind] = [0, 0]
  let peak: Peak = { bytes: 0, ofKind: 0 }
  let asked: IsOfKind = none

  const change = ({ bytes, isOfKind }: Buffer, sign: 1 | -1): void => {
    live += sign * bytes
    if (isOfKind) liveOfKind += sign * bytes
    if (live > peak.bytes) peak = { bytes: live, ofKind: liveOfKind }
  }
  const put = (dataId: object, shape: Shape, dtype: tf.DataType, isThere: boolean): void => {
    const bytes = tf.util.sizeFromShape([...shape]) * tf.util.bytesPerElement(dtype)
    const buffer: Buffer = { bytes, isOfKind: asked(shape), tensors: 1, isThere }
    buffers.set(dataId, buffer)
    if (isThere) change(buffer, 1)
  }
  const made = (shape: Shape, dtype: tf.DataType, isThere: boolean): tf.TensorInfo => {
    const dataId = {}
    put(dataId, shape, dtype, isThere)
    return { dataId, shape: [...shape], dtype }
  }

  const ledger: Ledger = {
    make: (shape, dtype) => made(shape, dtype, true),
    share: ({ dataId, dtype }, shape) => {
      tfjs.incRef?.(dataId)
      return { dataId, dtype, shape: [...shape] }
    },
    fromHost: (shape, dtype) => made(shape, dtype, !traits.uploadsWhenUsed),
    use: ({ dataId }) => {
      const buffer = buffers.get(dataId)
      if (buffer === undefined || buffer.isThere) return
      buffer.isThere = true
      change(buffer, 1)
    },
    live: () => live,
    peakOf: (f, isOfKind = none) => {
      asked = isOfKind
      peak = { bytes: live, ofKind: liveOfKind }
      f()
      asked = none
      return peak
    },
  }
  const tfjs: Partial<tf.KernelBackend> = {
    write: (_, shape, dtype) => ledger.fromHost(shape, dtype).dataId,
    move: (dataId, _, shape, dtype) => put(dataId, shape, dtype, true),
    readSync: () => new Float32Array(1),
    incRef: (dataId) => {
      const buffer = buffers.get(dataId)
      if (buffer !== undefined) buffer.tensors++
    },
    refCount: (dataId) => buffers.get(dataId)?.tensors ?? 0,
    disposeData: (dataId, force = false) => {
      const buffer = buffers.get(dataId)
      if (buffer === undefined) return true
      buffer.tensors--
      if (buffer.tensors > 0 && !force) return false
      if (buffer.isThere) change(buffer, -1)
      return buffers.delete(dataId)
    },
    numDataIds: () => buffers.size,
    floatPrecision: () => 32,
    dispose: () => buffers.clear(),
  }
  return Object.assign(new tf.KernelBackend(), tfjs, ledger, { traits })
}

const none: IsOfKind = () => false
