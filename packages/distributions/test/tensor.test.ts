import * as tf from "@tensorflow/tfjs"
import * as fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { Categorical, Dual, Float64, Laws, LogSpace, Real, Sampling, Softmax } from "../src/index.ts"
import * as Tensor from "../src/tensor/index.ts"
import { logits, right } from "./arbitraries.ts"
import { engines, use } from "./engines.ts"

/** float32 keeps 24 bits: a few roundings of numbers near 1, and of logits up to 30. */
const float32 = Laws.closeTo(1e-5)
const allClose = (xs: ReadonlyArray<number>, ys: ReadonlyArray<number>): boolean =>
  xs.length === ys.length && xs.every((x, i) => float32.equals(x, ys[i] ?? Number.NaN))

const numbers = (x: tf.Tensor): Array<number> => [...x.dataSync()]
const inTidy = (f: () => boolean): boolean => {
  const before = tf.memory().numTensors
  const result = tf.tidy(() => (f() ? 1 : 0))
  if (tf.memory().numTensors !== before) throw new Error("tensors leaked")
  return result === 1
}
/** The gradient of Σ c_i f(z)_i: an upstream gradient c that is not all ones. */
const gradient = (
  f: (z: tf.Tensor) => tf.Tensor,
  z: tf.Tensor,
  c: ReadonlyArray<number>,
): ReadonlyArray<number> =>
  numbers(
    tf.grad((x: tf.Tensor) => {
      const y = f(x)
      return tf.sum(tf.mul(y, tf.tensor(c.slice(0, y.size), y.shape)))
    })(z),
  )

const upstream = Array.from({ length: 40 }, (_, i) => Math.cos(i) + 0.3)

/** The reference, over dual numbers: Σ_i c_i ln π_i, and H, and their gradients in the logits. */
const R = Dual.Real
const weighted = (zs: ReadonlyArray<Dual.Dual>): Dual.Dual =>
  Real.sum(R)(Softmax.logProbs(R)(zs).map((l, i) => R.mul(R.of(upstream[i] ?? 0), l)))
const dualEntropy = (zs: ReadonlyArray<Dual.Dual>): Dual.Dual =>
  Real.neg(R)(Real.sum(R)(Softmax.logProbs(R)(zs).map((l) => R.mul(R.exp(l), l))))

/** A formula with every operation of the algebra. */
const formula =
  <A>(A: Real.Real<A>) =>
  (x: A, y: A): A =>
    A.add(
      A.mul(A.min(A.exp(x), A.sqrt(y)), A.stopGradient(x)),
      A.div(A.max(x, A.sub(y, A.one)), A.log(A.add(y, A.of(2)))),
    )

describe.each(engines)("on %s", (engine) => {
  beforeAll(() => use(engine))

  const pairs = fc.array(
    fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: 0.1, max: 3, noNaN: true })),
    { minLength: 1, maxLength: 8 },
  )
  test("Real over tensors is Real over doubles, gradients included", () =>
    fc.assert(
      fc.property(pairs, (xys) =>
        inTidy(() => {
          const x = tf.tensor1d(xys.map(([a]) => a))
          const y = tf.tensor1d(xys.map(([, b]) => b))
          const single = xys.map(([a, b]) => [Math.fround(a), Math.fround(b)] as const)
          return (
            allClose(
              numbers(formula(Tensor.Real.Real())(x, y)),
              single.map(([a, b]) => formula(Float64.Real)(a, b)),
            ) &&
            allClose(
              numbers(tf.grad((v: tf.Tensor) => tf.sum(formula(Tensor.Real.Real())(v, y)))(x)),
              single.map(([a, b]) => Dual.derivative((v) => formula(R)(v, R.of(b)))(a)),
            )
          )
        }),
      ),
    ))

  test("logSoftmax: values and gradients", () =>
    fc.assert(
      fc.property(logits(), (zs) =>
        inTidy(() => {
          const z = tf.tensor(zs)
          return (
            allClose(numbers(Tensor.Categorical.logSoftmax(z)), LogSpace.logSoftmax(zs)) &&
            allClose(gradient(Tensor.Categorical.logSoftmax, z, upstream), Dual.gradient(weighted)(zs))
          )
        }),
      ),
    ))

  test("entropy: values and gradients", () =>
    fc.assert(
      fc.property(logits(), (zs) =>
        inTidy(() => {
          const z = tf.tensor(zs)
          const first = upstream[0] ?? 0
          return (
            allClose(numbers(Tensor.Categorical.entropy(z)), [
              Categorical.entropy(right(Categorical.fromLogits(zs))),
            ]) &&
            allClose(
              gradient(Tensor.Categorical.entropy, z, upstream),
              Dual.gradient(dualEntropy)(zs).map((g) => first * g),
            )
          )
        }),
      ),
    ))

  const batch = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 6 }))
    .chain(([b, t, v]) =>
      fc.tuple(
        fc.constant([b, t, v] as const),
        logits(b * t * v, b * t * v),
        fc.array(fc.nat({ max: v - 1 }), { minLength: b * t, maxLength: b * t }),
      ),
    )
  test("batches: gatherLogProbs ∘ logSoftmax is row by row, with the engine's own gradient of the naive form", () =>
    fc.assert(
      fc.property(batch, ([[b, t, v], zs, ids]) =>
        inTidy(() => {
          const z = tf.tensor(zs, [b, t, v])
          const chosen = tf.tensor(ids, [b, t], "int32")
          const gathered = (x: tf.Tensor): tf.Tensor =>
            Tensor.Categorical.gatherLogProbs(Tensor.Categorical.logSoftmax(x), chosen)
          const naive = (x: tf.Tensor): tf.Tensor =>
            tf.sum(tf.mul(tf.oneHot(chosen, v), tf.log(tf.softmax(x))), -1)
          const rows = ids.map((id, i) => LogSpace.logSoftmax(zs.slice(i * v, (i + 1) * v))[id] ?? Number.NaN)
          return (
            gathered(z).shape.join() === [b, t].join() &&
            Tensor.Categorical.entropy(z).shape.join() === [b, t].join() &&
            allClose(numbers(gathered(z)), rows) &&
            allClose(gradient(gathered, z, upstream), gradient(naive, z, upstream))
          )
        }),
      ),
    ))

  test("logits of ±1000 and of −∞ give finite values and gradients", () => {
    tf.tidy(() => {
      const z = tf.tensor2d([
        [1000, 0, -1000],
        [-1000, -1000, -1000],
        [-Infinity, 0, -Infinity],
      ])
      const expected = [0, -1000, -2000, ...Array.from({ length: 3 }, () => -Math.log(3))]
      expect(allClose(numbers(Tensor.Categorical.logSoftmax(z)).slice(0, 6), expected)).toBe(true)
      expect(allClose(numbers(Tensor.Categorical.entropy(z)), [0, Math.log(3), 0])).toBe(true)
      for (const f of [Tensor.Categorical.logSoftmax, Tensor.Categorical.entropy]) {
        expect(numbers(f(z)).every(Number.isFinite)).toBe(true)
        expect(gradient(f, z, upstream).every(Number.isFinite)).toBe(true)
      }
      const excluded = Tensor.Categorical.gatherLogProbs(
        Tensor.Categorical.logSoftmax(z),
        tf.tensor1d([0, 1, 0], "int32"),
      )
      expect(numbers(excluded)[2]).toBe(Math.fround(Tensor.Categorical.logZero))
    })
  })

  test("a thousand-token vocabulary keeps its digits", () =>
    fc.assert(
      fc.property(fc.integer(), (n) =>
        inTidy(() => {
          const zs = Array.from({ length: 1000 }, (_, i) => Math.fround(10 * Math.sin(n + i * i)))
          const z = tf.tensor(zs)
          return (
            allClose(numbers(Tensor.Categorical.logSoftmax(z)), LogSpace.logSoftmax(zs)) &&
            allClose(numbers(Tensor.Categorical.entropy(z)), [
              Categorical.entropy(right(Categorical.fromLogits(zs))),
            ])
          )
        }),
      ),
      { numRuns: 20 },
    ))

  /** The uniform numbers that both twins read alike: away from the edges of the intervals by more than float32 errs. */
  const edge = 1e-4
  const excluding = fc.array(fc.oneof(fc.double({ min: -4, max: 4, noNaN: true }), fc.constant(-Infinity)), {
    minLength: 1,
    maxLength: 8,
  })
  test("sampleInverseCdf draws what Sampling.inverseCdf draws", () =>
    fc.assert(
      fc.property(
        excluding.filter((zs) => zs.some(Number.isFinite)),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 }),
        (zs, us) => {
          const p = right(Categorical.fromLogits(zs))
          const draw = (u: number): number => Sampling.inverseCdf(p, Math.min(1, Math.max(0, u)))
          const rows = us.map(() => zs)
          const ids = tf.tidy(() =>
            numbers(Tensor.Categorical.sampleInverseCdf(tf.tensor2d(rows), tf.tensor1d(us))),
          )
          return us.every((u, b) => {
            const id = ids[b] ?? -1
            const possible = Categorical.logProb(p, id) > -Infinity
            return possible && draw(u - edge) <= id && id <= draw(u + edge)
          })
        },
      ),
    ))
  test("sampleInverseCdf never draws an excluded token, at either end of the uniform numbers", () => {
    const ids = tf.tidy(() => {
      const row = [-Infinity, -Infinity, 0, -Infinity, 1, -Infinity]
      const us = [0, 1e-45, 1e-30, 0.9999999, 1 - 2 ** -24, 1]
      const drawn = Tensor.Categorical.sampleInverseCdf(tf.tensor2d(us.map(() => row)), tf.tensor1d(us))
      expect(drawn.dtype).toBe("int32")
      return numbers(drawn)
    })
    expect(ids).toEqual([2, 2, 2, 4, 4, 4])
  })
})
