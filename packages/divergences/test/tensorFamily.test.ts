import { Categorical, Laws } from "@rapo/distributions"
import * as Tensor from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs"
import * as fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { FDivergence, LogitGradient } from "../src/index.ts"
import { ChunkedKL, FDivergence as TensorFDivergence, KL as TensorKL } from "../src/tensor/index.ts"
import { members, fromLogits, mildLogitPair, right } from "./arbitraries.ts"
import { engines, use } from "./engines.ts"

/** float32 keeps 24 bits: a few roundings of ratios up to e⁸ and of their powers, relative to the largest. */
const float32 = Laws.closeTo(3e-5)

const numbers = (x: tf.Tensor): Array<number> => [...x.dataSync()]

const allClose = (xs: ReadonlyArray<number>, ys: ReadonlyArray<number>): boolean => {
  const scale = ys.reduce((m, y) => Math.max(m, Math.abs(y)), 1)
  return (
    xs.length === ys.length &&
    xs.every((x, i) => Number.isFinite(x) && float32.equals(x / scale, (ys[i] ?? NaN) / scale))
  )
}

const chunked = { forward: ChunkedKL.forwardKL, reverse: ChunkedKL.reverseKL } as const
const whole = { forward: TensorKL.forwardKL, reverse: TensorKL.reverseKL } as const

type Direction = "forward" | "reverse"

/** Σ_b c_b KL_b, so that the upstream gradient is not all ones. */
const total =
  (kernel: (reference: tf.Tensor, policy: tf.Tensor) => tf.Tensor, reference: tf.Tensor) =>
  (z: tf.Tensor): tf.Tensor => {
    const values = kernel(reference, z)
    return tf.sum(tf.mul(values, tf.cos(tf.range(1, values.size + 1)).reshape(values.shape)))
  }
/** Values and gradients are those of the whole. */
const agrees = (direction: Direction, reference: tf.Tensor, z: tf.Tensor, rows: number): boolean => {
  const inChunks = chunked[direction](rows)
  return (
    inChunks(reference, z).shape.join() === z.shape.slice(0, -1).join() &&
    allClose(numbers(inChunks(reference, z)), numbers(whole[direction](reference, z))) &&
    allClose(
      numbers(tf.grad(total(inChunks, reference))(z)),
      numbers(tf.grad(total(whole[direction], reference))(z)),
    )
  )
}

describe.each(engines)("on %s", (engine) => {
  beforeAll(() => use(engine))

  test.each(members.map((d) => [d.name, d] as const))(
    "%s over tensors is the float64 one, gradients included",
    (_, d) =>
      fc.assert(
        fc.property(mildLogitPair, ([p, q]) =>
          tf.tidy(() => {
            const [y, z] = [tf.tensor1d(p), tf.tensor1d(q)]
            const kernel = (y: tf.Tensor, z: tf.Tensor): tf.Tensor =>
              TensorFDivergence.divergence(d)(
                Tensor.Categorical.logSoftmax(y),
                Tensor.Categorical.logSoftmax(z),
              )
            const gradients = tf.grads((y, z) => tf.sum(kernel(y, z)))([y, z])
            // tfjs keeps float32 copies of the logits: the reference takes the same.
            const [p32, q32] = [p.map(Math.fround), q.map(Math.fround)]
            const value = right(FDivergence.divergence(d)(fromLogits(p32), fromLogits(q32)))
            // Total variation has no gradient at a tie; elsewhere every member has.
            const tied = !d.strictlyConvex && p32.some((_, i) => nearlyTied(p32, q32, i))
            return (
              allClose(numbers(kernel(y, z)), [value]) &&
              (tied ||
                (allClose(
                  gradients[0] === undefined ? [] : numbers(gradients[0]),
                  right(LogitGradient.inFirst(d)(p32, fromLogits(q32))).slice(),
                ) &&
                  allClose(
                    gradients[1] === undefined ? [] : numbers(gradients[1]),
                    right(LogitGradient.inSecond(d)(fromLogits(p32), q32)).slice(),
                  )))
            )
          }),
        ),
        { numRuns: 20 },
      ),
  )

  describe.each(["forward", "reverse"] as const)("%s KL in chunks", (direction) => {
    test("equals the whole at every size of chunk, gradients included", () =>
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 1e6 }), (rows, seed) =>
          tf.tidy(() =>
            agrees(
              direction,
              Tensor.Categorical.logSoftmax(tf.randomNormal([2, 4, 5], 0, 3, "float32", seed)),
              tf.randomNormal([2, 4, 5], 0, 3, "float32", seed + 1),
              rows,
            ),
          ),
        ),
        { numRuns: 30 },
      ))

    test("makes nothing of the size of the whole but the gradient, and holds less at its peak", async () => {
      const [N, V, rows] = [64, 512, 4]
      const [reference, z] = [tf.randomNormal([N, V]), tf.randomNormal([N, V])]
      const logP = tf.tidy(() => Tensor.Categorical.logSoftmax(reference))
      const profile = async (kernel: (p: tf.Tensor, z: tf.Tensor) => tf.Tensor) => {
        // One profile object is used again for the next: what is asked of it is asked here.
        const { kernels, peakBytes } = await tf.profile(() =>
          tf.tidy(() => tf.grad((x: tf.Tensor) => tf.sum(kernel(logP, x)))(z)),
        )
        const isLarge = (shape: ReadonlyArray<number>): boolean => shape.reduce((a, b) => a * b, 1) > rows * V
        return { peakBytes, large: kernels.filter((k) => k.outputShapes.some(isLarge)).map((k) => k.name) }
      }
      const [inChunks, atOnce] = [await profile(chunked[direction](rows)), await profile(whole[direction])]
      tf.dispose([reference, z, logP])
      // Those two share their input's memory: the reshaped, and the saved.
      expect(inChunks.large.filter((name) => !["Reshape", "Identity"].includes(name))).toEqual(["Concat"])
      expect(inChunks.peakBytes).toBeLessThan(atOnce.peakBytes)
    })

    test("the reference is a constant", () => {
      tf.tidy(() => {
        const [l, z] = [tf.tensor([-1, -0.5]), tf.tensor([0, 1])]
        expect(() => tf.grad((x: tf.Tensor) => tf.sum(chunked[direction](1)(x, z)))(l)).toThrow(/gradient/)
      })
    })
  })
})

/** p and q so near each other at an outcome that float32 may order them the other way. */
const nearlyTied = (p: ReadonlyArray<number>, q: ReadonlyArray<number>, i: number): boolean =>
  Math.abs(Categorical.logProb(fromLogits(p), i) - Categorical.logProb(fromLogits(q), i)) < 1e-4

describe("over 151,936 tokens, on wasm", () => {
  beforeAll(() => use("wasm"))

  test.each(["forward", "reverse"] as const)("%s KL in chunks is the whole", (direction) => {
    const [N, V] = [3, 151_936]
    const result = tf.tidy(() => {
      const logP = Tensor.Categorical.logSoftmax(tf.randomNormal([N, V], 0, 3, "float32", 1))
      return agrees(direction, logP, tf.randomNormal([N, V], 0, 3, "float32", 2), 2) ? 1 : 0
    })
    expect(result).toBe(1)
  })
})
