/**
 * Kernels of tfjs's wasm backend (4.22) that are replaced, with the same results (of more than 48 terms tfjs's loop adds sums of 48).
 *
 * `BatchMatMul` of several pairs, or of a transposed factor, is a scalar loop there, at some 1 GFLOP/s; XNNPACK, for one pair that
 * lies as it should, has 17. Ours (`products/module.ts`) has 9 to 20 for all. Left to XNNPACK are products of few rows, because it keeps
 * what it has packed of the second factor.
 *
 * `Identity`, which the tape makes of all that is saved for the gradient, is a copy there; here it is another name of the same buffer,
 * as on the other backends. No kernel writes to what it reads.
 */
import * as tf from "@tensorflow/tfjs-core"
import { productsBytes } from "./products/bytes.ts"
import { scratchBytes } from "./products/sizes.ts"

// model

/** What is used of WebAssembly, whose types TypeScript has for browsers only. */
declare const WebAssembly: {
  readonly validate: (bytes: Uint8Array) => boolean
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, unknown>> }
}

/** What is used of tfjs's backend. */
interface Backend {
  readonly wasm: {
    readonly asm: { readonly memory: object }
    readonly _malloc: (bytes: number) => number
  }
  readonly dataIdMap: { readonly get: (id: object) => { readonly memoryOffset: number } }
  readonly makeOutput: (shape: Array<number>, dtype: tf.DataType) => tf.TensorInfo
  readonly incRef: (id: object) => void
}

type Multiply = (
  batch: number,
  ...addresses: [
    a: number,
    b: number,
    c: number,
    rows: number,
    inner: number,
    columns: number,
    aRow: number,
    aCol: number,
    bRow: number,
    bCol: number,
    aStep: number,
    bStep: number,
    scratch: number,
  ]
) => void

/** Rows below which XNNPACK's kept panels are worth more. */
const fewRows = 16

// constructors

/** Replaces the kernels of this thread's wasm backend, once. */
export const correctKernels = (): void => {
  if (isReplaced) return
  isReplaced = true
  replace("BatchMatMul", product)
  replace("Identity", () => ({ inputs, backend }) => {
    const { x } = inputs as { readonly x: tf.TensorInfo }
    ;(backend as Backend).incRef(x.dataId)
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
  })
}

/** Kernels are registered for a thread, whatever becomes of its backend. */
let isReplaced = false

const replace = (kernelName: string, by: (before: tf.KernelFunc) => tf.KernelFunc): void => {
  const before = tf.getKernel(kernelName, "wasm")
  if (before === undefined) throw new Error(`bug: tfjs's wasm backend has no ${kernelName}`)
  tf.unregisterKernel(kernelName, "wasm")
  tf.registerKernel({ ...before, kernelFunc: by(before.kernelFunc) })
}

const product = (before: tf.KernelFunc): tf.KernelFunc => {
  const bytes = Buffer.from(productsBytes, "base64")
  // A processor without SIMD is left to tfjs.
  if (!WebAssembly.validate(bytes)) return before
  const backend = tf.backend() as unknown as Backend
  const imports = { env: { memory: backend.wasm.asm.memory } }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports)
  const multiply = exports["multiply"] as Multiply
  const scratch = backend.wasm._malloc(scratchBytes) >>> 0
  const addressOf = ({ dataId }: tf.TensorInfo): number => backend.dataIdMap.get(dataId).memoryOffset
  return (call) => {
    const { a, b } = call.inputs as { readonly a: tf.TensorInfo; readonly b: tf.TensorInfo }
    const { transposeA, transposeB } = call.attrs as Readonly<Record<string, unknown>>
    const [left, right] = [factor(a, transposeA === true), factor(b, transposeB === true)]
    const isForXnnpack = left.batch === 1 && left.rows < fewRows && !left.isTransposed && !right.isTransposed
    const fits = left.batch === right.batch && left.columns === right.rows && left.columns > 0
    // Faults, and what is empty or spread over a batch, are tfjs's business.
    if (isForXnnpack || !fits || a.dtype !== "float32" || b.dtype !== "float32") return before(call)
    const out = backend.makeOutput([...a.shape.slice(0, -2), left.rows, right.columns], "float32")
    multiply(
      left.batch,
      addressOf(a),
      addressOf(b),
      addressOf(out),
      left.rows,
      left.columns,
      right.columns,
      left.row,
      left.column,
      right.row,
      right.column,
      left.step,
      right.step,
      scratch,
    )
    return out
  }
}

/** Matrices of a tensor's last two axes: how many, their sizes, and the bytes between rows, between columns, between matrices. */
const factor = ({ shape }: tf.TensorInfo, isTransposed: boolean) => {
  const [rows = 0, columns = 0] = shape.slice(-2)
  const batch = shape.slice(0, -2).reduce((product, size) => product * size, 1)
  const step = 4 * rows * columns
  return isTransposed
    ? { batch, step, rows: columns, columns: rows, row: 4, column: 4 * columns, isTransposed }
    : { batch, step, rows, columns, row: 4 * columns, column: 4, isTransposed }
}
