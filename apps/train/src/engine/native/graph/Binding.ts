/**
 * What this project uses of `@tensorflow/tfjs-node-gpu` 4.22 below tfjs: its add-on, and how its backend holds tensors.
 */
import * as tf from "@tensorflow/tfjs-core"

/** An output of an operation. */
export interface Metadata {
  readonly id: number
  readonly shape: ReadonlyArray<number>
  /** TensorFlow's number of the type. */
  readonly dtype: number
}

/** An attribute of an operation, as the backend's kernels write it; `type` is one of the binding's `TF_ATTR_`. */
export interface OpAttribute {
  readonly name: string
  readonly type: number
  readonly value: unknown
}

/** The add-on. */
export interface Binding {
  readonly TF_BOOL: number
  readonly TF_ATTR_STRING: number
  readonly TF_ATTR_INT: number
  readonly TF_ATTR_FLOAT: number
  readonly TF_ATTR_BOOL: number
  readonly TF_ATTR_TYPE: number
  readonly TF_ATTR_SHAPE: number
  readonly createTensor: (shape: ReadonlyArray<number>, dtype: number, values: ArrayLike<number>) => number
  readonly tensorDataSync: (id: number) => ArrayLike<number>
  readonly executeOp: (
    op: string,
    attributes: ReadonlyArray<OpAttribute>,
    inputs: ReadonlyArray<number>,
    outputCount: number,
  ) => ReadonlyArray<Metadata>
  readonly loadSavedModel: (folder: string, tags: string) => number
  readonly deleteSavedModel: (id: number) => void
  readonly runSavedModel: (
    id: number,
    inputs: ReadonlyArray<number>,
    inputNames: string,
    outputNames: string,
  ) => ReadonlyArray<Metadata>
}

/** The backend. */
export interface NativeBackend {
  binding: Binding
  readonly getInputTensorIds: (tensors: ReadonlyArray<tf.Tensor>) => ReadonlyArray<number>
  readonly createOutputTensor: (metadata: Metadata) => tf.Tensor
  readonly executeSingleOutput: (
    op: string,
    attributes: ReadonlyArray<OpAttribute>,
    inputs: ReadonlyArray<tf.Tensor>,
  ) => tf.Tensor
  readonly getDTypeInteger: (dtype: tf.DataType) => number
}

/** This thread's backend, where it is the native one. */
export const nativeBackend = (): NativeBackend | undefined =>
  tf.getBackend() === "tensorflow" ? (tf.backend() as unknown as NativeBackend) : undefined
