/**
 * Corrections of tfjs-node's kernels (4.22).
 *
 * Its `gather` reads the indices back, to check them one by one: a wait for the device on every call, and nothing that a graph can
 * do. TensorFlow checks them itself (on a card it takes rows of zeros for those out of range).
 */
import * as tf from "@tensorflow/tfjs-core"
import type { NativeBackend } from "./graph/Binding.ts"

/** Replaces the kernels of this thread's native backend that need it. */
export const correctKernels = (): void => {
  tf.unregisterKernel("GatherV2", "tensorflow")
  tf.registerKernel({ kernelName: "GatherV2", backendName: "tensorflow", kernelFunc: gather })
}

const gather: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const native = backend as NativeBackend
  const { x, indices } = inputs as { readonly x: tf.Tensor; readonly indices: tf.Tensor }
  const { axis, batchDims } = attrs as { readonly axis: number; readonly batchDims: number }
  const { TF_ATTR_INT, TF_ATTR_TYPE } = native.binding
  const type = (name: string, dtype: tf.DataType) => ({
    name,
    type: TF_ATTR_TYPE,
    value: native.getDTypeInteger(dtype),
  })
  const along = tf.scalar(axis, "int32")
  try {
    return native.executeSingleOutput(
      "GatherV2",
      [
        { name: "batch_dims", type: TF_ATTR_INT, value: batchDims },
        type("Tparams", x.dtype),
        type("Tindices", indices.dtype),
        type("Taxis", "int32"),
      ],
      [x, indices, along],
    )
  } finally {
    along.dispose()
  }
}
