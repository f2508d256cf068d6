/**
 * The `wasm` engine: tfjs's WebAssembly backend with SIMD, one thread. It needs nothing installed.
 *
 * Parallelism is by worker threads, one engine each (`workers/`): the backend's own threads do not start under Node.
 */
import { createRequire } from "node:module"
import * as path from "node:path"
import { correctKernels } from "./kernels.ts"

/** Starts the backend in this thread; resolves to its name. tfjs is loaded here, not before: it takes a second. */
export const startWasm = async (): Promise<string> => {
  // The whole of tfjs, not tfjs-core alone: under Node only that registers the gradients.
  const tf = await import("@tensorflow/tfjs")
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm")
  const folder = path.dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"))
  setWasmPaths(`${folder}${path.sep}`)
  await tf.setBackend("wasm")
  await tf.ready()
  correctKernels()
  return tf.getBackend()
}
