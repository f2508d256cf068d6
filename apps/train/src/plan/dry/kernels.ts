/**
 * What tfjs's kernels make, by shape: those that a step of training runs.
 *
 * A buffer that a kernel needs on its way is made and freed. What a processor's library takes for itself is left out: oneDNN, beneath
 * TensorFlow, was seen to take up to 1.4 MB while it computes a product.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { DryBackend } from "./backend.ts"
import { type Info, type Pieces, type X, kernel } from "./kernel.ts"
import { concat, gather, pack, pad, scatterNd, slice, splitV, transpose } from "./rows.ts"

// number by number

const unary = kernel((on, inputs: Pieces) => {
  const [x] = Object.values(inputs) as [Info]
  return on.make(x.shape, x.dtype)
})

const binary = kernel((on, { a, b }: { readonly a: Info; readonly b: Info }) =>
  on.make(tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape), a.dtype),
)

const clipByValue = kernel((on, { x }: X) => {
  const between = on.traits.clipsInTwo ? on.make(x.shape, x.dtype) : undefined
  const clipped = on.make(x.shape, x.dtype)
  if (between !== undefined) on.disposeData(between.dataId)
  return clipped
})

// other names

/** Nothing is read: what came from the host may stay there. */
const identity: tf.KernelFunc = ({ inputs, backend }) => {
  const { x } = inputs as unknown as X
  return (backend as DryBackend).share(x, x.shape)
}

const cast = kernel((on, { x }: X, { dtype }: tf.CastAttrs) =>
  on.traits.sharesCast(x.dtype, dtype) ? { ...on.share(x, x.shape), dtype } : on.make(x.shape, dtype),
)

const reshape = kernel((on, { x }: X, { shape }: tf.ReshapeAttrs) =>
  on.share(x, tf.util.inferFromImplicitShape(shape, tf.util.sizeFromShape(x.shape))),
)

const expandDims = kernel((on, { input }: { readonly input: Info }, { dim }: tf.ExpandDimsAttrs) =>
  on.share(input, input.shape.toSpliced(dim < 0 ? input.shape.length + 1 + dim : dim, 0, 1)),
)

// products and sums

const batchMatMul = kernel(
  (on, { a, b }: { readonly a: Info; readonly b: Info }, { transposeA, transposeB }: tf.BatchMatMulAttrs) =>
    on.make(
      [
        ...tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)),
        a.shape.at(transposeA ? -1 : -2) ?? NaN,
        b.shape.at(transposeB ? -2 : -1) ?? NaN,
      ],
      a.dtype,
    ),
)

interface Reduction {
  readonly axis?: number | Array<number>
  readonly reductionIndices?: number | Array<number>
  readonly keepDims: boolean
}

const reduced = kernel((on, { x }: X, { axis, reductionIndices, keepDims }: Reduction) => {
  const axes = tf.util.parseAxisParam(axis ?? reductionIndices ?? [...x.shape.keys()], x.shape)
  const areLast = tf.backend_util.axesAreInnerMostDims(axes, x.shape.length)
  const transposed = on.traits.transposesToReduce && !areLast ? on.make(x.shape, x.dtype) : undefined
  const result = on.make(
    x.shape.flatMap((size, i) => (!axes.includes(i) ? [size] : keepDims ? [1] : [])),
    x.dtype,
  )
  if (transposed !== undefined) on.disposeData(transposed.dataId)
  return result
})

// from nothing

const fill = kernel((on, _: unknown, { shape, dtype }: tf.FillAttrs) => on.make(shape, dtype ?? "float32"))

const oneHot = kernel((on, { indices }: { readonly indices: Info }, { depth, dtype }: tf.OneHotAttrs) =>
  on.make([...indices.shape, depth], dtype),
)

const range = kernel((on, _: unknown, { start, stop, step, dtype }: tf.RangeAttrs) =>
  on.make([Math.ceil((stop - start) / step)], dtype),
)

// by name

const each = (names: ReadonlyArray<string>, made: tf.KernelFunc): Readonly<Record<string, tf.KernelFunc>> =>
  Object.fromEntries(names.map((name) => [name, made]))

/** See the module header. */
export const kernels: Readonly<Record<string, tf.KernelFunc>> = {
  ...each(["Exp", "Log", "Neg", "Rsqrt", "Sigmoid", "Softmax", "Sqrt", "Square"], unary),
  ...each(["ZerosLike", "AddN"], unary),
  ...each(["Add", "Maximum", "Minimum", "Multiply", "RealDiv", "Sub"], binary),
  ...each(["Max", "Mean", "Sum"], reduced),
  ClipByValue: clipByValue,
  Identity: identity,
  Cast: cast,
  Reshape: reshape,
  ExpandDims: expandDims,
  BatchMatMul: batchMatMul,
  Concat: concat,
  Pack: pack,
  SplitV: splitV,
  Slice: slice,
  Transpose: transpose,
  PadV2: pad,
  GatherV2: gather,
  ScatterNd: scatterNd,
  Fill: fill,
  OneHot: oneHot,
  Range: range,
}
