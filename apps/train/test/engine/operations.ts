/**
 * Every operation of tfjs that the sources call, on small inputs: what each engine must have, with its gradient.
 *
 * A case is a scalar function of float inputs, so that value and gradients are numbers that engines can be compared by. Inputs
 * are drawn from [0.2, 1.2): in the domain of every operation here, and without ties.
 */
import * as tf from "@tensorflow/tfjs-core"

/** A function of two [3, 4] matrices, and whether its gradient is one that training takes. */
export interface Operation {
  readonly apply: (x: tf.Tensor2D, y: tf.Tensor2D) => tf.Tensor
  readonly isDifferentiated: boolean
}

const smooth = (apply: Operation["apply"]): Operation => ({ apply, isDifferentiated: true })
const constant = (apply: Operation["apply"]): Operation => ({ apply, isDifferentiated: false })

/** `[[0, 0], [1, 2], [2, 1]]`: rows to scatter to, columns to gather from. */
const places = (): tf.Tensor2D => tf.tensor2d([0, 0, 1, 2, 2, 1], [3, 2], "int32")

/** By the name in tfjs. */
export const operations: Readonly<Record<string, Operation>> = {
  add: smooth((x, y) => tf.add(x, y)),
  addN: smooth((x, y) => tf.addN([x, y, x])),
  // More than a WebGPU shader can bind.
  "addN of twenty": smooth((x, y) => tf.addN(Array.from({ length: 20 }, (_, i) => (i % 3 === 0 ? x : y)))),
  cast: constant((x) => tf.cast(tf.cast(tf.mul(x, 3), "int32"), "float32")),
  clipByValue: smooth((x) => tf.clipByValue(x, 0.4, 0.9)),
  clone: smooth((x) => tf.clone(x)),
  concat: smooth((x, y) => tf.concat([x, y], 1)),
  cumsum: smooth((x) => tf.cumsum(x, 1)),
  div: smooth((x, y) => tf.div(x, y)),
  exp: smooth((x) => tf.exp(x)),
  expandDims: smooth((x) => tf.mul(tf.expandDims(x, 1), tf.ones([3, 2, 4]))),
  fill: constant(() => tf.fill([2, 3], 0.5)),
  gather: constant((x) => tf.gather(x, tf.tensor1d([2, 0, 2], "int32"))),
  log: smooth((x) => tf.log(x)),
  log1p: smooth((x) => tf.log1p(x)),
  matMul: smooth((x, y) => tf.matMul(x, tf.transpose(y))),
  max: constant((x) => tf.max(x, 1)),
  maximum: smooth((x, y) => tf.maximum(x, y)),
  mean: smooth((x) => tf.mean(x, 1)),
  minimum: smooth((x, y) => tf.minimum(x, y)),
  mul: smooth((x, y) => tf.mul(x, y)),
  neg: smooth((x) => tf.neg(x)),
  oneHot: constant(() => tf.cast(tf.oneHot(tf.tensor1d([1, 3, 0], "int32"), 4), "float32")),
  ones: constant(() => tf.ones([2, 3])),
  onesLike: constant((x) => tf.onesLike(x)),
  pad: smooth((x) =>
    tf.pad(x, [
      [1, 0],
      [0, 2],
    ]),
  ),
  pad2d: smooth((x) =>
    tf.pad2d(x, [
      [0, 1],
      [2, 0],
    ]),
  ),
  randomUniform: constant(() => tf.randomUniform([2, 3], 0, 1, "float32", 7)),
  range: constant(() => tf.range(0, 5)),
  reshape: smooth((x) => tf.reshape(x, [2, 6])),
  rsqrt: smooth((x) => tf.rsqrt(x)),
  scatterND: constant((x) => tf.scatterND(places(), tf.slice(tf.reshape(x, [-1]), 0, 3), [3, 4])),
  sigmoid: smooth((x) => tf.sigmoid(x)),
  slice: smooth((x) => tf.slice(x, [1, 0], [2, 3])),
  slice2d: smooth((x) => tf.slice2d(x, [0, 1], [2, 2])),
  softmax: smooth((x) => tf.softmax(x)),
  split: smooth((x) => tf.add(...(tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor]))),
  sqrt: smooth((x) => tf.sqrt(x)),
  square: smooth((x) => tf.square(x)),
  squeeze: smooth((x) => tf.squeeze(tf.reshape(x, [3, 1, 4]), [1])),
  stack: smooth((x, y) => tf.stack([x, y], 1)),
  step: constant((x) => tf.step(tf.sub(x, 0.7))),
  sub: smooth((x, y) => tf.sub(x, y)),
  sum: smooth((x) => tf.sum(x, 0)),
  transpose: smooth((x) => tf.transpose(x)),
  unstack: smooth((x) => tf.addN(tf.unstack(x))),
  zeros: constant(() => tf.zeros([2, 2])),
  zerosLike: constant((x) => tf.zerosLike(x)),
}

/** What of tfjs computes nothing: tensors from host memory, lifetimes, derivatives, the choice of a backend, shapes. */
export const notOperations: ReadonlyArray<string> = [
  "backend",
  "backend_util",
  "broadcast_util",
  "customGrad",
  "dispose",
  "engine",
  "findBackendFactory",
  "getBackend",
  "getKernel",
  "grad",
  "grads",
  "keep",
  "memory",
  "ready",
  "registerBackend",
  "registerKernel",
  "scalar",
  "setBackend",
  "slice_util",
  "tensor",
  "tensor1d",
  "tensor2d",
  "tensor3d",
  "tensor4d",
  "tensor5d",
  "tidy",
  "unregisterKernel",
  "valueAndGrad",
  "valueAndGrads",
  "variableGrads",
]
