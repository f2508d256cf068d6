/**
 * Kernels that move rows and columns, and compute nothing.
 */
import * as tf from "@tensorflow/tfjs-core"
import { type Info, type Pieces, type Shape, type X, kernel } from "./kernel.ts"

// put together

export const concat = kernel((on, pieces: Pieces, { axis }: tf.ConcatAttrs) => {
  const all = Object.values(pieces) as [Info, ...Array<Info>]
  return on.make(
    tf.backend_util.computeOutShape(
      all.map(({ shape }) => shape),
      axis,
    ),
    all[0].dtype,
  )
})

export const pack = kernel((on, pieces: Pieces, { axis }: tf.PackAttrs) => {
  const [first, ...rest] = Object.values(pieces) as [Info, ...Array<Info>]
  const shape = first.shape.toSpliced(axis, 0, 1 + rest.length)
  return rest.length === 0 ? on.share(first, shape) : on.make(shape, first.dtype)
})

// taken apart

export const splitV = kernel((on, { x }: X, { numOrSizeSplits, axis }: tf.SplitVAttrs) => {
  const [along = 0] = tf.util.parseAxisParam(axis, x.shape)
  return tf.backend_util
    .prepareSplitSize(x as tf.Tensor, numOrSizeSplits, along)
    .map((size) => on.make(x.shape.with(along, size), x.dtype))
})

export const slice = kernel((on, { x }: X, { begin, size }: tf.SliceAttrs) => {
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

// in another order, in other places

export const transpose = kernel((on, { x }: X, { perm }: tf.TransposeAttrs) => {
  const shape = perm.map((axis) => x.shape[axis] ?? NaN)
  const moved = perm.filter((axis) => x.shape[axis] !== 1)
  const isInOrder = moved.every((axis, i) => axis >= (moved[i - 1] ?? 0))
  return on.traits.sharesViews && isInOrder ? on.share(x, shape) : on.make(shape, x.dtype)
})

export const pad = kernel((on, { x }: X, { paddings }: tf.PadV2Attrs) =>
  on.make(
    x.shape.map((size, i) => (paddings[i] ?? []).reduce((sum, more) => sum + more, size)),
    x.dtype,
  ),
)

export const gather = kernel(
  (on, { x, indices }: X & { readonly indices: Info }, { axis }: tf.GatherV2Attrs) => {
    const [along = 0] = tf.util.parseAxisParam(axis, x.shape)
    return on.make(x.shape.toSpliced(along, 1, ...indices.shape), x.dtype)
  },
)

export const scatterNd = kernel((on, { updates }: { readonly updates: Info }, { shape }: tf.ScatterNdAttrs) =>
  on.make(shape, updates.dtype),
)
