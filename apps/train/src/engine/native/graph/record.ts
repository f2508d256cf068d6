/**
 * What a function of tensors does, operation by operation, seen while it is done.
 *
 * For the time of one call another object stands in the place of the backend's add-on: it passes everything on, and writes
 * down each operation with its attributes and where its inputs came from. What the host made meanwhile is a constant of
 * the recording. So the function must be one of its inputs alone: whatever else it reads is frozen into the record.
 */
import type * as tf from "@tensorflow/tfjs-core"
import type { Binding, NativeBackend, OpAttribute } from "./Binding.ts"

// model

/** A step of the record. Inputs name nodes; "n:1" is the second output of n. */
export type Node =
  | {
      readonly _tag: "Input"
      readonly name: string
      readonly dtype: number
      readonly shape: ReadonlyArray<number>
    }
  | {
      readonly _tag: "Constant"
      readonly name: string
      readonly dtype: number
      readonly shape: ReadonlyArray<number>
      readonly bytes: Uint8Array
    }
  | {
      readonly _tag: "Operation"
      readonly name: string
      readonly op: string
      readonly inputs: ReadonlyArray<string>
      readonly attributes: ReadonlyArray<OpAttribute>
    }

/** A record: its nodes, each after its inputs, and which of them go in and come out. */
export interface Recording {
  readonly nodes: ReadonlyArray<Node>
  readonly inputNames: ReadonlyArray<string>
  readonly outputNames: ReadonlyArray<string>
}

// constructors

/** Calls `f`, and returns what it did with what it returned. */
export const record = (
  backend: NativeBackend,
  inputs: ReadonlyArray<tf.Tensor>,
  f: (inputs: ReadonlyArray<tf.Tensor>) => ReadonlyArray<tf.Tensor>,
): { readonly recording: Recording; readonly outputs: ReadonlyArray<tf.Tensor> } => {
  const binding = backend.binding
  const nodes: Array<Node> = []
  const nameOf = new Map<number, string>()
  const typeOf = new Map<number, number>()
  const inputNames = backend.getInputTensorIds(inputs).map((id, i) => {
    const name = `in${i}`
    const { dtype, shape } = inputs[i] as tf.Tensor
    const type = backend.getDTypeInteger(dtype)
    nodes.push({ _tag: "Input", name, dtype: type, shape })
    nameOf.set(id, name)
    typeOf.set(id, type)
    return name
  })
  const named = (id: number): string => {
    const name = nameOf.get(id)
    if (name === undefined)
      throw new Error("bug: a recorded function uses a tensor that is not among its inputs")
    return name
  }
  const recorder: Partial<Binding> = {
    executeOp: (op, attributes, ids, outputCount) => {
      const outputs = binding.executeOp(op, attributes, ids, outputCount)
      const name = `n${nodes.length}`
      const left = (inferred[op] ?? []).map((attribute, i) => ({
        name: attribute,
        type: binding.TF_ATTR_TYPE,
        value: typeOf.get(ids[i] ?? NaN),
      }))
      nodes.push({
        _tag: "Operation",
        name,
        op,
        inputs: ids.map(named),
        attributes: [...attributes, ...left],
      })
      outputs.forEach(({ id, dtype }, i) => {
        nameOf.set(id, i === 0 ? name : `${name}:${i}`)
        typeOf.set(id, dtype)
      })
      return outputs
    },
    createTensor: (shape, dtype, values) => {
      const id = binding.createTensor(shape, dtype, values)
      const name = `n${nodes.length}`
      nodes.push({ _tag: "Constant", name, dtype, shape, bytes: bytesOf(values, dtype === binding.TF_BOOL) })
      nameOf.set(id, name)
      typeOf.set(id, dtype)
      return id
    },
    tensorDataSync: () => {
      throw new Error("bug: a recorded function reads a value")
    },
  }
  // The add-on's own functions cannot be replaced; an object that inherits from it can have others.
  backend.binding = Object.defineProperties(Object.create(binding) as Binding, descriptors(recorder))
  try {
    const outputs = f(inputs)
    const outputNames = backend.getInputTensorIds(outputs).map((id, i) => {
      const name = named(id)
      if (!inputNames.includes(name)) return name
      // TensorFlow does not fetch what it is fed.
      const copy = `n${nodes.length}`
      const type = backend.getDTypeInteger(outputs[i]?.dtype ?? "float32")
      const attributes = [{ name: "T", type: binding.TF_ATTR_TYPE, value: type }]
      nodes.push({ _tag: "Operation", name: copy, op: "Identity", inputs: [name], attributes })
      return copy
    })
    return { recording: { nodes, inputNames, outputNames }, outputs }
  } finally {
    backend.binding = binding
  }
}

// numerics

/**
 * Attributes that tfjs-node's kernels leave to be inferred from the inputs' types, in the inputs' order; in a graph they must
 * stand.
 */
const inferred: Readonly<Record<string, ReadonlyArray<string>>> = { ExpandDims: ["T", "Tdim"] }

const descriptors = (methods: object): PropertyDescriptorMap =>
  Object.fromEntries(Object.entries(methods).map(([name, value]) => [name, { value: value as unknown }]))

/** The values as TensorFlow holds them: a boolean in a byte, everything else as its typed array. */
const bytesOf = (values: ArrayLike<number>, isBoolean: boolean): Uint8Array =>
  isBoolean || !ArrayBuffer.isView(values)
    ? Uint8Array.from(values, Number)
    : new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice()
