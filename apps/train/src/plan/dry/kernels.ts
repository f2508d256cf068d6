/**
 * What tfjs's kernels make, by shape: those that a step of training runs.
 *
 *     kernel(inputs, attributes) = tensors of the right shape and type, over buffers of their own or over an input's
 *
 * A buffer that a kernel needs on its way is made and freed. What a processor's library takes for itself is left out: oneDNN, beneath
 * TensorFlow, was seen to take up to 1.4 MB while it computes a product.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { DryBackend } from "./backend.ts"

// model

type Info = tf.TensorInfo
type Shape = ReadonlyArray<number>

/** Of one input. */
interface X {
  readonly x: Info
}

/** Of any number of inputs, in their order. */
type Pieces = Readonly<Record<string, Info>>

/** A kernel from what it makes. Kernels read all of their inputs, but for those that only rename one. */
const kernel =
  <Inputs, Attributes>(
    made: (on: DryBackend, inputs: Inputs, attributes: Attributes) => Info | Array<Info>,
  ): tf.KernelFunc =>
  ({ inputs, attrs, backend }) => {
    const on = backend as DryBackend
    for (const input of Object.values(inputs)) if (input !== undefined) on.use(input)
    return made(on, inputs as Inputs, attrs as Attributes)
  }

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

// rows and columns

const concat = kernel((on, pieces: Pieces, { axis }: tf.ConcatAttrs) => {
  const all = Object.values(pieces) as [Info, ...Array<Info>]
  return on.make(
    tf.backend_util.computeOutShape(
      all.map(({ shape }) => shape),
      axis,
    ),
    all[0].dtype,
  )
})

const pack = kernel((on, pieces: Pieces, { axis }: tf.PackAttrs) => {
  const [first, ...rest] = Object.values(pieces) as [Info, ...Array<Info>]
  const shape = first.shape.toSpliced(axis, 0, 1 + rest.length)
  return rest.length === 0 ? on.share(first, shape) : on.make(shape, first.dtype)
})

const splitV = kernel((on, { x }: X, { numOrSizeSplits, axis }: tf.SplitVAttrs) => {
  const [along = 0] = tf.util.parseAxisParam(axis, x.shape)
  return tf.backend_util
    .prepareSplitSize(x as tf.Tensor, numOrSizeSplits, along)
    .map((size) => on.make(x.shape.with(along, size), x.dtype))
})

const slice = kernel((on, { x }: X, { begin, size }: tf.SliceAttrs) => {
  const [from = [], shape = []] = tf.slice_util.parseSliceParams(x, begin, size)
  return on.traits.sharesViews && isView(x.shape, from, shape) ? on.share(x, shape) : on.make(shape, x.dtype)
})

/** Bytes at multiples of which TensorFlow wants rows to begin, for a slice of rows to be another name of them. */
const alignment = 64

/** TensorFlow's `Slice`: the whole, or rows that stay aligned (`IsDim0SliceAligned`). */
const isView = (shape: Shape, from: Shape, sizes: Shape): boolean => {
  const [, ...inner] = shape
  if (inner.some((size, i) => size !== sizes[i + 1])) return false
  if (shape[0] === sizes[0]) return true
  const rowBytes = 4 * tf.util.sizeFromShape(inner)
  return inner.length > 0
    ? rowBytes % alignment === 0
    : [from, sizes].every(([at = 0]) => (at * rowBytes) % alignment === 0)
}

const transpose = kernel((on, { x }: X, { perm }: tf.TransposeAttrs) => {
  const shape = perm.map((axis) => x.shape[axis] ?? NaN)
  const moved = perm.filter((axis) => x.shape[axis] !== 1)
  const isInOrder = moved.every((axis, i) => axis >= (moved[i - 1] ?? 0))
  return on.traits.sharesViews && isInOrder ? on.share(x, shape) : on.make(shape, x.dtype)
})

const pad = kernel((on, { x }: X, { paddings }: tf.PadV2Attrs) =>
  on.make(
    x.shape.map((size, i) => (paddings[i] ?? []).reduce((sum, more) => sum + more, size)),
    x.dtype,
  ),
)

const gather = kernel((on, { x, indices }: X & { readonly indices: Info }, { axis }: tf.GatherV2Attrs) => {
  const [along = 0] = tf.util.parseAxisParam(axis, x.shape)
  return on.make(x.shape.toSpliced(along, 1, ...indices.shape), x.dtype)
})

const scatterNd = kernel((on, { updates }: { readonly updates: Info }, { shape }: tf.ScatterNdAttrs) =>
  on.make(shape, updates.dtype),
)

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
