/**
 * The `webgpu` engine: tfjs's WebGPU backend on Dawn (Vulkan, Metal or Direct3D 12).
 */
import { openDawn } from "./dawn.ts"
import type { WebgpuBackend } from "./readNow.ts"

/** Starts the backend in this thread. */
export const startWebgpu = async (): Promise<void> => {
  // First: the backend registers itself only where it sees a `navigator.gpu`.
  await openDawn()
  // The whole of tfjs, not tfjs-core alone: under Node only that registers the gradients.
  const tf = await import("@tensorflow/tfjs")
  await import("@tensorflow/tfjs-backend-webgpu")
  const { correctKernels } = await import("./kernels.ts")
  const { readsWithoutCanvas } = await import("./readNow.ts")
  if (!(await tf.setBackend("webgpu"))) throw new Error("no graphics card answers through WebGPU")
  await tf.ready()
  correctKernels()
  readsWithoutCanvas(tf.backend() as unknown as WebgpuBackend)
}
