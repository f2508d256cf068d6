import { Categorical, Dual, Laws as DistributionLaws, LogSpace } from "@rapo/distributions"
import * as Tensor from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs"
import * as fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { Estimator, KL, Laws } from "../src/index.ts"
import { KL as TensorKL } from "../src/tensor/index.ts"
import { logitPair, right } from "./arbitraries.ts"
import { engines, use } from "./engines.ts"

/** float32 keeps 24 bits: a few roundings of log-probabilities up to 30. */
const float32 = DistributionLaws.closeTo(1e-5)
const allClose = (xs: ReadonlyArray<number>, ys: ReadonlyArray<number>): boolean =>
  xs.length === ys.length && xs.every((x, i) => float32.equals(x, ys[i] ?? Number.NaN))
const numbers = (x: tf.Tensor): Array<number> => [...x.dataSync()]
const inTidy = (f: () => boolean): boolean => {
  const before = tf.memory().numTensors
  const result = tf.tidy(() => (f() ? 1 : 0))
  if (tf.memory().numTensors !== before) throw new Error("tensors leaked")
  return result === 1
}

type Kernel = (referenceLogProbs: tf.Tensor, policyLogits: tf.Tensor) => tf.Tensor

/** The definitions, left to the engine's own differentiation. */
const naive: Readonly<Record<"forward" | "reverse", Kernel>> = {
  forward: (l, z) => tf.sum(tf.mul(tf.exp(l), tf.sub(l, tf.log(tf.softmax(z)))), -1),
  reverse: (l, z) => tf.sum(tf.mul(tf.softmax(z), tf.sub(tf.log(tf.softmax(z)), l)), -1),
}
const kernels: Readonly<Record<"forward" | "reverse", Kernel>> = {
  forward: TensorKL.forwardKL,
  reverse: TensorKL.reverseKL,
}
const directions = ["forward", "reverse"] as const
const constants = { forward: KL.forward, reverse: KL.reverse } as const

/** Σ_b c_b KL_b, so that the upstream gradient is not all ones. */
const total =
  (kernel: Kernel, l: tf.Tensor) =>
  (z: tf.Tensor): tf.Tensor => {
    const values = kernel(l, z)
    return tf.sum(tf.mul(values, tf.cos(tf.range(1, values.size + 1)).reshape(values.shape)))
  }

describe.each(engines)("on %s", (engine) => {
  beforeAll(() => use(engine))

  describe.each(directions)("%s KL", (direction) => {
    const kernel = kernels[direction]

    test("equals the float64 reference, and its gradient the dual numbers'", () =>
      fc.assert(
        fc.property(logitPair, ([p, pi]) =>
          inTidy(() => {
            const l = tf.tensor(LogSpace.logSoftmax(p).slice())
            const z = tf.tensor(pi)
            const gradient = tf.grad((x: tf.Tensor) => tf.sum(kernel(l, x)))(z)
            const exact = constants[direction](
              right(Categorical.fromLogits(p)),
              right(Categorical.fromLogits(pi)),
            )
            return (
              allClose(numbers(kernel(l, z)), [right(exact)]) &&
              allClose(numbers(gradient), Laws.gradientOf(direction)(p, pi))
            )
          }),
        ),
      ))

    test("equals the naive composition on batches, gradients included", () =>
      fc.assert(
        fc.property(
          fc.array(fc.double({ min: -6, max: 6, noNaN: true }), { minLength: 48, maxLength: 48 }),
          (xs) =>
            inTidy(() => {
              const l = Tensor.Categorical.logSoftmax(tf.tensor(xs.slice(0, 24), [2, 3, 4]))
              const z = tf.tensor(xs.slice(24), [2, 3, 4])
              return (
                kernel(l, z).shape.join() === "2,3" &&
                allClose(numbers(kernel(l, z)), numbers(naive[direction](l, z))) &&
                allClose(
                  numbers(tf.grad(total(kernel, l))(z)),
                  numbers(tf.grad(total(naive[direction], l))(z)),
                )
              )
            }),
        ),
      ))

    test("logits of ±1000, and tokens that both exclude", () => {
      tf.tidy(() => {
        const p = [
          [1000, -1000, 0],
          [-Infinity, 0, 0],
          [-1000, -1000, -1000],
        ]
        const pi = [
          [-1000, 1000, 0],
          [-Infinity, 0, Math.log(3)],
          [1000, 1000, 1000],
        ]
        const l = Tensor.Categorical.logSoftmax(tf.tensor2d(p))
        const z = tf.tensor2d(pi)
        const exact = p.map((row, i) =>
          right(
            constants[direction](
              right(Categorical.fromLogits(row)),
              right(Categorical.fromLogits(pi[i] ?? [])),
            ),
          ),
        )
        expect(allClose(numbers(kernel(l, z)), exact)).toBe(true)
        expect(numbers(tf.grad(total(kernel, l))(z)).every(Number.isFinite)).toBe(true)
      })
    })

    test("the reference is a constant", () => {
      tf.tidy(() => {
        const [l, z] = [tf.tensor([-1, -0.5]), tf.tensor([0, 1])]
        expect(() => tf.grad((x: tf.Tensor) => tf.sum(kernel(x, z)))(l)).toThrow(/gradient/)
      })
    })
  })

  test("the estimators over tensors are the estimators over doubles and dual numbers", () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(Estimator.losses) as Array<Estimator.EstimatorName>)),
        fc.array(fc.double({ min: -4, max: 4, noNaN: true }).map(Math.fround), {
          minLength: 1,
          maxLength: 6,
        }),
        (name, logRatios) =>
          inTidy(() => {
            const loss = <A>(R: Parameters<typeof Estimator.k1<A>>[0], l: A): A =>
              Estimator.losses[name](R)(R.mul(R.of(0.5), l), Estimator.clampLogRatio(3)(R)(l))
            const x = tf.tensor1d(logRatios)
            return (
              allClose(
                numbers(tf.grad((l: tf.Tensor) => tf.sum(loss(Tensor.Real.Real(), l)))(x)),
                logRatios.map(Dual.derivative((l) => loss(Dual.Real, l))),
              ) &&
              allClose(
                numbers(loss(Tensor.Real.Real(), x)),
                logRatios.map((l) => loss(Dual.Real, Dual.constant(l)).value),
              )
            )
          }),
      ),
    ))
})
