/** Products of matrices on wasm: their order of sums, whatever the shape; and another name for a buffer is not a copy. */
import { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seed } from "../arbitraries.ts"
import { freeing } from "../engine.ts"

const numbers = (own: Seed.Seed, size: number): Float32Array => {
  const { uniform } = Seed.generator(own)
  return Float32Array.from({ length: size }, () => 4 * (uniform() - 0.5))
}

/** Sizes on both sides of what is worked on together: 4 rows, 8 columns, 64 rows, 256 terms, 256 columns. */
const size = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom(63, 64, 65, 66, 255, 256, 257, 300, 515) },
)

const shapes = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  rows: size,
  inner: size,
  columns: size,
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
})

/** c = 0; c ← fl(c + fl(a b)), over the inner dimension in order. */
const inOrder = (
  {
    batch,
    rows,
    inner,
    columns,
    transposeA,
    transposeB,
  }: typeof shapes extends fc.Arbitrary<infer T> ? T : never,
  a: Float32Array,
  b: Float32Array,
): Float32Array => {
  const c = new Float32Array(batch * rows * columns)
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        let sum = 0
        for (let k = 0; k < inner; k++) {
          const x = a[n * rows * inner + (transposeA ? k * rows + i : i * inner + k)] ?? NaN
          const y = b[n * inner * columns + (transposeB ? j * inner + k : k * columns + j)] ?? NaN
          sum = Math.fround(sum + Math.fround(x * y))
        }
        c[(n * rows + i) * columns + j] = sum
      }
  return c
}

const sameBits = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((each, i) => Object.is(each, b[i]))

describe("a product on wasm", () => {
  it("adds term by term, to the last bit, for any shape, any number of pairs, transposed or not", () => {
    fc.assert(
      fc.property(shapes, seed, (shape, own) =>
        freeing(() => {
          const { batch, rows, inner, columns, transposeA, transposeB } = shape
          const a = numbers(Seed.child(own, 0), batch * rows * inner)
          const b = numbers(Seed.child(own, 1), batch * inner * columns)
          const product = tf.matMul(
            tf.tensor3d(a, transposeA ? [batch, inner, rows] : [batch, rows, inner]),
            tf.tensor3d(b, transposeB ? [batch, columns, inner] : [batch, inner, columns]),
            transposeA,
            transposeB,
          )
          expect(product.shape).toEqual([batch, rows, columns])
          return sameBits(product.dataSync<"float32">(), inOrder(shape, a, b))
        }),
      ),
      { numRuns: 300 },
    )
  })

  it("of few rows, which is XNNPACK's, has the bits of the same rows among many, which are ours", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 15 }), size, size, seed, (few, inner, columns, own) =>
        freeing(() => {
          const many = 20
          const a = tf.tensor2d(numbers(Seed.child(own, 0), many * inner), [many, inner])
          const b = tf.tensor2d(numbers(Seed.child(own, 1), inner * columns), [inner, columns])
          const rows = tf.slice(a, [0, 0], [few, inner])
          return sameBits(
            tf.matMul(rows, b).dataSync<"float32">(),
            tf
              .matMul(a, b)
              .dataSync<"float32">()
              .slice(0, few * columns),
          )
        }),
      ),
    )
  })

  it("keeps infinities and what is not a number", () => {
    freeing(() => {
      const a = tf.tensor2d(
        Float32Array.from({ length: 16 * 3 }, (_, i) => (i === 1 ? Infinity : i === 5 ? NaN : 1)),
        [16, 3],
      )
      const c = tf.matMul(a, tf.ones([3, 2])).dataSync()
      expect(Array.from(c).slice(0, 6)).toEqual([Infinity, Infinity, NaN, NaN, 3, 3])
    })
  })

  it("refuses shapes that do not fit, in tfjs's words", () => {
    freeing(() => {
      expect(() => tf.matMul(tf.ones([20, 3]), tf.ones([4, 5]))).toThrow(/inner shapes/)
    })
  })
})

describe("another name", () => {
  it("is the same buffer, which lives as long as one of its names", () => {
    freeing(() => {
      const x = tf.tensor1d([1, 2, 3])
      const before = tf.memory().numDataBuffers
      const y = tf.clone(x)
      expect(tf.memory().numDataBuffers).toBe(before)
      x.dispose()
      expect([...y.dataSync()]).toEqual([1, 2, 3])
      y.dispose()
      expect(tf.memory().numDataBuffers).toBe(before - 1)
    })
  })
})
