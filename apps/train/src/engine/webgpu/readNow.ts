/**
 * A blocking read of a tensor on the card: `dataSync` for tfjs's WebGPU backend under Node.
 *
 *     copy to a staging buffer → submit → map → tick until it is mapped → copy out
 *
 * tfjs 4.22 reads synchronously through a canvas, which Node has not. The steps are those of the backend's own asynchronous
 * read; only the waiting differs (`ticks.ts`).
 */
import * as tf from "@tensorflow/tfjs-core"
import { runTick } from "./ticks.ts"

// model: the parts of tfjs's backend and of WebGPU that are used

interface Buffer {
  readonly size: number
  readonly mapState: "unmapped" | "pending" | "mapped"
  readonly mapAsync: (mode: number) => Promise<void>
  readonly getMappedRange: () => ArrayBuffer
  readonly unmap: () => void
}

interface TensorData {
  readonly dtype: tf.DataType
  readonly values: tf.BackendValues | null | undefined
  readonly resource: Buffer
}

/** tfjs's `WebGPUBackend`. */
export interface WebgpuBackend {
  readonly device: {
    onuncapturederror: ((event: { readonly error: { readonly message: string } }) => void) | null
  }
  readonly tensorMap: { readonly get: (id: object) => TensorData }
  readonly bufferManager: {
    readonly acquireBuffer: (size: number, usage: number) => Buffer
    readonly releaseBuffer: (buffer: Buffer) => void
  }
  readonly commandEncoder: {
    readonly copyBufferToBuffer: (from: Buffer, at: number, to: Buffer, start: number, size: number) => void
  }
  readonly ensureCommandEncoderReady: () => void
  readonly endComputePassEncoder: () => void
  readonly submitQueue: () => void
  readonly convertAndCacheOnCPU: (id: object, values: tf.BackendValues) => tf.BackendValues
  readSync: (id: object) => tf.BackendValues
}

// combinators

/** Gives the backend a `readSync` that works under Node. */
export const readsWithoutCanvas = (backend: WebgpuBackend): void => {
  let refused: string | undefined
  // WebGPU goes on after an error, with numbers that mean nothing: the next read says so instead.
  backend.device.onuncapturederror = ({ error }) => {
    refused ??= error.message
  }
  backend.readSync = (id) => {
    const { values, dtype, resource } = backend.tensorMap.get(id)
    // What came from the host, or has been read before, is at hand.
    if (values !== null && values !== undefined) return values
    if (dtype === "complex64") throw new Error("bug: complex tensors are not read from webgpu")
    const bytes = bytesOf(backend, resource)
    if (refused !== undefined) throw new Error(`the graphics card refused an operation: ${refused}`)
    return backend.convertAndCacheOnCPU(id, tf.util.convertBackendValuesAndArrayBuffer(bytes, dtype))
  }
}

// numerics

/** `GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST`, and `GPUMapMode.READ`. */
const stagingUsage = 0x1 | 0x8
const readMode = 0x1

const bytesOf = (backend: WebgpuBackend, buffer: Buffer): ArrayBuffer => {
  const staging = backend.bufferManager.acquireBuffer(buffer.size, stagingUsage)
  backend.ensureCommandEncoderReady()
  backend.endComputePassEncoder()
  backend.commandEncoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size)
  backend.submitQueue()
  let reason = ""
  staging.mapAsync(readMode).catch(({ message }: Error) => {
    reason = `: ${message}`
  })
  waitFor(() => staging.mapState !== "pending")
  if (staging.mapState !== "mapped") throw new Error(`the graphics card did not give back a tensor${reason}`)
  const bytes = staging.getMappedRange().slice(0)
  staging.unmap()
  backend.bufferManager.releaseBuffer(staging)
  return bytes
}

/** So many ticks follow each other at once, some microseconds each; then the thread sleeps between two. */
const eagerTicks = 200
const sleepMilliseconds = 0.05

const waitFor = (isDone: () => boolean): void => {
  const sleeper = new Int32Array(new SharedArrayBuffer(4))
  for (let ticks = 0; !isDone(); ticks++) {
    if (!runTick()) throw new Error("bug: Dawn waits for the card and has not asked for a tick")
    if (ticks > eagerTicks) Atomics.wait(sleeper, 0, 0, sleepMilliseconds)
  }
}
