/**
 * The model's operations in the form in which PyTorch's values of them are stored (`../shared/data/golden/torch-reference.json`).
 */
import * as tf from "@tensorflow/tfjs-core"
import { embedding } from "../src/model/ops/embedding.ts"
import { linear } from "../src/model/ops/linear.ts"
import { rmsNorm } from "../src/model/ops/rmsNorm.ts"
import { rotate, rotationAt } from "../src/model/ops/rotary.ts"
import { swiGlu } from "../src/model/ops/swiGlu.ts"
import { distance } from "./closeness.ts"

/** Arrays of arrays of numbers. */
export type Nested = number | ReadonlyArray<Nested>

/** What PyTorch computed of an operation. */
export interface Operation {
  readonly inputs: ReadonlyArray<Nested>
  readonly out: Nested
  readonly cotangent: Nested
  readonly grads: ReadonlyArray<Nested>
}

/** The file. */
export interface Reference {
  readonly ops: Readonly<Record<string, Operation>>
  readonly adamw: ReadonlyArray<{
    readonly config: {
      readonly lr: number
      readonly betas: readonly [number, number]
      readonly eps: number
      readonly weight_decay: number
    }
    readonly init: readonly [Nested, Nested]
    readonly steps: ReadonlyArray<{
      readonly grads: readonly [Nested, Nested]
      readonly params: readonly [Nested, Nested]
    }>
  }>
  readonly clip_grad_norm: {
    readonly grads: readonly [Nested, Nested]
    readonly max_norm: number
    readonly total_norm: number
    readonly clipped: readonly [Nested, Nested]
  }
}

/** All numbers, in order. */
export const flat = (nested: Nested): ReadonlyArray<number> =>
  typeof nested === "number" ? [nested] : nested.flatMap(flat)
/** As a tensor of its shape. */
export const tensor = (nested: Nested): tf.Tensor => tf.tensor(nested)

/** [.., C] as the rows that the operations here take. */
const rows = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [-1, x.shape.at(-1) ?? 1])

/** [1, H, T, d] as tokens by heads, and back. */
const byToken = (x: tf.Tensor): tf.Tensor3D => tf.transpose(tf.squeeze(x, [0]), [1, 0, 2])

/** No operation here has more than three. */
type Inputs = readonly [tf.Tensor, tf.Tensor, tf.Tensor]

/** By the names that the file has for them. */
export const operations: Readonly<Record<string, (...inputs: Inputs) => tf.Tensor>> = {
  rmsnorm: (x, w) => tf.reshape(rmsNorm(1e-6)(rows(x), w as tf.Tensor1D), x.shape),
  swiglu: (g, u) => swiGlu(g as tf.Tensor2D, u as tf.Tensor2D),
  linear: (x, w, b) =>
    tf.reshape(linear(rows(x), tf.transpose(w as tf.Tensor2D), b as tf.Tensor1D), [2, 3, 5]),
  rope_half_split: (x) =>
    tf.expandDims(tf.transpose(rotate(rotationAt([0, 1, 2, 3, 4], 8, 10000))(byToken(x)), [1, 0, 2]), 0),
  embedding: (table) =>
    tf.reshape(embedding(table as tf.Tensor2D, tf.tensor1d([0, 2, 2, 1, 0, 3], "int32")), [2, 3, 3]),
}

/** The largest distance of an operation's value and gradients from PyTorch's. */
export const torchDistance = (operation: (...inputs: Inputs) => tf.Tensor, golden: Operation): number => {
  const engine = tf.engine()
  engine.startScope()
  try {
    const { value, grads } = tf.valueAndGrads((...inputs: Array<tf.Tensor>) =>
      operation(...(inputs as unknown as Inputs)),
    )(golden.inputs.map(tensor), tensor(golden.cotangent))
    return Math.max(
      distance(value.dataSync(), flat(golden.out)),
      ...golden.grads.map((expected, i) => distance(grads[i]?.dataSync() ?? [], flat(expected))),
    )
  } finally {
    engine.endScope()
  }
}
