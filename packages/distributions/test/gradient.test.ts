import * as tf from "@tensorflow/tfjs"
import * as fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { Gradient } from "../src/tensor/index.ts"
import { engines, use } from "./engines.ts"

/** x·y and how often each of its pullbacks has run. */
const counted = (): {
  readonly product: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor
  readonly runs: { x: number; y: number }
} => {
  const runs = { x: 0, y: 0 }
  const product = Gradient.withPullbackEach(
    (x: tf.Tensor, y: tf.Tensor) => ({ value: tf.mul(x, y), saved: [x, y] as const }),
    [
      (dy, [, y]) => {
        runs.x++
        return tf.mul(dy, y)
      },
      (dy, [x]) => {
        runs.y++
        return tf.mul(dy, x)
      },
    ],
  )
  return { product, runs }
}

/** Small whole numbers, whose products float32 holds exactly. */
const wholeNumbers = fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1, maxLength: 5 })

describe.each(engines)("withPullbackEach on %s", (engine) => {
  beforeAll(() => use(engine))

  test("has the gradient of withPullbacks, and leaves no tensor behind", () => {
    fc.assert(
      fc.property(wholeNumbers, wholeNumbers, (xs, ys) => {
        const before = tf.memory().numTensors
        const same = tf.tidy(() => {
          const [x, y] = [tf.tensor1d(xs), tf.tensor1d(xs.map((_, i) => ys[i] ?? 1))]
          const each = tf.grads((a, b) => tf.sum(tf.square(counted().product(a, b))))([x, y])
          const direct = tf.grads((a, b) => tf.sum(tf.square(tf.mul(a, b))))([x, y])
          return each.every((g, i) => g.dataSync().join() === direct[i]?.dataSync().join()) ? 1 : 0
        })
        return same === 1 && tf.memory().numTensors === before
      }),
    )
  })

  test("runs the pullback of an input only where its gradient is asked for", () => {
    const { product, runs } = counted()
    tf.tidy(() => {
      const frozen = tf.tensor1d([2, 3])
      expect([
        ...tf
          .grad((x) => tf.sum(product(x, frozen)))(tf.tensor1d([5, 7]))
          .dataSync(),
      ]).toEqual([2, 3])
      expect(runs).toEqual({ x: 1, y: 0 })
      tf.grad((x) => tf.sum(product(frozen, tf.square(x))))(tf.tensor1d([5, 7]))
      expect(runs).toEqual({ x: 1, y: 1 })
      product(frozen, frozen)
      expect(runs).toEqual({ x: 1, y: 1 })
    })
  })
})
