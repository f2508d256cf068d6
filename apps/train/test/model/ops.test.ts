import { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { batchedMatMul } from "../../src/model/ops/batchedMatMul.ts"
import { embedding } from "../../src/model/ops/embedding.ts"
import { linear } from "../../src/model/ops/linear.ts"
import { rmsNorm } from "../../src/model/ops/rmsNorm.ts"
import { rotate, rotationAt } from "../../src/model/ops/rotary.ts"
import { swiGlu } from "../../src/model/ops/swiGlu.ts"
import { seed } from "../arbitraries.ts"
import { isClose } from "../closeness.ts"
import { freeing, numbersOf, onBackend } from "../engine.ts"
import { uniformTensor } from "../models.ts"

/** A custom operation beside the composition of tfjs's own operations that it stands for. */
interface Case {
  readonly name: string
  readonly shapes: fc.Arbitrary<ReadonlyArray<ReadonlyArray<number>>>
  readonly custom: (...inputs: Inputs) => tf.Tensor
  readonly naive: (...inputs: Inputs) => tf.Tensor
}

/** No operation has more than three; `shapes` gives those that it has, of their ranks. */
// oxlint-disable-next-line typescript/no-explicit-any -- the ranks differ from case to case
type Inputs = readonly [any, any, any]

const size = fc.integer({ min: 1, max: 9 })

/** Ids for tables of V rows: some rows are read twice, some never. */
const idsBelow = (vocabulary: number): tf.Tensor1D =>
  tf.tensor1d([0, vocabulary - 1, 1 % vocabulary, 0, vocabulary >> 1], "int32")

/** Halves swapped, the first negated: how the rotation is written without a product. */
const naiveRotation = (x: tf.Tensor3D, positions: ReadonlyArray<number>, base: number): tf.Tensor => {
  const [, , width] = x.shape
  const half = width / 2
  const angles = positions.map((position) =>
    Array.from({ length: width }, (_, j) => position * base ** ((-2 * (j % half)) / width)),
  )
  const angle = tf.reshape(tf.tensor2d(angles), [positions.length, 1, width])
  const [low, high] = tf.split(x, 2, 2) as [tf.Tensor, tf.Tensor]
  return tf.add(tf.mul(x, tf.cos(angle)), tf.mul(tf.concat([tf.neg(high), low], 2), tf.sin(angle)))
}

const positions = [0, 3, 1, 17]
const base = 1000

const cases: ReadonlyArray<Case> = [
  {
    name: "linear with bias",
    shapes: fc.tuple(size, size, size).map(([n, i, o]) => [[n, i], [i, o], [o]]),
    custom: (x, w, b) => linear(x, w, b),
    naive: (x, w, b) => tf.add(tf.matMul(x, w), b),
  },
  {
    name: "linear without bias",
    shapes: fc.tuple(size, size, size).map(([n, i, o]) => [
      [n, i],
      [i, o],
    ]),
    custom: (x, w) => linear(x, w),
    naive: (x, w) => tf.matMul(x, w),
  },
  {
    name: "batchedMatMul",
    shapes: fc.tuple(size, size, size, size).map(([n, i, j, k]) => [
      [n, i, j],
      [n, j, k],
    ]),
    custom: (a, b) => batchedMatMul(a, b),
    naive: (a, b) => tf.matMul(a, b),
  },
  {
    name: "rmsNorm",
    shapes: fc.tuple(size, fc.integer({ min: 2, max: 9 })).map(([n, c]) => [[n, c], [c]]),
    custom: (x, w) => rmsNorm(1e-3)(x, w),
    naive: (x, w) => tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), 1, true), 1e-3))), w),
  },
  {
    name: "swiGlu",
    shapes: fc.tuple(size, size).map(([n, c]) => [
      [n, c],
      [n, c],
    ]),
    custom: (g, u) => swiGlu(g, u),
    naive: (g, u) => tf.mul(tf.mul(g, tf.sigmoid(g)), u),
  },
  {
    name: "rotate",
    shapes: fc
      .tuple(size, fc.integer({ min: 1, max: 4 }))
      .map(([h, half]) => [[positions.length, h, 2 * half]]),
    custom: (x) => rotate(rotationAt(positions, x.shape[2], base))(x),
    naive: (x) => naiveRotation(x, positions, base),
  },
  {
    name: "embedding of a small vocabulary (one-hot product)",
    // A language has at least two tokens; tfjs refuses one-hot rows of width 1.
    shapes: fc.tuple(fc.integer({ min: 2, max: 12 }), size).map((shape) => [shape]),
    custom: (table) => embedding(table, idsBelow(table.shape[0])),
    naive: (table) => tf.gather(table, idsBelow(table.shape[0])),
  },
  {
    name: "embedding of a large vocabulary (gather)",
    shapes: fc.tuple(fc.constantFrom(257, 300), size).map((shape) => [shape]),
    custom: (table) => embedding(table, idsBelow(table.shape[0])),
    naive: (table) => tf.gather(table, idsBelow(table.shape[0])),
  },
]

/** The value and the gradients of Σ value ∘ cotangent. */
const valueAndGradients = (
  operation: Case["custom"],
  shapes: ReadonlyArray<ReadonlyArray<number>>,
  ownSeed: Seed.Seed,
): ReadonlyArray<Float32Array> => {
  const inputs = shapes.map((shape, i) => uniformTensor(shape, Seed.child(ownSeed, i)))
  const value = operation(...(inputs as unknown as Inputs))
  const cotangent = uniformTensor(value.shape, Seed.child(ownSeed, "cotangent"))
  const gradients = tf.grads((...all: Array<tf.Tensor>) => operation(...(all as unknown as Inputs)))(
    inputs,
    cotangent,
  )
  return [value, ...gradients].map(numbersOf)
}

describe("every custom operation equals, in value and in gradient, what tfjs derives from its definition", () => {
  it.each(cases)("$name", async ({ shapes, custom, naive }) => {
    await fc.assert(
      fc.asyncProperty(shapes, seed, async (these, own) => {
        const reference = await onBackend("cpu", () => valueAndGradients(naive, these, own))
        const onCpu = await onBackend("cpu", () => valueAndGradients(custom, these, own))
        const onWasm = await onBackend("wasm", () => valueAndGradients(custom, these, own))
        const agrees = (numbers: Float32Array, i: number): boolean => isClose(numbers, reference[i] ?? [])
        return onCpu.length === reference.length && onCpu.every(agrees) && onWasm.every(agrees)
      }),
      { numRuns: 15 },
    )
  })
})

describe("rotation", () => {
  const turned = (x: tf.Tensor, at: ReadonlyArray<number>): tf.Tensor3D =>
    rotate(rotationAt(at, x.shape[2] ?? 0, base))(x as tf.Tensor3D)
  const at = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 5 })
  const half = fc.integer({ min: 1, max: 4 })

  it("preserves norms", () => {
    fc.assert(
      fc.property(at, half, seed, (where, d, own) =>
        freeing(() => {
          const x = uniformTensor([where.length, 2, 2 * d], own)
          return isClose(numbersOf(tf.norm(turned(x, where), 2, 2)), numbersOf(tf.norm(x, 2, 2)))
        }),
      ),
    )
  })

  it("makes products of queries and keys depend on their distance alone", () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(50), half, seed, (m, n, shift, d, own) =>
        freeing(() => {
          const q = uniformTensor([1, 1, 2 * d], Seed.child(own, "q"))
          const k = uniformTensor([1, 1, 2 * d], Seed.child(own, "k"))
          const product = (a: number, b: number): Float32Array =>
            numbersOf(tf.sum(tf.mul(turned(q, [a]), turned(k, [b]))))
          return isClose(product(m, n), product(m + shift, n + shift))
        }),
      ),
    )
  })

  it("is the identity at position 0", () => {
    freeing(() => {
      const x = uniformTensor([1, 3, 8], Seed.fromInteger(1))
      expect(numbersOf(turned(x, [0]))).toEqual(numbersOf(x))
    })
  })
})
