/**
 * Starts a dry engine in this thread: tfjs with a backend that holds no numbers, and does what an engine is asked to do.
 */
import type { EngineName } from "../../engine/EngineName.ts"
import { dryName } from "../../engine/computesAs.ts"
import { type DryBackend, dryBackend } from "./backend.ts"
import { kernels } from "./kernels.ts"
import { traitsOf } from "./traits.ts"

/** Resolves when shapes can be made: from here on every tensor of the thread is dry, until another backend is set. */
export const startDry = async (engine: EngineName): Promise<DryBackend> => {
  // The whole of tfjs, not tfjs-core alone: under Node only that registers the gradients.
  const tf = await import("@tensorflow/tfjs")
  const backendName = dryName(engine)
  if (tf.findBackendFactory(backendName) === null) {
    tf.registerBackend(backendName, () => dryBackend(traitsOf[engine]))
    for (const [kernelName, kernelFunc] of Object.entries(kernels))
      tf.registerKernel({ kernelName, backendName, kernelFunc })
  }
  await tf.setBackend(backendName)
  return tf.backend() as DryBackend
}
