/**
 * Corrections of tfjs's WebGPU kernels (4.22).
 *
 * A sum of n tensors (`tf.addN`) binds n buffers and one for the result, and WebGPU promises eight a shader: with more the card
 * refuses the shader, and the result is whatever the buffer held. Here the sum is made in portions.
 */
import * as tf from "@tensorflow/tfjs-core"

/** WebGPU's least `maxStorageBuffersPerShaderStage`, without the one for the result. */
const atOnce = 7

/** Replaces the kernels of this thread's WebGPU backend that need it. */
export const correctKernels = (): void => {
  const addN = tf.getKernel("AddN", "webgpu")
  if (addN === undefined) throw new Error("bug: tfjs's WebGPU backend has no AddN")
  tf.unregisterKernel("AddN", "webgpu")
  tf.registerKernel({ ...addN, kernelFunc: inPortions(addN.kernelFunc) })
}

const inPortions =
  (sum: tf.KernelFunc): tf.KernelFunc =>
  ({ inputs, backend }) => {
    // The tensors are an array, whatever the type says.
    let terms = Object.values(inputs) as ReadonlyArray<tf.TensorInfo>
    let owned: tf.TensorInfo | undefined
    for (;;) {
      const portion = terms.slice(0, atOnce)
      const partial = sum({ inputs: portion as unknown as tf.NamedTensorInfoMap, backend }) as tf.TensorInfo
      if (owned !== undefined) release(backend, owned)
      if (terms.length <= atOnce) return partial
      owned = partial
      terms = [partial, ...terms.slice(atOnce)]
    }
  }

/** A partial sum is nobody else's. */
const release = (backend: unknown, { dataId }: tf.TensorInfo): void =>
  void (backend as { readonly disposeData: (id: object) => boolean }).disposeData(dataId)
