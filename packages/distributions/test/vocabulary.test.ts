/** The chunked kernels of large vocabularies: equal to those that do all rows at once, within the memory they promise. */
import * as tf from "@tensorflow/tfjs"
import * as fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { Categorical, Laws, LogSpace, Sampling, Seed } from "../src/index.ts"
import { Categorical as Whole, Vocabulary } from "../src/tensor/index.ts"
import { logits, right } from "./arbitraries.ts"
import { engines, use } from "./engines.ts"

/** float32 keeps 24 bits: a few roundings of numbers near 1, and of logits up to 30. */
const float32 = Laws.closeTo(1e-5)
const numbers = (x: tf.Tensor): Array<number> => [...x.dataSync()]
const allClose = (x: tf.Tensor, y: tf.Tensor): boolean => {
  const ys = numbers(y)
  return x.size === y.size && numbers(x).every((a, i) => float32.equals(a, ys[i] ?? Number.NaN))
}
const inTidy = (f: () => boolean): boolean => {
  const before = tf.memory().numTensors
  const result = tf.tidy(() => (f() ? 1 : 0))
  if (tf.memory().numTensors !== before) throw new Error("tensors leaked")
  return result === 1
}

interface Batch {
  readonly z: ReadonlyArray<number>
  readonly ids: ReadonlyArray<number>
  readonly shape: readonly [number, number, number]
  readonly rows: number
}

/** Logits [B, T, V], V = 1 included, tokens, and a chunk that divides the rows or not. */
const batch: fc.Arbitrary<Batch> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 9 }))
  .chain(([b, t, v]) =>
    fc.record({
      z: logits(b * t * v, b * t * v),
      ids: fc.array(fc.nat({ max: v - 1 }), { minLength: b * t, maxLength: b * t }),
      shape: fc.constant([b, t, v] as const),
      rows: fc.integer({ min: 1, max: 10 }),
    }),
  )

const weights = (shape: ReadonlyArray<number>): tf.Tensor =>
  tf.cos(
    tf
      .range(
        0,
        shape.reduce((a, b) => a * b, 1),
      )
      .reshape([...shape]),
  )

/** Σ a ln π(id) + b H, by chunks and at once, for the gradient of both in the logits. */
const chunked =
  (ids: tf.Tensor, rows: number) =>
  (z: tf.Tensor): tf.Tensor => {
    const { logProbs, entropies } = Vocabulary.score(z, ids, rows)
    return tf.add(
      tf.sum(tf.mul(logProbs, weights(ids.shape))),
      tf.sum(tf.mul(entropies, tf.add(weights(ids.shape), 1))),
    )
  }
const atOnce =
  (ids: tf.Tensor) =>
  (z: tf.Tensor): tf.Tensor => {
    const oneHot = tf.cast(
      tf.equal(tf.expandDims(ids, -1), tf.range(0, z.shape.at(-1) ?? 0, 1, "int32")),
      "float32",
    )
    const chosen = tf.sum(tf.mul(Whole.logSoftmax(z), oneHot), -1)
    return tf.add(
      tf.sum(tf.mul(chosen, weights(ids.shape))),
      tf.sum(tf.mul(Whole.entropy(z), tf.add(weights(ids.shape), 1))),
    )
  }

/** The vocabulary of Qwen2.5. */
const vocabulary = 151_936
/** 1.5e5 float32 probabilities are added in two stages, of at most 1,187: roundings of √1187 · 6e-8, and of logits up to 20. */
const wide = Laws.closeTo(1e-5)
const row = (n: number): Float32Array =>
  Float32Array.from({ length: vocabulary }, (_, i) => 6 * Math.sin(i * i + n) + (i % 977 === n ? 8 : 0))

/** Results, offsets and the like: fewer than 50 numbers a row. */
const perRow = 50 * 4

/**
 * The most bytes of buffers that live at once while f runs, beyond those before it. `tf.memory` counts a reshaped or cloned
 * tensor again, though it shares its buffer; the engine's table of buffers is what is counted here.
 */
const peakBytes = (f: () => tf.Tensor): number => {
  const { state } = tf.engine()
  const table = state.tensorInfo
  type Table = typeof table
  let live = 0
  let peak = 0
  const counting: Pick<Table, "get" | "has" | "set" | "delete"> = {
    get: (id) => table.get(id),
    has: (id) => table.has(id),
    set: (id, info) => {
      live += info.bytes
      peak = Math.max(peak, live)
      table.set(id, info)
      return counting as Table
    },
    delete: (id) => {
      live -= table.get(id)?.bytes ?? 0
      return table.delete(id)
    },
  }
  state.tensorInfo = counting as Table
  try {
    tf.dispose(tf.tidy(f))
    return live === 0 ? peak : Number.NaN
  } finally {
    state.tensorInfo = table
  }
}

describe.each(engines)("on %s", (engine) => {
  beforeAll(() => use(engine))

  test("score is log-softmax, gather and entropy, whatever the chunks", () =>
    fc.assert(
      fc.property(batch, ({ z, ids, shape, rows }) =>
        inTidy(() => {
          const x = tf.tensor([...z], [...shape])
          const chosen = tf.tensor([...ids], [shape[0], shape[1]], "int32")
          const { logProbs, entropies } = Vocabulary.score(x, chosen, rows)
          const reference = ids.map((id, r) => {
            const p = right(Categorical.fromLogits(z.slice(r * shape[2], (r + 1) * shape[2])))
            return [Categorical.logProb(p, id), Categorical.entropy(p)] as const
          })
          return (
            allClose(logProbs, tf.tensor(reference.map(([l]) => l))) &&
            allClose(entropies, tf.tensor(reference.map(([, h]) => h))) &&
            allClose(Vocabulary.logProbs(x, chosen, rows), logProbs) &&
            allClose(Vocabulary.entropies(x, rows), entropies) &&
            logProbs.shape.join() === chosen.shape.join()
          )
        }),
      ),
    ))
  test("its gradient is that of the kernels that do all rows at once", () =>
    fc.assert(
      fc.property(batch, ({ z, ids, shape, rows }) =>
        inTidy(() => {
          const x = tf.tensor([...z], [...shape])
          const chosen = tf.tensor([...ids], [shape[0], shape[1]], "int32")
          return allClose(tf.grad(chunked(chosen, rows))(x), tf.grad(atOnce(chosen))(x))
        }),
      ),
    ))
  test("excluded tokens: finite values and gradients", () =>
    expect(
      inTidy(() => {
        const x = tf.tensor2d([
          [-Infinity, 1000, 0],
          [-Infinity, 0, -Infinity],
        ])
        const ids = tf.tensor1d([1, 1], "int32")
        const { logProbs, entropies } = Vocabulary.score(x, ids, 1)
        return [logProbs, entropies, tf.grad(chunked(ids, 1))(x)].every((y) =>
          numbers(y).every((v) => Number.isFinite(v)),
        )
      }),
    ).toBe(true))

  /** Away from the edges of the intervals by more than float32 errs. */
  const edge = 1e-4
  test("[D7] draws are those of the inverse cdf, and never excluded", () =>
    fc.assert(
      fc.property(
        fc
          .array(fc.oneof(fc.double({ min: -4, max: 4, noNaN: true }), fc.constant(-Infinity)), {
            minLength: 1,
            maxLength: 20,
          })
          .filter((zs) => zs.some(Number.isFinite)),
        fc.array(
          fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1, 1e-45, 1 - 2 ** -24)),
          {
            minLength: 1,
            maxLength: 6,
          },
        ),
        fc.integer({ min: 1, max: 7 }),
        (zs, us, rows) =>
          inTidy(() => {
            const p = right(Categorical.fromLogits(zs))
            const at = (u: number): number => Sampling.inverseCdf(p, Math.min(1, Math.max(0, u)))
            const drawn = Vocabulary.sample(tf.tensor2d(us.map(() => zs)), tf.tensor1d(us), rows)
            return (
              drawn.dtype === "int32" &&
              numbers(drawn).every(
                (id, b) =>
                  Categorical.logProb(p, id) > -Infinity &&
                  at((us[b] ?? 0) - edge) <= id &&
                  id <= at((us[b] ?? 0) + edge),
              )
            )
          }),
      ),
    ))

  test(`${vocabulary} tokens keep their digits`, () => {
    inTidy(() => {
      const rows = [0, 1, 2].map(row)
      const z = tf.stack(rows.map((r) => tf.tensor1d(r)))
      const ids = [1_954, 977 * 3 + 1, 151_935]
      const { logProbs, entropies } = Vocabulary.score(z, tf.tensor1d(ids, "int32"), 2)
      const [ls, hs] = [numbers(logProbs), numbers(entropies)]
      rows.forEach((r, i) => {
        const logProbsOf = LogSpace.logSoftmax([...r])
        const h = LogSpace.sum(logProbsOf.map((l) => -l * Math.exp(l)))
        expect([ls[i], logProbsOf[ids[i] ?? 0]]).toSatisfy(([a, b]) => wide.equals(a, b))
        expect([hs[i], h]).toSatisfy(([a, b]) => wide.equals(a, b))
      })
      return true
    })
  })
  test(`draws from ${vocabulary} tokens are those of doubles, even in the tail`, () => {
    const p = right(Categorical.fromLogits([...row(0)]))
    const { uniform } = Seed.generator(Seed.fromInteger(4))
    const us = Array.from({ length: 8 }, () => Math.fround(uniform()))
    const ids = tf.tidy(() =>
      numbers(
        Vocabulary.sample(tf.stack(us.map(() => tf.tensor1d(row(0)))) as tf.Tensor2D, tf.tensor1d(us), 3),
      ),
    )
    const cdf = Categorical.cumulative(p)
    // In terms of the cumulative distribution: 2e-6 is what a softmax and some hundreds of float32 additions err by.
    ids.forEach((id, i) => {
      expect(cdf[id] ?? 0).toBeGreaterThan((us[i] ?? 0) - 2e-6)
      expect(cdf[id - 1] ?? 0).toBeLessThan((us[i] ?? 0) + 2e-6)
    })
  })

  test("memory: besides the input no more than the chunks that workingCopies says", () => {
    const [n, v] = [24, 4_096]
    const whole = n * v * 4
    // What is saved for a gradient shares the input's buffer, except on wasm, whose clones are copies.
    const kept = engine === "wasm" ? whole : 0
    const z = tf.randomNormal([n, v], 0, 3, "float32", 1)
    const ids = tf.zeros([n], "int32")
    const us = tf.fill([n], 0.5) as tf.Tensor1D
    for (const rows of [2, 4, 8]) {
      const chunk = rows * v * 4
      const { score, sample, gradient } = Vocabulary.workingCopies
      expect(peakBytes(() => Vocabulary.score(z, ids, rows).logProbs)).toBeLessThanOrEqual(
        score * chunk + perRow * n,
      )
      expect(peakBytes(() => Vocabulary.sample(z as tf.Tensor2D, us, rows))).toBeLessThanOrEqual(
        sample * chunk + perRow * n,
      )
      // The chunks of the gradient so far and the work on the next; then all of them, and what they are joined to.
      expect(peakBytes(() => tf.grad(chunked(ids, rows))(z))).toBeLessThanOrEqual(
        Math.max(2 * whole, whole - chunk + gradient * chunk) + kept + perRow * n,
      )
    }
    // The kernels that do all rows at once hold several times the input, so the accounting does see what is held.
    const atOncePeak = peakBytes(() =>
      tf.add(Whole.entropy(z), Whole.gatherLogProbs(Whole.logSoftmax(z), ids)),
    )
    expect(atOncePeak).toBeGreaterThan(4 * whole)
    tf.dispose([z, ids, us])
  })
})
